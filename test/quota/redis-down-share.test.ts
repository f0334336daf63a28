import { setTimeout as delay } from 'node:timers/promises'
import t from 'tap'
import { startCutProxy } from '../support/cut-proxy.js'
import { during } from '../support/faults.js'
import { startRedis } from '../support/redis.js'
import { commandOf, startReplica, whenReadiness, whenReady } from '../support/replicas.js'
import { startStrictEndpoint } from '../support/start-strict-endpoint.js'

const SHARE = { REDIS_DOWN: 'share' }

t.test(
  'while Redis is away replicas go on in turns, and together again when it is back, empty',
  { timeout: 70_000 },
  async (t) => {
    const redis = await startRedis(t)
    const endpoint = await startStrictEndpoint(t)
    const replicas = await Promise.all(
      [0, 1, 2].map(() => startReplica(t, endpoint.url, redis.url, SHARE)),
    )
    await Promise.all(replicas.map(whenReady))
    // until Redis knows who is there, all seats may be taken
    await delay(6_000)
    let alone = 0
    await during(t, endpoint, replicas, async () => {
      await redis.kill()
      await Promise.all(replicas.map((replica) => replica.line(/Redis is away/)))
      const before = (await endpoint.report()).arrivals.length
      await delay(21_000)
      const { arrivals } = await endpoint.report()
      alone = arrivals.length - before
      for (const apiClass of ['read', 'lookup', 'write']) {
        const sent = arrivals.slice(before).filter((one) => one.apiClass === apiClass)
        t.ok(sent.length > 0, `${sent.length} of ${apiClass} in turns`)
      }
      const { status, body } = await replicas[0]!.get('/readyz')
      t.equal(status, 200)
      t.match(body, { components: { redis: { detail: /away.*take turns/ } } })
      await redis.start()
      await delay(3_000)
    })
    t.ok(alone > 30, `${alone} requests without Redis`)
  },
)

t.test(
  'a replica that alone is cut off has its turns, and the others leave them to it',
  { timeout: 70_000 },
  async (t) => {
    const redis = await startRedis(t)
    const proxy = await startCutProxy(t, redis.port)
    const endpoint = await startStrictEndpoint(t)
    const replicas = [
      await startReplica(t, endpoint.url, proxy.url, SHARE),
      await startReplica(t, endpoint.url, redis.url, SHARE),
    ]
    await Promise.all(replicas.map(whenReady))
    await delay(6_000)
    await during(t, endpoint, replicas, async () => {
      proxy.cut()
      await replicas[0]!.line(/Redis is away/)
      await delay(14_000)
      const { body } = await replicas[0]!.get('/quotas')
      const { quotas } = body as { quotas: { class: string; granted: number }[] }
      t.ok(quotas.some((quota) => quota.class === 'read' && quota.granted > 0))
      proxy.heal()
      await delay(2_000)
    })
  },
)

t.test('a replica that never reached Redis has no turn', { timeout: 30_000 }, async (t) => {
  const redis = await startRedis(t)
  await redis.kill()
  const endpoint = await startStrictEndpoint(t)
  const replica = await startReplica(t, endpoint.url, redis.url, SHARE)
  await replica.line(/Redis is away/)
  await whenReadiness(replica, 503)
  t.equal((await replica.run(...commandOf('read', 'early'))).code, 'RedisUnavailable')
  t.equal((await endpoint.report()).arrivals.length, 0)
})

t.test(
  'a replica cut off stops its keyed command before another may run it again',
  { timeout: 90_000 },
  async (t) => {
    const redis = await startRedis(t)
    const proxy = await startCutProxy(t, redis.port)
    const endpoint = await startStrictEndpoint(t)
    const cutOff = await startReplica(t, endpoint.url, proxy.url, SHARE)
    const other = await startReplica(t, endpoint.url, redis.url, SHARE)
    await Promise.all([cutOff, other].map(whenReady))
    const trailNames = Array.from({ length: 40 }, (_, index) => `keyed-${index}`)
    const headers = { 'idempotency-key': 'once', 'x-deadline-ms': '80000' }
    const running = cutOff.run('stop-logging', { trailNames }, headers)
    const arrivals = async () => (await endpoint.report()).arrivals
    for (let seen = 0; seen < 2; seen = (await arrivals()).length) await delay(50)
    proxy.cut()
    const cutAt = performance.now()
    const { status, code } = await running
    t.equal(status, 207)
    t.equal(code, 'IdempotencyKeyLost')
    const took = performance.now() - cutAt
    t.ok(
      took > 10_000 && took < 30_000,
      `it went on in turns, and ended after ${took.toFixed(0)} ms`,
    )
    const sent = (await arrivals()).map(({ name }) => name)
    t.equal(new Set(sent).size, sent.length)
    proxy.heal()
    // the answer is told as soon as Redis is there: nothing is sent for the same key again
    let again = await other.run('stop-logging', { trailNames }, headers)
    while (again.status === 409) again = await other.run('stop-logging', { trailNames }, headers)
    t.match(again, { status: 207, code: 'IdempotencyKeyLost' })
    t.same(
      (await arrivals()).map(({ name }) => name),
      sent,
    )
  },
)
