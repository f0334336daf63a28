import t from 'tap'
import { AuditLog } from '../../../src/service/audit/audit-log.js'

/** An audit log whose sink can be broken and mended. */
function breakable() {
  const written: Record<string, unknown>[] = []
  const sink = {
    broken: false,
    write(line: string) {
      if (sink.broken) throw new Error('the disk is full')
      written.push(JSON.parse(line) as Record<string, unknown>)
    },
    check: () => undefined,
  }
  return { sink, written, audit: new AuditLog(sink) }
}

t.test('reports a fault while an entry is pending, and writes that entry first', async (t) => {
  const { sink, written, audit } = breakable()
  sink.broken = true
  t.match(audit.write({ command: 'stop-logging' }), /disk is full/)
  t.match(audit.fault(), /disk is full/)
  sink.broken = false
  t.equal(audit.fault(), undefined)
  audit.write({ command: 'start-logging' })
  t.match(written, [{ command: 'stop-logging' }, { command: 'start-logging' }])
})

t.test('drops entries of refusals before entries of writes', async (t) => {
  const { sink, written, audit } = breakable()
  sink.broken = true
  audit.write({ command: 'stop-logging' })
  for (let index = 0; index < 10_050; index += 1) audit.write({ index }, true)
  audit.write({ command: 'delete-trails' })
  sink.broken = false
  t.equal(audit.fault(), undefined)
  t.equal(written.length, 10_000)
  t.match(written[0], { command: 'stop-logging' })
  t.match(written.at(-1), { command: 'delete-trails' })
  t.equal(written.at(-2)?.index, 10_049, 'of refusals the newest are kept')
})
