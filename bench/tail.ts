import { Agent, request } from 'node:http'
import { startService } from './service.js'
import { printTable, quantile } from './table.js'

const CONNECTIONS = 500
const REQUESTS = 4_000
/** Requests before the measured ones. */
const WARM_UP = 1_000

/** The highest that the service accepts. */
const QUOTAS = {
  QUOTA_READ_TPS: '1000',
  QUOTA_LOOKUP_TPS: '1000',
  QUOTA_WRITE_TPS: '1000',
  QUEUE_LIMIT: '10000',
}

const TRAIL = { trailNames: ['management-events'] }
const ARN = 'arn:aws:cloudtrail:us-east-1:111122223333:trail/management-events'

/** One body of each command; reads of the same trail are shared. */
const COMMANDS: [command: string, body: object][] = [
  ['describe-trails', {}],
  ['get-trails', TRAIL],
  ['get-trail-status', TRAIL],
  ['get-event-selectors', TRAIL],
  ['list-trails', {}],
  ['list-tags', { trailArns: [ARN] }],
  ['lookup-events', { limit: 10 }],
  ['start-logging', TRAIL],
]

function post(agent: Agent, url: string, body: object): Promise<number> {
  return new Promise((resolve, reject) => {
    const sent = request(
      url,
      { agent, method: 'POST', headers: { 'content-type': 'application/json' } },
      (response) => {
        response.resume().on('end', () => resolve(response.statusCode ?? 0))
      },
    )
    sent.on('error', reject).end(JSON.stringify(body))
  })
}

/** 500 connections that each send one request after another, of mixed commands: the median and the slowest responses. */
export async function benchTail(): Promise<void> {
  const { url, child } = await startService(undefined, {
    ...QUOTAS,
    SANDBOX: 'true',
    SANDBOX_PORT: '0',
    SANDBOX_QUOTAS: 'false',
    AUDIT_FILE: '/dev/null',
  })
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS })
  const times = new Map<string, number[]>(COMMANDS.map(([command]) => [command, []]))
  let sent = 0
  let failed = 0
  await Promise.all(
    Array.from({ length: CONNECTIONS }, async () => {
      while (sent < WARM_UP + REQUESTS) {
        const number = sent++
        const [command, body] = COMMANDS[number % COMMANDS.length] ?? ['', {}]
        const from = performance.now()
        const status = await post(agent, `${url}/commands/${command}`, body)
        if (status !== 200) failed += 1
        if (number >= WARM_UP) times.get(command)?.push(performance.now() - from)
      }
    }),
  )
  agent.destroy()
  child.kill()
  const row = (name: string, of: number[]) => {
    const [p50, p99] = [quantile(of, 0.5), quantile(of, 0.99)]
    const slowest = of.reduce((most, one) => Math.max(most, one), 0)
    return [
      name,
      of.length,
      ...[p50, p99, slowest].map((ms) => ms.toFixed(0)),
      (p99 / p50).toFixed(1),
    ]
  }
  printTable(`${CONNECTIONS} connections, mixed commands, ${failed} not 200`, [
    ['command', 'requests', 'p50 ms', 'p99 ms', 'max ms', 'p99 / p50'],
    ...[...times].map(([command, of]) => row(command, of)),
    row('all', [...times.values()].flat()),
  ])
}
