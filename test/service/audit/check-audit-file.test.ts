import { execFileSync } from 'node:child_process'
import { existsSync, statSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { checkAuditFile } from '../../../src/service/audit/check-audit-file.js'
import { testDirectory } from '../../support/test-directory.js'

t.test('makes a file that only its owner may read, and takes a device', async (t) => {
  const path = join(testDirectory(t), 'audit.log')
  checkAuditFile(path)
  t.ok(existsSync(path))
  t.equal(statSync(path).mode & 0o777, 0o600)
  t.doesNotThrow(() => checkAuditFile('/dev/null'))
})

t.test('names AUDIT_FILE, the cause and the way out of a path that cannot be used', async (t) => {
  const dir = testDirectory(t, { file: '' })
  const fifo = join(dir, 'fifo')
  execFileSync('mkfifo', [fifo])
  const cases: [string, RegExp][] = [
    [fifo, /^AUDIT_FILE must be a file, and .*fifo is a FIFO$/],
    [join(dir, 'none', 'audit.log'), /\(ENOENT\): make its directory, or set AUDIT_FILE to/],
    [join(dir, 'file', 'audit.log'), /\(ENOTDIR\): a part of its path is a file; set AUDIT_FILE/],
    [dir, /\(EISDIR\): it is a directory; set AUDIT_FILE to a file$/],
    // closed to root too
    ['/proc/sys/kernel/version', /\(E(ACCES|ROFS)\): let this user read and write it, or set/],
  ]
  for (const [path, message] of cases) {
    t.throws(() => checkAuditFile(path), { name: 'AuditFileError', message }, path)
  }
})
