import { setTimeout as delay } from 'node:timers/promises'
import t from 'tap'
import { startCutProxy } from '../support/cut-proxy.js'
import { during } from '../support/faults.js'
import { needs } from '../support/needs.js'
import { startRedis } from '../support/redis.js'
import { commandOf, startReplica, whenReadiness, whenReady } from '../support/replicas.js'
import { startStrictEndpoint } from '../support/start-strict-endpoint.js'

needs('redis-server')

const SHARE = { REDIS_DOWN: 'share', REDIS_DOWN_SHARE: '0.5' }

/** How often that many arrivals of a class fell into less than so many milliseconds. */
function tooSoon(arrivals: readonly { apiClass: string; at: number }[], apiClass: string) {
  const times = arrivals.filter((one) => one.apiClass === apiClass).map(({ at }) => at)
  return (count: number, windowMs: number) =>
    times.filter((at, index) => at - (times[index - count] ?? -Infinity) < windowMs).length
}

t.test(
  'while Redis is unavailable a replica uses its share, and the whole quota when Redis is back, empty',
  { timeout: 60_000 },
  async (t) => {
    const redis = await startRedis(t)
    const endpoint = await startStrictEndpoint(t)
    const replica = await startReplica(t, endpoint.url, redis.url, SHARE)
    await whenReady(replica)
    let before = 0
    let after = 0
    await during(t, endpoint, [replica], async () => {
      await redis.kill()
      await replica.line(/Redis is unavailable/)
      before = (await endpoint.report()).arrivals.length
      await delay(8_000)
      const { status, body } = await replica.get('/readyz')
      t.equal(status, 200)
      t.match(body, { components: { redis: { detail: /unavailable.*uses 0.5 of the quota/ } } })
      after = (await endpoint.report()).arrivals.length
      await redis.start()
      await delay(4_000)
    })
    const alone = (await endpoint.report()).arrivals.slice(before, after)
    t.ok(alone.length > 25, `${alone.length} requests without Redis`)
    t.equal(tooSoon(alone, 'read')(5, 1_000), 0, 'never more than five reads in a second')
    t.equal(tooSoon(alone, 'lookup')(1, 1_000), 0, 'never more than one lookup in a second')
    t.equal(tooSoon(alone, 'write')(1, 2_000), 0, 'never more than one write in two seconds')
  },
)

t.test('a replica that starts without Redis uses its share', { timeout: 30_000 }, async (t) => {
  const redis = await startRedis(t)
  await redis.kill()
  const endpoint = await startStrictEndpoint(t)
  const replica = await startReplica(t, endpoint.url, redis.url, SHARE)
  await replica.line(/Redis is unavailable/)
  await whenReadiness(replica, 200)
  const reads = [0, 1, 2].map((index) => replica.run(...commandOf('read', `early-${index}`)))
  for (const { status } of await Promise.all(reads)) t.equal(status, 200)
})

t.test(
  'stops the keyed command of a disconnected replica before another replica may run it again',
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
    t.ok(took > 10_000 && took < 30_000, `it went on with its share for ${took.toFixed(0)} ms`)
    const sent = (await arrivals()).map(({ name }) => name)
    t.equal(new Set(sent).size, sent.length)
    proxy.heal()
    // the response is stored as soon as Redis is reached: nothing is sent for the same key again
    let again = await other.run('stop-logging', { trailNames }, headers)
    while (again.status === 409) again = await other.run('stop-logging', { trailNames }, headers)
    t.match(again, { status: 207, code: 'IdempotencyKeyLost' })
    t.same(
      (await arrivals()).map(({ name }) => name),
      sent,
    )
  },
)
