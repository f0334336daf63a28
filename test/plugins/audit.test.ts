import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { startSandboxService } from '../support/service.js'
import { testDirectory } from '../support/test-directory.js'

const intent = (id: number) =>
  JSON.stringify({ audit: true, id: String(id), phase: 'intent', command: 'stop-logging' })

t.test('logs the last 100 writes that were left open, and the number of all', async (t) => {
  const audit = Array.from({ length: 103 }, (_, id) => `${intent(id)}\n`).join('')
  const AUDIT_FILE = join(testDirectory(t, { audit }), 'audit')
  const { log } = await startSandboxService(t, { AUDIT_FILE })
  const shown = log.filter(({ msg }) => String(msg).includes('an earlier process exited'))
  t.same(
    shown.map((line) => line.intent.id as string),
    Array.from({ length: 100 }, (_, index) => String(index + 3)),
  )
  t.match(
    log.filter(({ msg }) => msg === 'writes whose outcome no process recorded'),
    [{ level: 40, count: 103 }],
  )
})

t.test('logs that the audit file ended in a fragment', async (t) => {
  const AUDIT_FILE = join(testDirectory(t, { audit: '{"audit":tr' }), 'audit')
  const service = await startSandboxService(t, { AUDIT_FILE })
  await service.run('stop-logging', { trailNames: ['data-events'] })
  await service.audited()
  t.match(
    service.log.filter(({ msg }) => String(msg).includes('ended in a fragment')),
    [{ level: 40 }],
  )
  const [fragment, ...entries] = readFileSync(AUDIT_FILE, 'utf8').trimEnd().split('\n')
  t.equal(fragment, '{"audit":tr')
  t.match(
    entries.map((line) => JSON.parse(line) as object),
    [{ phase: 'intent' }, { phase: 'outcome' }],
  )
})
