import { once } from 'node:events'
import { setTimeout as delay } from 'node:timers/promises'
import { pino } from 'pino'
import t, { type Test } from 'tap'
import type { PermitRequest } from '../../src/quota/permit.js'
import type { QuotaWaitError } from '../../src/quota/quota-errors.js'
import { QuotaPool } from '../../src/quota/quota-pool.js'
import { Replicas } from '../../src/quota/replicas.js'
import { RedisConnection } from '../../src/redis/redis-connection.js'
import { needs } from '../support/needs.js'
import { permitRequest, usePermit } from '../support/permits.js'
import { startRedis } from '../support/redis.js'
import { shortestSpan } from '../support/start-strict-endpoint.js'

needs('redis-server')

/** The part of a replica that shares the quota. */
function startPool(t: Test, url: string, share?: number) {
  const redis = new RedisConnection(url, pino({ level: 'silent' }))
  const replicas = new Replicas(redis, { windowMs: 1000, share })
  const pool = new QuotaPool({
    tps: { read: 10, lookup: 2, write: 1 },
    scope: 'class',
    queueLimit: 100,
    replicas,
  })
  t.teardown(() => {
    pool.close()
    replicas.close()
    redis.close()
  })
  const when = async (mode: Replicas['mode']) => {
    while (replicas.mode !== mode) await once(replicas, 'change')
  }
  const ask = (more: Partial<PermitRequest> = {}): PermitRequest =>
    permitRequest({ signal: AbortSignal.timeout(30_000), ...more })
  /** Takes a permit and uses it; when. */
  const send = async (
    outcome: 'responded' | 'throttled' = 'responded',
    more?: Partial<PermitRequest>,
  ) => {
    return usePermit(await pool.take(ask(more)), outcome)
  }
  return { redis, replicas, pool, when, ask, send }
}

t.test('two replicas share a quota, through an outage, a loss of data and a merge', async (t) => {
  const redis = await startRedis(t)
  const [one, other] = [startPool(t, redis.url), startPool(t, redis.url)]
  await Promise.all([one.when('together'), other.when('together')])
  t.match(one.replicas.state, { ready: true })
  const sent = await Promise.all(
    Array.from({ length: 12 }, (_, index) => (index % 2 ? one : other).send()),
  )

  // a permit that is not used in time is void, and its slot is free
  const unused = await one.pool.take(one.ask({ operation: 'StopLogging' }))
  await once(unused.voided!, 'abort')
  t.match(unused.voided?.reason, { name: 'PermitVoidError' })
  unused.done('unsent')
  await other.send('responded', { operation: 'StopLogging' })

  // Redis loses the slots in use: nothing is sent for a window
  sent.push(await one.send(), await other.send())
  await one.redis.client.flushall()
  sent.push(await one.send(), await other.send())

  const waiting = one.pool.take(one.ask({ operation: 'LookupEvents' }))
  await waiting
  const refused = [0, 1, 2].map(() => one.pool.take(one.ask({ operation: 'LookupEvents' })))
  const results = Promise.allSettled(refused)
  await redis.kill()
  await one.when('unavailable')
  t.match(one.replicas.state, { ready: false })
  t.ok((await results).some(({ status }) => status === 'rejected'))
  await t.rejects(one.send(), { name: 'RedisUnavailableError' })
  t.match(one.pool.refusal(one.ask()), { name: 'RedisUnavailableError' })

  await redis.start()
  await Promise.all([one.when('together'), other.when('together')])
  sent.push(...(await Promise.all([one.send(), other.send()])))
  t.ok(shortestSpan(sent, 10) >= 1000)

  // a connection shares the limiter of its account once that is known
  await one.send('responded', { account: 'digest' })
  one.pool.merge('digest', '444455556666')
  t.match(one.pool.snapshot().at(-1), { account: '444455556666' })
  await one.send('responded', { account: '444455556666' })

  await one.send('throttled')
  t.ok(one.pool.stateOf(one.ask()).share < 1)
})

t.test('the estimate counts replicas that want the same quota', async (t) => {
  const redis = await startRedis(t)
  const pools = [startPool(t, redis.url), startPool(t, redis.url)] as const
  const [one, other] = pools
  t.equal(one.replicas.mode, 'starting')
  const quiet = one.pool.stateOf(one.ask()).estimatedWaitMs
  await once(one.redis, 'up')
  const joining = one.pool.stateOf(one.ask()).estimatedWaitMs
  t.ok(quiet === 0 && joining > 1_000, `${joining} ms until the slots in use are known`)
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

  // when no request waits any more, the share of the other replicas is unknown
  const gone = new AbortController()
  const some = Array.from({ length: 25 }, () =>
    one.send('responded', { signal: AbortSignal.any([gone.signal]) }),
  )
  await delay(100)
  gone.abort()
  const left = (await Promise.allSettled(some)).filter(({ status }) => status === 'rejected')
  t.ok(left.length > 10, `${left.length} were aborted`)
  await delay(3_500)
  const twenty = Array.from({ length: 20 }, () => one.send())
  const { estimateMs: alone } = one.pool.refusal(one.ask({ deadline: 0 })) as QuotaWaitError
  t.ok(alone <= 1_200, `${alone.toFixed(0)} ms, a window`)
  await Promise.all(twenty)
})

t.test(
  'without Redis each uses its share, and sends nothing for a window before and after',
  async (t) => {
    const redis = await startRedis(t)
    const [one, other] = [startPool(t, redis.url, 0.5), startPool(t, redis.url, 0.5)]
    await Promise.all([one.when('together'), other.when('together')])
    const sent = await Promise.all(Array.from({ length: 10 }, () => one.send()))
    await redis.kill()
    await Promise.all([one.when('alone'), other.when('alone')])
    t.match(one.replicas.state, { ready: true, up: false, detail: /uses 0.5 of the quota/ })
    sent.push(
      ...(await Promise.all(
        [one, other].flatMap((pool) => Array.from({ length: 8 }, () => pool.send())),
      )),
    )
    await redis.start()
    await Promise.all([one.when('together'), other.when('together')])
    sent.push(
      ...(await Promise.all(
        [one, other].flatMap((pool) => Array.from({ length: 8 }, () => pool.send())),
      )),
    )
    // two replicas with half the quota each: whenever they send, it is the quota at most
    t.ok(shortestSpan(sent, 10) >= 1000, `${shortestSpan(sent, 10).toFixed(0)} ms`)
  },
)

t.test('a replica that uses a quota later knows of earlier throttles and losses', async (t) => {
  const redis = await startRedis(t)
  const [one, other] = [startPool(t, redis.url), startPool(t, redis.url)]
  await Promise.all([one.when('together'), other.when('together')])

  // Redis loses the slots in use before the other replica has used the quota
  const sent = await Promise.all(Array.from({ length: 10 }, () => one.send()))
  await other.redis.client.flushall()
  sent.push(...(await Promise.all(Array.from({ length: 10 }, () => other.send()))))
  t.ok(shortestSpan(sent, 10) >= 1000, `${shortestSpan(sent, 10).toFixed(0)} ms`)

  // a throttle of an account that the other has not used yet
  const account = '444455556666'
  await one.send('throttled', { account })
  const share = () => other.pool.stateOf(other.ask({ account })).share
  t.equal(share(), 1, 'not known before its first use')
  await other.send('responded', { account })
  t.ok(share() < 0.8, `${share()}`)
})
