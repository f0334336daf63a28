import FakeTimers from '@sinonjs/fake-timers'
import { stat } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { AuditLog } from '../../../src/service/audit/audit-log.js'
import { waitFor } from '../../support/wait-for.js'

/** A logger that keeps the messages. */
const logTo = (log: string[]) => ({
  info: (...args: unknown[]) => void log.push(args.at(-1) as string),
  error: (...args: unknown[]) => void log.push(args.at(-1) as string),
})

/** An audit log whose sink can be broken, and fixed. */
function breakable() {
  const written: Record<string, unknown>[] = []
  const sink = {
    broken: false,
    write: async (lines: string) => {
      if (sink.broken) throw new Error('the disk is full')
      for (const line of lines.trimEnd().split('\n')) {
        written.push(JSON.parse(line) as Record<string, unknown>)
      }
    },
  }
  const log: string[] = []
  return { sink, written, log, audit: new AuditLog(sink, logTo(log)) }
}

/** An audit log whose sink takes no more until it is released, as a pipe that nobody reads. */
function stuckSink() {
  const log: string[] = []
  const written: Record<string, unknown>[] = []
  let release: () => void = () => undefined
  const released = new Promise<void>((resolve) => (release = resolve))
  const write = async (lines: string) => {
    await released
    for (const line of lines.trimEnd().split('\n')) {
      written.push(JSON.parse(line) as Record<string, unknown>)
    }
  }
  return { written, release, log, audit: new AuditLog({ write }, logTo(log)) }
}

t.test('keeps entries while they cannot be written, and writes them first', async (t) => {
  const { sink, written, audit, log } = breakable()
  sink.broken = true
  audit.write({ command: 'stop-logging' }, 'write')
  await t.rejects(audit.flushed(), { name: 'AuditUnavailableError', message: /disk is full/ })
  t.match(audit.state(), { ready: false, detail: /disk is full/, waiting: 1 })
  sink.broken = false
  await audit.flushed()
  audit.write({ command: 'start-logging' }, 'write')
  await audit.flushed()
  t.match(audit.state(), { ready: true, waiting: 0 })
  t.same(log, ['the audit log cannot be written', 'the audit log is written again'])
  t.match(written, [{ command: 'stop-logging' }, { command: 'start-logging' }])
})

t.test('writes by itself what a failing sink refused, once it works again', async (t) => {
  const { sink, written, audit } = breakable()
  sink.broken = true
  audit.write({ command: 'list-trails' }, 'read')
  await t.rejects(audit.flushed())
  sink.broken = false
  t.teardown(() => clearInterval(alive))
  // the timer of the audit log keeps no process alive
  const alive = setInterval(() => undefined, 1_000)
  await waitFor('the entry is written', () => written.length === 1)
})

t.test('waits two seconds for a stuck sink, and then no more', async (t) => {
  const { audit, release, written } = stuckSink()
  audit.write({ command: 'list-trails' }, 'read')
  await t.rejects(audit.flushed(), { name: 'AuditUnavailableError', message: /2 seconds/ })
  t.match(audit.state(), { ready: false, waiting: 1 })
  const refused = audit.flushed()
  const first = await Promise.race([refused.catch(() => 'refused'), Promise.resolve('waits')])
  t.equal(first, 'waits')
  await t.rejects(refused, 'a second wait ends at once')
  release()
  await audit.flushed().catch(() => undefined)
  await waitFor('it is written', () => written.length === 1)
  t.match(audit.state(), { ready: true })
})

t.test(
  'a sink is not stuck because the event loop was busy for longer than two seconds',
  async (t) => {
    const write = async (_lines: string, _isDurable: boolean, onStep: () => void) => {
      await stat('.')
      onStep()
      await stat('.')
    }
    const audit = new AuditLog({ write }, logTo([]))
    // the code after a sleep runs in the phase of timers, before that of file operations
    await sleep(1)
    const clock = FakeTimers.install({ toFake: ['setTimeout', 'clearTimeout'] })
    t.teardown(() => clock.uninstall())
    audit.write({ command: 'stop-logging' }, 'write')
    const flushed = audit.flushed()
    // the first step ends while the loop is busy
    for (const until = performance.now() + 200; performance.now() < until;);
    clock.tick(2_500)
    await flushed
    t.match(audit.state(), { ready: true, waiting: 0 })
  },
)

t.test('ends the wait for a stuck sink when the command ends', async (t) => {
  const { audit, release } = stuckSink()
  audit.write({ command: 'stop-logging' }, 'write')
  const ended = new AbortController()
  const waiting = audit.flushed(ended.signal)
  ended.abort(new Error('the deadline passed'))
  await t.rejects(waiting, { message: 'the deadline passed' })
  release()
})

t.test('drops refusals before reads, never writes, and writes the number of both', async (t) => {
  const { audit, release, written, log } = stuckSink()
  const text = 'x'.repeat(1024 * 1024)
  for (let index = 0; index < 20; index += 1) audit.write({ refusal: index, text }, 'refusal')
  for (let index = 0; index < 20; index += 1) audit.write({ read: index, text }, 'read')
  audit.write({ command: 'delete-trails' }, 'write')
  t.match(audit.state(), { waiting: 7 + 8 + 1, dropped: 13 + 12 })
  t.same(log, ['audit entries are dropped: too many wait to be written'])
  release()
  await audit.flushed()
  t.equal(written.filter((entry) => 'refusal' in entry).length, 7)
  t.match(written.at(-2), { command: 'delete-trails' })
  t.match(written.at(-1), { dropped: 25 })
})
