import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { setTimeout as delay } from 'node:timers/promises'
import { pino } from 'pino'
import t, { type Test } from 'tap'
import type { PermitRequest, QuotaWaitError } from '../../src/quota/permit.js'
import { QuotaPool } from '../../src/quota/quota-pool.js'
import { Replicas } from '../../src/quota/replicas.js'
import { RedisConnection } from '../../src/redis/redis-connection.js'
import { startRedis } from '../support/redis.js'
import { shortestSpan } from '../support/start-strict-endpoint.js'

/** A replica's part of the service that shares the quota. */
function startPool(t: Test, url: string, seats?: number, name: string = randomUUID()) {
  const redis = new RedisConnection(url, pino({ level: 'silent' }))
  const replicas = new Replicas(redis, { windowMs: 1000, seats, name })
  const pool = new QuotaPool({
    tps: { read: 10, lookup: 2, write: 1 },
    scope: 'class',
    queueLimit: 100,
    replicas,
  })
  t.teardown(async () => {
    pool.close()
    await replicas.close()
    redis.close()
  })
  const when = async (mode: Replicas['mode']) => {
    while (replicas.mode !== mode) await once(replicas, 'change')
  }
  const ask = (more: Partial<PermitRequest> = {}): PermitRequest => ({
    account: '111122223333',
    region: 'us-east-1',
    operation: 'GetTrail',
    caller: 'caller',
    command: 'command',
    deadline: Infinity,
    signal: AbortSignal.timeout(30_000),
    ...more,
  })
  /** Takes a permit, uses it, and tells when. */
  const send = async (
    outcome: 'answered' | 'throttled' = 'answered',
    more?: Partial<PermitRequest>,
  ) => {
    const permit = await pool.take(ask(more))
    permit.sent()
    const at = performance.now()
    permit.done(outcome)
    return at
  }
  return { redis, replicas, pool, when, ask, send }
}

t.test('two share a quota, through an outage, a loss of memory and a merge', async (t) => {
  const redis = await startRedis(t)
  const [one, other] = [startPool(t, redis.url), startPool(t, redis.url)]
  await Promise.all([one.when('together'), other.when('together')])
  t.match(one.replicas.state, { ready: true })
  const sent = await Promise.all(
    Array.from({ length: 12 }, (_, index) => (index % 2 ? one : other).send()),
  )

  // a permit that is not used in time is void, and its slot is others'
  const unused = await one.pool.take(one.ask({ operation: 'StopLogging' }))
  await once(unused.voided!, 'abort')
  t.match(unused.voided?.reason, { name: 'PermitVoidError' })
  unused.done('unsent')
  await other.send('answered', { operation: 'StopLogging' })

  // Redis forgets: whoever notices holds still for a window
  sent.push(await one.send(), await other.send())
  await one.redis.client.flushall()
  sent.push(await one.send(), await other.send())

  const waiting = one.pool.take(one.ask({ operation: 'LookupEvents' }))
  await waiting
  const refused = [0, 1, 2].map(() => one.pool.take(one.ask({ operation: 'LookupEvents' })))
  const results = Promise.allSettled(refused)
  await redis.kill()
  await one.when('away')
  t.match(one.replicas.state, { ready: false })
  t.ok((await results).some(({ status }) => status === 'rejected'))
  await t.rejects(one.send(), { name: 'RedisAwayError' })
  t.match(one.pool.refusal(one.ask()), { name: 'RedisAwayError' })

  await redis.start()
  await Promise.all([one.when('together'), other.when('together')])
  sent.push(...(await Promise.all([one.send(), other.send()])))
  t.ok(shortestSpan(sent, 10) >= 1000)

  // what was learned to be an account shares that account's limiter
  await one.send('answered', { account: 'digest' })
  one.pool.merge('digest', '444455556666')
  t.match(one.pool.snapshot().at(-1), { account: '444455556666' })
  await one.send('answered', { account: '444455556666' })

  await one.send('throttled')
  t.ok(one.pool.stateOf(one.ask()).share < 1)
})

t.test('the estimate knows of replicas that want the same quota', async (t) => {
  const redis = await startRedis(t)
  const pools = [startPool(t, redis.url), startPool(t, redis.url)] as const
  const [one, other] = pools
  t.equal(one.replicas.mode, 'waiting')
  const quiet = one.pool.stateOf(one.ask()).estimatedWaitMs
  await once(one.redis, 'up')
  const joining = one.pool.stateOf(one.ask()).estimatedWaitMs
  t.ok(quiet === 0 && joining > 1_000, `${joining} ms until it is known what is in use`)
  await Promise.all([one.when('together'), other.when('together')])
  const work = pools.map((pool) => Promise.all(Array.from({ length: 60 }, () => pool.send())))
  // long enough to see how much of the quota each gets
  while (one.pool.stateOf(one.ask()).granted < 30) await delay(20)
  const { waiting } = one.pool.stateOf(one.ask())
  const { estimateMs } = one.pool.refusal(one.ask({ deadline: 0 })) as QuotaWaitError
  const asked = performance.now()
  await one.send()
  const waited = performance.now() - asked
  t.ok(
    estimateMs > waited * 0.6 && estimateMs < waited * 1.6,
    `behind ${waiting}: estimated ${estimateMs.toFixed(0)} ms, waited ${waited.toFixed(0)} ms`,
  )
  await Promise.all(work)

  // when nobody waits, also since all have gone, nothing is known of the others
  const gone = new AbortController()
  const some = Array.from({ length: 25 }, () => one.send('answered', { signal: gone.signal }))
  await delay(100)
  gone.abort()
  const left = (await Promise.allSettled(some)).filter(({ status }) => status === 'rejected')
  t.ok(left.length > 10, `${left.length} went away`)
  await delay(3_500)
  const twenty = Array.from({ length: 20 }, () => one.send())
  const { estimateMs: alone } = one.pool.refusal(one.ask({ deadline: 0 })) as QuotaWaitError
  t.ok(alone <= 1_200, `${alone.toFixed(0)} ms, a window`)
  await Promise.all(twenty)
})

t.test('without Redis they take turns, and leave others theirs', async (t) => {
  const redis = await startRedis(t)
  const [one, other] = [startPool(t, redis.url, 4), startPool(t, redis.url, 4)]
  await Promise.all([one.when('together'), other.when('together')])
  await redis.kill()
  await Promise.all([one.when('alone'), other.when('alone')])
  t.match(one.replicas.state, { ready: true, detail: /take turns/ })
  const sent = await Promise.all(
    [one, other].flatMap((pool) => Array.from({ length: 10 }, () => pool.send())),
  )
  t.ok(shortestSpan(sent, 10) >= 1000)
  const waits = [one, other].map((pool) => pool.pool.stateOf(pool.ask()).estimatedWaitMs)
  t.ok(Math.max(...waits) > 0, `it can be the turn of one at most: ${waits.join(', ')} ms to wait`)
  await redis.start()
  await Promise.all([one.when('together'), other.when('together')])
  await Promise.all([one.send(), other.send()])
})

t.test('who comes to a quota later knows what happened before', async (t) => {
  const redis = await startRedis(t)
  const [one, other] = [startPool(t, redis.url), startPool(t, redis.url)]
  await Promise.all([one.when('together'), other.when('together')])

  // Redis forgets what is in use before the other has ever asked for it
  const sent = await Promise.all(Array.from({ length: 10 }, () => one.send()))
  await other.redis.client.flushall()
  sent.push(...(await Promise.all(Array.from({ length: 10 }, () => other.send()))))
  t.ok(shortestSpan(sent, 10) >= 1000, `${shortestSpan(sent, 10).toFixed(0)} ms`)

  // an account that the other has not used yet was throttled
  const account = '444455556666'
  await one.send('throttled', { account })
  const share = () => other.pool.stateOf(other.ask({ account })).share
  t.equal(share(), 1, 'it has not heard of it yet')
  await other.send('answered', { account })
  t.ok(share() < 0.8, `${share()}`)
})

t.test('a replica that was started again has its own seat, and leaves none behind', async (t) => {
  const redis = await startRedis(t)
  const one = startPool(t, redis.url, 4, 'one:8080')
  await one.when('together')
  const seats = async () =>
    Object.keys(await one.redis.client.hgetall('{cloudtrail-commands:seats}:4'))
  for (let killed = 0; killed < 3; killed++) {
    const other = startPool(t, redis.url, 4, 'other:8080')
    await other.when('together')
    t.match(await seats(), { length: 3 }, 'two seats, and when they were made')
    // it is not heard of any more, as if it had been killed
    other.redis.client.disconnect()
  }
  while (!one.replicas.state.detail.includes('one that is missing')) await delay(100)
  t.match(one.replicas.state, { ready: true }, 'its turns are left to it')
  await one.replicas.close()

  // those that come with new names have the seats that are left, until there is none, and no time that is nobody's
  for (const name of ['second', 'third', 'fourth']) {
    const other = startPool(t, redis.url, 4, name)
    await other.when('together')
    other.redis.client.disconnect()
  }
  const last = startPool(t, redis.url, 4, 'fifth')
  await last.when('together')
  while (last.replicas.state.ready) await delay(100)
  t.match(last.replicas.state, { ready: false, up: true, detail: /4 that are missing/ })
})
