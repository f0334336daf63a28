import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { open } from 'node:fs/promises'
import t from 'tap'
import { auditFile } from '../../../src/service/audit/audit-file.js'
import { testDirectory } from '../../support/test-directory.js'

const MODULE = new URL('../../../src/service/audit/audit-file.js', import.meta.url).href

/** A test that looks at what is written does not watch the steps. */
const ignore = () => undefined

t.test('a disk that is full in the middle of an entry leaves whole entries only', async (t) => {
  const path = `${testDirectory(t)}/audit.ndjson`
  // a limit of the file's size ends a write in its middle, as a full disk does
  const script = `
    import { auditFile } from '${MODULE}'
    process.on('SIGXFSZ', () => undefined)
    const sink = auditFile(${JSON.stringify(path)}, () => undefined)
    let failed = 0
    for (let entry = 0; entry < 10; entry += 1) {
      try { await sink.write(JSON.stringify({ entry, text: 'x'.repeat(700) }) + '\\n', true, () => undefined) } catch { failed += 1 }
    }
    console.log(failed)`
  const main = `${testDirectory(t, { 'main.mjs': script })}/main.mjs`
  const failed = execFileSync('sh', ['-c', `ulimit -f 8; exec "$0" "$1"`, process.execPath, main], {
    encoding: 'utf8',
    // the limit would cut a file of coverage too
    env: { PATH: process.env.PATH, NODE_V8_COVERAGE: '' },
  })
  t.ok(Number(failed) > 0, 'entries did not fit')
  const lines = readFileSync(path, 'utf8').split('\n')
  t.equal(lines.pop(), '', 'the file ends with a whole entry')
  t.equal(lines.length, 10 - Number(failed))
  t.same(
    lines.map((line) => (JSON.parse(line) as { entry: number }).entry),
    lines.map((_, index) => index),
  )
})

t.test('takes back an entry that could not be brought to the disk', async (t) => {
  const path = `${testDirectory(t)}/audit.ndjson`
  const sink = auditFile(path, () => undefined)
  await sink.write('{"entry":1}\n', true, ignore)
  const file = await open(path)
  const FileHandle = Object.getPrototypeOf(file) as typeof file
  await file.close()
  const broken = t.intercept(FileHandle, 'datasync', {
    configurable: true,
    writable: true,
    value: () => Promise.reject(new Error('EIO')),
  })
  await t.rejects(sink.write('{"entry":2}\n', true, ignore), { message: 'EIO' })
  t.equal(readFileSync(path, 'utf8'), '{"entry":1}\n')
  broken.restore()
  await sink.write('{"entry":2}\n', true, ignore)
  t.equal(readFileSync(path, 'utf8'), '{"entry":1}\n{"entry":2}\n')
})

t.test('after a fragment that a crash left, the next entry starts on a new line', async (t) => {
  const path = `${testDirectory(t)}/audit.ndjson`
  writeFileSync(path, '{"entry":1}\n{"entry":2,"te')
  let fragments = 0
  const sink = auditFile(path, () => (fragments += 1))
  await sink.write('{"entry":3}\n', true, ignore)
  await sink.write('{"entry":4}\n', false, ignore)
  t.equal(readFileSync(path, 'utf8'), '{"entry":1}\n{"entry":2,"te\n{"entry":3}\n{"entry":4}\n')
  t.equal(fragments, 1, 'the fragment is reported')
})

t.test('refuses an entry that does not fit on a full device', async (t) => {
  const full = auditFile('/dev/full', () => undefined)
  await t.rejects(full.write('{}\n', true, ignore), { code: 'ENOSPC' })
})
