import t, { type Test } from 'tap'
import type { ApiClass } from '../../src/aws/api-class.js'
import { AWS_TPS, shortestSpan, startStrictEndpoint } from '../support/start-strict-endpoint.js'
import { startProcess } from '../support/process.js'
import { ACCESS_KEY, startServiceAt } from '../support/service.js'

const QUOTAS = { QUOTA_READ_TPS: '10', QUOTA_LOOKUP_TPS: '2', QUOTA_WRITE_TPS: '1' }

/** The work of the quota's contract: calls in all, callers at once, and the least time that it takes. */
const WORK: Record<ApiClass, { calls: number; callers: number; command: string }> = {
  read: { calls: 200, callers: 20, command: 'get-trails' },
  lookup: { calls: 40, callers: 8, command: 'lookup-events' },
  write: { calls: 20, callers: 5, command: 'stop-logging' },
}

/** Starts the built service as a process of its own, as it runs for users. */
async function startAlone(t: Test, serverUrl: string) {
  const service = startProcess(t, {
    ...QUOTAS,
    AUTH: 'none',
    PORT: '0',
    AUDIT_FILE: '/dev/null',
    CLOUDTRAIL_SERVER_URL: serverUrl,
    ENDPOINT_ALLOWLIST: serverUrl,
    CLOUDTRAIL_ACCESS_KEY: ACCESS_KEY,
    CLOUDTRAIL_ACCESS_SECRET: 'not-a-secret',
  })
  const line = await service.line(/Server listening at/)
  const url = /http:\/\/127\.0\.0\.1:\d+/.exec(line)?.[0] ?? ''
  return async (command: string, body: object) => {
    const response = await fetch(`${url}/commands/${command}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
    return { status: response.status, body: (await response.json()) as { error: string } }
  }
}

t.test(
  '200 reads, 40 lookups and 20 changes use the whole quota, and never more in any second',
  async (t) => {
    const endpoint = await startStrictEndpoint(t)
    const run = await startAlone(t, endpoint.url)
    await Promise.all(
      Object.values(WORK).flatMap(({ calls, callers, command }) =>
        Array.from({ length: callers }, async (_, caller) => {
          for (let call = 0; call < calls / callers; call++) {
            // each caller's own trail, so that no read is shared
            const name = `${command}-${caller}-${call}`
            const body =
              command === 'lookup-events'
                ? { attributeKey: 'Username', attributeValue: name }
                : { trailNames: [name] }
            const { status, body: answer } = await run(command, body)
            if (status !== 200) t.fail(`${command} ${status} ${answer.error}`)
          }
        }),
      ),
    )
    const { arrivals } = await endpoint.report()
    for (const [apiClass, { calls }] of Object.entries(WORK) as [ApiClass, { calls: number }][]) {
      const tps = AWS_TPS[apiClass]
      const own = arrivals.filter((arrival) => arrival.apiClass === apiClass)
      const times = own.map(({ at }) => at)
      t.equal(own.length, calls, `${apiClass}: every call was sent once`)
      t.equal(own.filter(({ throttled }) => throttled).length, 0, `${apiClass}: none was throttled`)
      const span = shortestSpan(times, tps)
      t.ok(span >= 1000, `${apiClass}: ${tps + 1} arrivals took ${span.toFixed(1)} ms at least`)
      const bound = ((calls - tps) / tps) * 1000
      const took = Math.max(...times) - Math.min(...times)
      t.ok(took <= bound * 1.03, `${apiClass}: ${(took / bound).toFixed(4)} of the bound`)
    }
  },
)

t.test('a burst after idle starts at once', async (t) => {
  const endpoint = await startStrictEndpoint(t)
  const service = await startServiceAt(t, endpoint.url, QUOTAS)
  const trailNames = Array.from({ length: 10 }, (_, index) => `trail-${index}`)
  const { body } = await service.run('get-trails', { trailNames })
  t.equal(body.returnData, 'Successful')
  const { arrivals } = await endpoint.report()
  const times = arrivals.map(({ at }) => at)
  t.ok(Math.max(...times) - Math.min(...times) < 900, 'ten arrive without waiting for a second')
})

t.test('uses the whole quota of an endpoint that responds after half a second', async (t) => {
  const endpoint = await startStrictEndpoint(t, { latencyMs: 500 })
  const service = await startServiceAt(t, endpoint.url, QUOTAS)
  const trailNames = Array.from({ length: 50 }, (_, index) => `trail-${index}`)
  await Promise.all(
    [0, 1, 2, 3, 4].map((part) =>
      service.run('get-trails', { trailNames: trailNames.slice(part * 10, part * 10 + 10) }),
    ),
  )
  const times = (await endpoint.report()).arrivals.map(({ at }) => at)
  t.equal(times.length, 50)
  const span = shortestSpan(times, 10)
  t.ok(span >= 1000, `11 arrivals took ${span.toFixed(1)} ms at least`)
  const took = Math.max(...times) - Math.min(...times)
  t.ok(took < 4000 * 1.15, `50 reads within ${took.toFixed(0)} ms, where 4000 is the bound`)
})
