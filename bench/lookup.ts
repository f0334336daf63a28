import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { CloudTrailClient, paginateLookupEvents } from '@aws-sdk/client-cloudtrail'
import { History } from '../test/support/history.js'
import { ACCESS_KEY, startService } from './service.js'
import { printTable } from './table.js'

/** How long the endpoint takes for a page, in milliseconds. CloudTrail in us-east-1 took 3.9 s on average. */
const LATENCY_MS = 4000

const END = Math.floor(Date.now() / 1000) - 60
const START = END - 86_400

const spread = (count: number) =>
  Array.from({ length: count }, (_, index) => END - Math.floor(((index + 0.5) * 86_400) / count))

const HISTORIES: Record<string, number[]> = {
  'uniform, 2000 events': spread(2000),
  'bursty, 2000 events in 10 minutes of a day': Array.from(
    { length: 2000 },
    (_, index) => END - 8_000 * (index % 10) - (index % 60),
  ),
  '500 of 1500 events in one second': [...spread(1000), ...Array<number>(500).fill(END - 40_000)],
  '5000 events in one second, pages in 0.6 s': Array<number>(5000).fill(END - 40_000),
  '30 events': spread(30),
  'no event': [],
}

/** A search beside the SDK's own paginator, at an endpoint that responds in 4 s, over histories of every density. */
export async function benchLookup(): Promise<void> {
  const rows = await Promise.all(
    Object.entries(HISTORIES).map(async ([name, seconds]) => {
      const history = new History(seconds)
      const latencyMs = name.endsWith('0.6 s') ? 600 : LATENCY_MS
      const sdk = await measure(history, latencyMs, (url) => withPaginator(url))
      const ours = await measure(history, latencyMs, (url) => withService(url))
      const whole = history.events.map(({ EventId }) => EventId).join()
      return [
        name,
        ...[sdk, ours].flatMap((one) => [one.seconds.toFixed(1), one.calls]),
        sdk.ids.join() === whole && ours.ids.join() === whole ? 'yes' : 'NO',
      ]
    }),
  )
  printTable('Lookup Events of one day, pages of 50 in 4 s, 2 requests per second', [
    ['history', 'SDK s', 'SDK calls', 'service s', 'service calls', 'same events, same order'],
    ...rows,
  ])
}

async function measure(
  history: History,
  latencyMs: number,
  prepare: (url: string) => Promise<() => Promise<string[]>>,
) {
  let calls = 0
  const server = serve(history, latencyMs, () => (calls += 1))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const search = await prepare(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
  const started = performance.now()
  const ids = await search()
  const seconds = (performance.now() - started) / 1000
  server.closeAllConnections()
  server.close()
  return { ids, seconds, calls }
}

function serve(history: History, latencyMs: number, onCall: () => void): Server {
  return createServer((request, response) => {
    let text = ''
    request.on('data', (chunk: Buffer) => (text += chunk.toString()))
    request.on('end', () => {
      onCall()
      const input = JSON.parse(text) as Record<string, any>
      const range = { from: Number(input.StartTime), to: Number(input.EndTime) }
      const { events, nextToken } = history.page(range, input.NextToken)
      setTimeout(() => {
        response.setHeader('content-type', 'application/x-amz-json-1.1')
        response.end(JSON.stringify({ Events: events, NextToken: nextToken }))
      }, latencyMs)
    })
  })
}

async function withPaginator(endpoint: string): Promise<() => Promise<string[]>> {
  return () => paginate(endpoint)
}

async function paginate(endpoint: string): Promise<string[]> {
  const credentials = { accessKeyId: ACCESS_KEY, secretAccessKey: 'not-a-secret' }
  const client = new CloudTrailClient({ endpoint, region: 'us-east-1', credentials })
  const ids: string[] = []
  const query = { StartTime: new Date(START * 1000), EndTime: new Date(END * 1000) }
  for await (const page of paginateLookupEvents({ client }, query)) {
    ids.push(...(page.Events ?? []).map(({ EventId }) => EventId ?? ''))
  }
  client.destroy()
  return ids
}

/** Starts the service before the clock. */
async function withService(endpoint: string): Promise<() => Promise<string[]>> {
  const { url, child } = await startService(endpoint)
  return async () => {
    const response = await fetch(`${url}/commands/lookup-events`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ startTime: START, endTime: END, limit: 10_000 }),
    })
    const body = (await response.json()) as { keyFields: { EventIds: string[] } }
    child.kill()
    return body.keyFields.EventIds
  }
}
