import t from 'tap'
import { startProcess } from '../../support/process.js'
import { waitFor } from '../../support/wait-for.js'

/** Commands that write more to standard output than a pipe and its reader take. */
const COMMANDS = 600

t.test(
  'a reader of standard output that stops reading delays nothing but writes, which are refused until it reads again',
  async (t) => {
    const started = startProcess(t, {
      SANDBOX: 'true',
      SANDBOX_PORT: '0',
      SANDBOX_QUOTAS: 'false',
      PORT: '0',
      QUOTA_READ_TPS: '1000',
      QUOTA_WRITE_TPS: '1000',
    })
    const url = /(http:[^"]+)/.exec(await started.line(/Server listening/))![1]!
    const { child } = started
    const run = async (command: string, body = '{}') => {
      const response = await fetch(`${url}/commands/${command}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body,
        signal: AbortSignal.timeout(10_000),
      })
      const { errors } = (await response.json()) as { errors: { code: string }[] }
      return { status: response.status, code: errors[0]?.code }
    }
    const stop = () => run('stop-logging', '{"trailNames": ["data-events"]}')
    const metric = async (name: string) => {
      const text = await (await fetch(`${url}/metrics`)).text()
      return Number(new RegExp(`^${name} (.*)$`, 'm').exec(text)?.[1])
    }
    t.equal((await stop()).status, 200)

    child.stdout!.pause()
    const statuses = new Set<number>()
    for (let sent = 0; sent < COMMANDS; sent += 20) {
      const lane = () => run('list-trails')
      for (const { status } of await Promise.all(Array.from({ length: 20 }, lane))) {
        statuses.add(status)
      }
    }
    t.same([...statuses], [200], 'reads go on')
    t.same(await stop(), { status: 503, code: 'AuditUnavailable' })
    t.same(await stop(), { status: 503, code: 'AuditUnavailable' })
    t.equal((await fetch(`${url}/livez`)).status, 200)
    const dryRun = '{"trailNames": ["data-events"], "dryRun": true}'
    t.equal((await run('stop-logging', dryRun)).status, 200, 'a dry run writes nothing')
    t.ok((await metric('cloudtrail_audit_entries_waiting')) > 0)

    child.stdout!.resume()
    await waitFor('writes are run again', async () => (await stop()).status === 200)
    t.equal(await metric('cloudtrail_audit_entries_dropped_total'), 0)
    child.kill('SIGTERM')
  },
)
