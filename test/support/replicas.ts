import type { Test } from 'tap'
import type { ApiClass } from '../../src/aws/api-class.js'
import { startProcess, type Owner, type ServiceProcess } from './process.js'
import { ACCESS_KEY } from './service.js'
import { AWS_TPS, shortestSpan, type StrictEndpoint } from './start-strict-endpoint.js'
import { waitFor } from './wait-for.js'

/** A replica of the service in its own process. */
export interface Replica extends ServiceProcess {
  url: string
  /** Runs a command, and returns its outcome and its duration. */
  run(command: string, body: object, headers?: Record<string, string>): Promise<Reply>
  /** `GET` of any path. */
  get(path: string): Promise<{ status: number; body: any }>
}

/** A response; all but `tookMs` is empty when the replica was killed. */
export interface Reply {
  status: number | undefined
  code: string | undefined
  retryAfter: string | null
  tookMs: number
}

/** A command that sends one request of an API class, for a trail of this name. */
export function commandOf(apiClass: ApiClass, name: string): [string, object] {
  if (apiClass === 'read') return ['get-trails', { trailNames: [name] }]
  if (apiClass === 'write') return ['stop-logging', { trailNames: [name] }]
  return ['lookup-events', { attributeKey: 'Username', attributeValue: name }]
}

/** Starts a replica with the quotas of AWS, shared through Redis. */
export async function startReplica(
  t: Owner,
  endpoint: string,
  redis: string,
  env: Record<string, string> = {},
  nodeOptions: string[] = [],
): Promise<Replica> {
  const service = startProcess(
    t,
    {
      AUTH: 'none',
      PORT: '0',
      AUDIT_FILE: '/dev/null',
      REDIS_URL: redis,
      CLOUDTRAIL_SERVER_URL: endpoint,
      ENDPOINT_ALLOWLIST: endpoint,
      CLOUDTRAIL_ACCESS_KEY: ACCESS_KEY,
      CLOUDTRAIL_ACCESS_SECRET: 'not-a-secret',
      ...env,
    },
    nodeOptions,
  )
  const line = await service.line(/Server listening at/)
  const url = /http:\/\/127\.0\.0\.1:\d+/.exec(line)?.[0] ?? ''
  return {
    ...service,
    url,
    async get(path) {
      const response = await fetch(url + path)
      return { status: response.status, body: await response.json() }
    },
    async run(command, body, headers = {}) {
      const from = performance.now()
      try {
        const response = await fetch(`${url}/commands/${command}`, {
          method: 'POST',
          headers: { 'content-type': 'application/json', ...headers },
          body: JSON.stringify(body),
        })
        const { errors } = (await response.json()) as { errors: { code: string }[] }
        return {
          status: response.status,
          code: errors[0]?.code,
          retryAfter: response.headers.get('retry-after'),
          tookMs: performance.now() - from,
        }
      } catch {
        return {
          status: undefined,
          code: undefined,
          retryAfter: null,
          tookMs: performance.now() - from,
        }
      }
    },
  }
}

/** Waits until a replica is ready. */
export async function whenReady(replica: Replica): Promise<void> {
  await whenReadiness(replica, 200)
}

/** Waits until `GET /readyz` returns a status. */
export async function whenReadiness(replica: Replica, status: number): Promise<void> {
  await waitFor(
    `/readyz returns ${status}`,
    async () => (await replica.get('/readyz')).status === status,
    { everyMs: 50 },
  )
}

/** Asserts that no API class exceeded its quota in any second, and that no write was sent twice. */
export async function checkArrivals(t: Test, endpoint: StrictEndpoint): Promise<void> {
  const { arrivals, stoodStillMs } = await endpoint.report()
  const still = `, and the endpoint itself stood still for ${stoodStillMs.toFixed(0)} ms at most`
  for (const [apiClass, tps] of Object.entries(AWS_TPS)) {
    const times = arrivals.filter((one) => one.apiClass === apiClass).map(({ at }) => at)
    if (times.length <= tps) continue
    const span = shortestSpan(times, tps)
    const took = `of ${times.length}, ${tps + 1} took ${span.toFixed(1)} ms`
    t.ok(span >= 1000, `${apiClass}: ${took}${still}`)
  }
  const writes = arrivals.filter(({ apiClass }) => apiClass === 'write').map(({ name }) => name)
  t.equal(new Set(writes).size, writes.length, `${writes.length} writes were sent once each`)
}
