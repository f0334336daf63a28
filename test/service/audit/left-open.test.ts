import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { intentsLeftOpen } from '../../../src/service/audit/left-open.js'
import { startSandboxService } from '../../support/service.js'
import { testDirectory } from '../../support/test-directory.js'

const intent = (id: string) =>
  JSON.stringify({ audit: true, id, phase: 'intent', command: 'stop-logging' })
const outcome = (id: string) => JSON.stringify({ audit: true, id, phase: 'outcome' })

t.test('finds intents without an outcome, past fragments and entries of reads', async (t) => {
  const path = join(testDirectory(t), 'audit')
  const lines = [intent('a'), '{"command":"list-trails"}', intent('b'), '{"phase":"int']
  writeFileSync(path, [...lines, outcome('a'), ''].join('\n'))
  t.match(intentsLeftOpen(path), [{ id: 'b', command: 'stop-logging' }])
  t.same(intentsLeftOpen('/dev/zero'), [], 'a device has no entries')
})

t.test('reads no more than the last 16 MiB', async (t) => {
  const path = join(testDirectory(t), 'audit')
  const padding = `${'x'.repeat(1023)}\n`.repeat(16 * 1024)
  writeFileSync(path, `${intent('old')}\n${padding}${intent('new')}\n`)
  t.match(
    intentsLeftOpen(path).map(({ id }) => id),
    ['new'],
  )
})

t.test('the start logs the writes that an earlier process left open', async (t) => {
  const AUDIT_FILE = join(testDirectory(t, { audit: `${intent('a')}\n` }), 'audit')
  const { log } = await startSandboxService(t, { AUDIT_FILE })
  t.match(
    log.filter(({ msg }) => String(msg).includes('an earlier process exited')),
    [{ level: 40, intent: { id: 'a', command: 'stop-logging' } }],
  )
})
