import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { CloudTrailClient, DescribeTrailsCommand } from '@aws-sdk/client-cloudtrail'
import { ACCESS_KEY, startEndpoint, startService } from './service.js'
import { printTable, quantile } from './table.js'

const OPEN = { read: 1e6, lookup: 1e6, write: 1e6 }
const RAISED = { QUOTA_READ_TPS: '1000', QUEUE_LIMIT: '100000' }
const ROUNDS = 600
/** As many as make the service as warm as this process is, in which other benchmarks may have run before. */
const WARM_UP = 1_000
const CONCURRENCY = 16

async function post(url: string): Promise<void> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{}',
  })
  await response.arrayBuffer()
}

/**
 * What the service adds to one uncontended command: its median and p99 beside the sum of a bare Fastify POST and a
 * direct SDK call on the same endpoint, in turns so that noise falls on all; and commands per second, beside an SDK loop.
 */
export async function benchOverhead(): Promise<void> {
  const endpoint = await startEndpoint({ tps: OPEN })
  const { url, child } = await startService(endpoint.url, RAISED)
  const bare = fork(fileURLToPath(new URL('bare-fastify.js', import.meta.url)))
  const [{ url: bareUrl }] = (await once(bare, 'message')) as [{ url: string }]
  const client = new CloudTrailClient({
    endpoint: endpoint.url,
    region: 'us-east-1',
    credentials: { accessKeyId: ACCESS_KEY, secretAccessKey: 'not-a-secret' },
  })
  const works: Record<string, () => Promise<unknown>> = {
    service: () => post(`${url}/commands/describe-trails`),
    fastify: () => post(bareUrl),
    sdk: () => client.send(new DescribeTrailsCommand({})),
  }
  const times: Record<string, number[]> = { service: [], fastify: [], sdk: [] }
  for (let round = 0; round < WARM_UP + ROUNDS; round++) {
    for (const [name, work] of Object.entries(works)) {
      const started = performance.now()
      await work()
      if (round >= WARM_UP) times[name]?.push(performance.now() - started)
    }
  }
  const of = (name: string, q: number) => quantile(times[name] ?? [], q)
  const rows: (string | number)[][] = [
    ['', 'service ms', 'fastify ms', 'SDK ms', 'service / (fastify + SDK)'],
  ]
  for (const [label, q] of [
    ['median', 0.5],
    ['p99', 0.99],
  ] as const) {
    const ratio = of('service', q) / (of('fastify', q) + of('sdk', q))
    rows.push([
      label,
      ...['service', 'fastify', 'sdk'].map((name) => of(name, q).toFixed(2)),
      ratio.toFixed(2),
    ])
  }
  printTable('One uncontended command', rows)

  const throughput: (string | number)[][] = [['', 'per second']]
  const rates: number[] = []
  for (const name of ['service', 'sdk']) {
    const rate = await ratePerSecond(works[name] ?? (() => Promise.resolve()))
    rates.push(rate)
    throughput.push([name, rate.toFixed(0)])
  }
  throughput.push(['service / SDK', ((rates[0] ?? 0) / (rates[1] ?? 1)).toFixed(2)])
  printTable(`Commands per second, ${CONCURRENCY} at a time, quotas out of the way`, throughput)
  child.kill()
  client.destroy()
  bare.disconnect()
  endpoint.close()
}

async function ratePerSecond(work: () => Promise<unknown>): Promise<number> {
  const count = 3000
  let next = 0
  const started = performance.now()
  await Promise.all(
    Array.from({ length: CONCURRENCY }, async () => {
      while (next++ < count) await work()
    }),
  )
  return (count * 1000) / (performance.now() - started)
}
