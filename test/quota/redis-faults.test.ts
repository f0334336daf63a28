import { setTimeout as delay } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { makeRedis, startRedis } from '../support/redis.js'
import {
  checkArrivals,
  commandOf,
  startReplica,
  whenReadiness,
  whenReady,
  type Replica,
  type Reply,
} from '../support/replicas.js'
import { startStrictEndpoint, type StrictEndpoint } from '../support/start-strict-endpoint.js'

/** The deadline of every command of these tests, and by how much an answer may be later, in milliseconds. */
const DEADLINE_MS = 4_000
const LATE_MS = 1_000

/** Callers of every class at every replica, until it is enough. */
async function load(replicas: Replica[], ended: () => boolean): Promise<Reply[]> {
  const replies: Reply[] = []
  await Promise.all(
    replicas.flatMap((replica, index) =>
      (['read', 'read', 'read', 'read', 'lookup', 'write'] as const).map(
        async (apiClass, caller) => {
          for (let call = 0; !ended(); call++) {
            const name = `${apiClass}-${index}-${caller}-${call}`
            const reply = await replica.run(...commandOf(apiClass, name), {
              'x-deadline-ms': String(DEADLINE_MS),
            })
            replies.push(reply)
            // a client that is refused comes back soon, sooner than it is told to
            if (reply.status !== 200) await delay(100)
          }
        },
      ),
    ),
  )
  return replies
}

/** Runs the load while a fault happens and passes; what it came to. */
async function during(
  t: Test,
  endpoint: StrictEndpoint,
  replicas: Replica[],
  fault: () => Promise<void>,
): Promise<Reply[]> {
  let over = false
  const loading = load(replicas, () => over)
  await delay(2_000)
  await fault()
  await Promise.all(replicas.map(whenReady))
  const before = (await endpoint.report()).arrivals.length
  await delay(4_000)
  over = true
  const replies = await loading
  const { arrivals } = await endpoint.report()
  t.ok(arrivals.length > before + 10, `${arrivals.length - before} requests after the fault`)
  await checkArrivals(t, endpoint)
  t.equal(arrivals.filter(({ throttled }) => throttled).length, 0, 'nothing was throttled')
  const answered = replies.filter(({ status }) => status !== undefined)
  const slowest = Math.max(...answered.map(({ tookMs }) => tookMs))
  t.ok(slowest < DEADLINE_MS + LATE_MS, `the slowest answer took ${slowest.toFixed(0)} ms`)
  const kinds = new Set(answered.map(({ status, code }) => `${status} ${code ?? ''}`))
  t.comment(`${replies.length} answers: ${[...kinds].join(', ')}`)
  for (const { status, retryAfter } of answered) {
    if (status === 503 && retryAfter === null) t.fail('a 503 without Retry-After')
  }
  return replies
}

t.test(
  'Redis away at start: not ready, one line of log, 503 at once; served when it comes',
  { timeout: 30_000 },
  async (t) => {
    const redis = await makeRedis(t)
    const endpoint = await startStrictEndpoint(t)
    const replica = await startReplica(t, endpoint.url, redis.url)
    const line = await replica.line(/Redis is away/)
    t.match(line, /ECONNREFUSED/)
    await whenReadiness(replica, 503)
    const { status, code, retryAfter, tookMs } = await replica.run(...commandOf('read', 'early'))
    t.strictSame([status, code], [503, 'RedisAway'])
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
  t.ok(replies.some(({ code }) => code === 'RedisAway'))
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
  t.ok(replies.some(({ code }) => code === 'RedisAway'))
})
