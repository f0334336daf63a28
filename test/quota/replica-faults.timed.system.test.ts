import { setTimeout as delay } from 'node:timers/promises'
import t from 'tap'
import { startCutProxy } from '../support/cut-proxy.js'
import { during } from '../support/faults.js'
import { needs } from '../support/needs.js'
import { startRedis } from '../support/redis.js'
import { checkArrivals, commandOf, startReplica, whenReady } from '../support/replicas.js'
import { AWS_TPS, startStrictEndpoint } from '../support/start-strict-endpoint.js'

needs('redis-server')

/** A module that sets the clock of a process off, by milliseconds. */
function clockOff(ms: number): string[] {
  const module = `const now = Date.now; Date.now = () => now() + ${ms}`
  return ['--import', `data:text/javascript,${encodeURIComponent(module)}`]
}

t.test(
  'the slots of a replica that is killed come back within seconds, and not sooner than allowed',
  { timeout: 40_000 },
  async (t) => {
    const redis = await startRedis(t)
    const endpoint = await startStrictEndpoint(t, { latencyMs: 2_000 })
    const [dying, living] = await Promise.all([
      startReplica(t, endpoint.url, redis.url),
      startReplica(t, endpoint.url, redis.url),
    ])
    await Promise.all([whenReady(dying), whenReady(living)])
    // all ten reads and the one change of this second, on their way when their replica dies
    const lost = [
      ...Array.from({ length: 10 }, (_, index) => dying.run(...commandOf('read', `lost-${index}`))),
      dying.run(...commandOf('write', 'lost')),
    ]
    while ((await endpoint.report()).arrivals.length < 11) await delay(20)
    dying.child.kill('SIGKILL')
    const replies = await Promise.all(
      (['read', 'write'] as const).map((apiClass) => living.run(...commandOf(apiClass, 'next'))),
    )
    t.strictSame(
      replies.map(({ status }) => status),
      [200, 200],
    )
    t.ok((await Promise.all(lost)).every(({ status }) => status === undefined))
    const { arrivals } = await endpoint.report()
    for (const apiClass of ['read', 'write']) {
      const times = arrivals.filter((one) => one.apiClass === apiClass).map(({ at }) => at)
      const waited = Math.max(...times) - Math.min(...times)
      t.ok(waited >= 1_000 && waited < 8_000, `${apiClass}: after ${waited.toFixed(0)} ms`)
    }
    await checkArrivals(t, endpoint)
  },
)

t.test(
  'clocks three seconds off, one fast and one slow, neither exceed the quota nor stall it',
  { timeout: 60_000 },
  async (t) => {
    const redis = await startRedis(t)
    const endpoint = await startStrictEndpoint(t)
    const replicas = await Promise.all(
      [clockOff(3_000), clockOff(-3_000), []].map((clock) =>
        startReplica(t, endpoint.url, redis.url, {}, clock),
      ),
    )
    await Promise.all(replicas.map(whenReady))
    const from = (await endpoint.report()).arrivals.length
    // the order of writes is fair within a replica alone: one of three may wait for more than three others
    const deadlineMs = 15_000
    const replies = await during(t, endpoint, replicas, () => delay(4_000), { deadlineMs })
    t.same(
      replies.filter(({ status }) => status !== 200),
      [],
    )
    const arrivals = (await endpoint.report()).arrivals.slice(from)
    for (const apiClass of ['read', 'write'] as const) {
      const times = arrivals.filter((one) => one.apiClass === apiClass).map(({ at }) => at)
      const tookMs = times.at(-1)! - times[0]!
      const most = (tookMs / 1000) * AWS_TPS[apiClass]
      t.ok(times.length > most * 0.85, `${times.length} ${apiClass}s in ${tookMs.toFixed(0)} ms`)
    }
  },
)

t.test(
  'the network between one replica and Redis is cut and healed, and the other goes on',
  { timeout: 60_000 },
  async (t) => {
    const redis = await startRedis(t)
    const proxy = await startCutProxy(t, redis.port)
    const endpoint = await startStrictEndpoint(t)
    const [cut, whole] = await Promise.all([
      startReplica(t, endpoint.url, proxy.url),
      startReplica(t, endpoint.url, redis.url),
    ])
    await Promise.all([whenReady(cut), whenReady(whole)])
    const replies = await during(t, endpoint, [cut, whole], async () => {
      proxy.cut()
      await cut.line(/Redis is unavailable/)
      const { arrivals } = await endpoint.report()
      await delay(6_000)
      t.ok((await endpoint.report()).arrivals.length > arrivals.length + 20, 'the other goes on')
      proxy.heal()
    })
    t.ok(replies.some(({ code }) => code === 'RedisUnavailable'))
  },
)
