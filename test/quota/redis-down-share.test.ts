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
  t.equal((await replica.run(...commandOf('read', 'early'))).code, 'RedisAway')
  t.equal((await endpoint.report()).arrivals.length, 0)
})
