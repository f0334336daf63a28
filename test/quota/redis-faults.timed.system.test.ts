import { setTimeout as delay } from 'node:timers/promises'
import t from 'tap'
import { needs } from '../support/needs.js'
import { makeRedis, startRedis } from '../support/redis.js'
import { during } from '../support/faults.js'
import { commandOf, startReplica, whenReadiness, whenReady } from '../support/replicas.js'
import { startStrictEndpoint } from '../support/start-strict-endpoint.js'

needs('redis-server')

t.test(
  'is not ready without Redis at start, logs it once, returns 503 at once, and works when Redis comes',
  { timeout: 30_000 },
  async (t) => {
    const redis = await makeRedis(t)
    const endpoint = await startStrictEndpoint(t)
    const replica = await startReplica(t, endpoint.url, redis.url)
    const line = await replica.line(/Redis is unavailable/)
    t.match(line, /ECONNREFUSED/)
    await whenReadiness(replica, 503)
    const { status, code, retryAfter, tookMs } = await replica.run(...commandOf('read', 'early'))
    t.strictSame([status, code], [503, 'RedisUnavailable'])
    t.match(retryAfter, /^[1-9]\d?$/)
    t.ok(tookMs < 1000, `answered after ${tookMs.toFixed(0)} ms`)
    t.match((await replica.get('/readyz')).body, { components: { redis: { ready: false } } })
    await redis.start()
    await whenReady(replica)
    t.equal((await replica.run(...commandOf('read', 'served'))).status, 200)
    t.equal((await endpoint.report()).arrivals.length, 1, 'nothing else was sent')
  },
)

t.test('Redis killed under load, and back empty', { timeout: 60_000 }, async (t) => {
  const redis = await startRedis(t)
  const endpoint = await startStrictEndpoint(t)
  const replicas = await Promise.all([0, 1].map(() => startReplica(t, endpoint.url, redis.url)))
  await Promise.all(replicas.map(whenReady))
  const replies = await during(t, endpoint, replicas, async () => {
    await redis.kill()
    await Promise.all(replicas.map((replica) => whenReadiness(replica, 503)))
    await delay(500)
    await redis.start()
    await Promise.all(replicas.map(whenReady))
    await delay(1_500)
    // and at once: what it knew of slots in use is gone before they are free
    await redis.kill()
    await redis.start()
    await delay(2_000)
  })
  t.ok(replies.some(({ code }) => code === 'RedisUnavailable'))
})

t.test('Redis stopped for ten seconds, and going on', { timeout: 60_000 }, async (t) => {
  const redis = await startRedis(t)
  const endpoint = await startStrictEndpoint(t)
  const replicas = await Promise.all([0, 1].map(() => startReplica(t, endpoint.url, redis.url)))
  await Promise.all(replicas.map(whenReady))
  const replies = await during(t, endpoint, replicas, async () => {
    redis.pause()
    await delay(10_000)
    redis.resume()
  })
  t.ok(replies.some(({ code }) => code === 'RedisUnavailable'))
})
