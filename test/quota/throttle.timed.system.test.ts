import t from 'tap'
import { AWS_TPS, startStrictEndpoint } from '../support/start-strict-endpoint.js'
import { startServiceAt } from '../support/service.js'

const QUOTAS = { QUOTA_READ_TPS: '10', QUOTA_LOOKUP_TPS: '2', QUOTA_WRITE_TPS: '1' }

t.test(
  'while somebody else takes half the quota, every command succeeds, and few attempts are throttled',
  async (t) => {
    const endpoint = await startStrictEndpoint(t, { foreignShare: 0.5 })
    const service = await startServiceAt(t, endpoint.url, { ...QUOTAS, DEADLINE_MS: '120000' })
    const reads = Array.from({ length: 10 }, (_, caller) =>
      service.run('get-trails', {
        trailNames: Array.from({ length: 12 }, (_, index) => `trail-${caller}-${index}`),
      }),
    )
    const lookups = Array.from({ length: 24 }, (_, index) =>
      service.run('lookup-events', { attributeKey: 'Username', attributeValue: `user-${index}` }),
    )
    const changes = Array.from({ length: 12 }, (_, index) =>
      service.run('stop-logging', { trailNames: [`trail-${index}`] }),
    )
    for (const { status, body } of await Promise.all([...reads, ...lookups, ...changes])) {
      t.equal(status, 200, body.error)
    }
    const { arrivals } = await endpoint.report()
    const throttled = arrivals.filter((arrival) => arrival.throttled).length
    t.ok(throttled < arrivals.length * 0.1, `${throttled} of ${arrivals.length} were throttled`)
  },
)

t.test('a throttle pauses the whole limiter, and it finds back to full speed', async (t) => {
  const endpoint = await startStrictEndpoint(t, { tps: { ...AWS_TPS, read: 5 } })
  const service = await startServiceAt(t, endpoint.url, QUOTAS)
  // ten at once, where only five are taken: the limiter learns that others use the account
  const trailNames = Array.from({ length: 10 }, (_, index) => `trail-${index}`)
  const { status, body } = await service.run('get-trails', { trailNames })
  t.equal(status, 200, body.error)
  t.ok(body.meta.throttled > 0)
  const { arrivals } = await endpoint.report()
  const first = arrivals.find(({ throttled }) => throttled)!.at
  const after = arrivals.filter(({ at }) => at > first + 200)
  t.ok(
    after.every(({ at }) => at >= first + 950),
    'nothing is sent in the pause',
  )
})
