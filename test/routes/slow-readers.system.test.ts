import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { request, type IncomingMessage } from 'node:http'
import { setTimeout as delay } from 'node:timers/promises'
import t from 'tap'
import { History } from '../support/history.js'
import { startHistoryEndpoint } from '../support/history-endpoint.js'
import { startProcess } from '../support/process.js'
import { ACCESS_KEY } from '../support/service.js'

const CLIENTS = 60
const NOW = Math.floor(Date.now() / 1000)

/** The resident memory of a process, in MB. */
function residentOf(pid: number | undefined): number {
  const kilobytes = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
  return Number(kilobytes) / 1024
}

t.test('60 clients that never read their streams hold less than 200 MB', async (t) => {
  const text = 'x'.repeat(2_500)
  const seconds = Array.from({ length: 100_000 }, (_, index) => NOW - 100 - index)
  const history = new History(seconds, () => ({ CloudTrailEvent: JSON.stringify({ text }) }))
  const endpoint = await startHistoryEndpoint(t, history)
  // a small heap, so that what is resident is held, and not garbage that waits for a collection
  const service = startProcess(
    t,
    {
      AUTH: 'none',
      PORT: '0',
      QUOTA_LOOKUP_TPS: '1000',
      CLOUDTRAIL_SERVER_URL: endpoint.url,
      ENDPOINT_ALLOWLIST: endpoint.url,
      CLOUDTRAIL_ACCESS_KEY: ACCESS_KEY,
      CLOUDTRAIL_ACCESS_SECRET: 'not-a-secret',
      // counting what runs takes memory, and checking every response most of the time
      NODE_V8_COVERAGE: '',
      NODE_OPTIONS: '',
    },
    ['--max-old-space-size=128'],
  )
  const line = await service.line(/Server listening/)
  const url = /http:\/\/[\d.]+:\d+/.exec(line)?.[0] ?? ''
  const before = residentOf(service.child.pid)
  const open = async (at: number) => {
    const client = request(`${url}/commands/lookup-events`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/x-ndjson' },
    })
    client.on('error', () => undefined)
    // searches of their own: equal ones share their pages
    const endTime = new Date((NOW - at) * 1000).toISOString()
    const startTime = new Date((NOW - 90_000) * 1000).toISOString()
    client.end(JSON.stringify({ startTime, endTime, limit: 10_000 }))
    const [response] = (await once(client, 'response')) as [IncomingMessage]
    t.teardown(() => client.destroy())
    return response.pause()
  }
  await Promise.all(Array.from({ length: CLIENTS }, (_, at) => open(at)))
  // the look-ahead is full when no more pages are asked for
  let arrivals = -1
  while (arrivals !== endpoint.arrivals.length) {
    arrivals = endpoint.arrivals.length
    await delay(2_000)
  }
  const held = residentOf(service.child.pid) - before
  t.comment(
    `${arrivals} pages, ${held.toFixed(0)} MB more than the ${before.toFixed(0)} MB at rest`,
  )
  t.ok(arrivals >= 2 * CLIENTS, 'every search looked ahead')
  t.ok(held < 200, `${held.toFixed(0)} MB`)
  t.equal((await fetch(`${url}/livez`)).status, 200, 'the service responds')
})
