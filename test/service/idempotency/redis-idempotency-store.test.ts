import { once } from 'node:events'
import { setTimeout as delay } from 'node:timers/promises'
import t, { type Test } from 'tap'
import type { CommandResponse } from '../../../src/envelope/envelope.js'
import type { KeyedRun } from '../../../src/service/idempotency/idempotency-store.js'
import { KeyedRuns } from '../../../src/service/idempotency/keyed-runs.js'
import { RedisIdempotencyStore } from '../../../src/service/idempotency/redis-idempotency-store.js'
import { RedisConnection } from '../../../src/redis/redis-connection.js'
import { startRedis, type RedisServer } from '../../support/redis.js'

const logger = {
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
} as unknown as ConstructorParameters<typeof RedisConnection>[1]

let runs = 0
const run = (key: string, more: Partial<KeyedRun> = {}): KeyedRun => ({
  key,
  owner: 'somebody',
  fingerprint: 'same',
  id: `run-${runs++}`,
  isJob: false,
  ...more,
})
const ANSWER = { status: 207, retryAfter: undefined, envelope: { error: 'x' } } as CommandResponse

const claim = (
  store: RedisIdempotencyStore,
  asked: KeyedRun,
  ended = new AbortController().signal,
) => store.claim(asked, ended)

/** A replica's store, which is connected. */
async function connect(t: Test, redis: RedisServer, leaseMs?: number) {
  const connection = new RedisConnection(redis.url, logger)
  const store = new RedisIdempotencyStore(connection, logger, leaseMs)
  t.teardown(async () => {
    await store.close()
    connection.close()
  })
  await once(connection, 'up')
  return { store, connection }
}

t.test('a key stands for the same at every replica', async (t) => {
  const redis = await startRedis(t)
  const [here, there] = [await connect(t, redis), await connect(t, redis)]
  const first = run('a')
  t.same(await claim(here.store, first), { state: 'claimed', isRepeat: false })
  for (const { store } of [here, there]) {
    t.same(await claim(store, run('a')), { state: 'running', jobId: undefined })
    t.same(await claim(store, run('a', { fingerprint: 'other' })), { state: 'other' })
  }
  await here.store.keep(first, ANSWER)
  for (const { store } of [here, there]) {
    t.match(await claim(store, run('a')), { state: 'answered', answer: { status: 207 } })
    t.same(await claim(store, run('a', { fingerprint: 'other' })), { state: 'other' })
  }
  const ttl = await here.connection.client.pttl('cloudtrail-idempotency:{a}')
  t.ok(ttl > 86_390_000 && ttl <= 86_400_000, 'for a day')
  t.equal(await here.connection.client.exists('cloudtrail-idempotency:{a}:run'), 0)
})

t.test('a job is found by its key, and a free key is free for all', async (t) => {
  const redis = await startRedis(t)
  const [here, there] = [await connect(t, redis), await connect(t, redis)]
  const job = run('a', { isJob: true })
  await claim(here.store, job)
  t.same(await claim(there.store, run('a')), { state: 'running', jobId: job.id })
  await here.store.keep(job, ANSWER)
  t.match(await claim(there.store, run('a')), { state: 'answered', jobId: job.id })
  const other = run('b')
  await claim(here.store, other)
  await here.store.release(other, false)
  t.same(await claim(there.store, run('b')), { state: 'claimed', isRepeat: false })
})

t.test('of a thousand that ask at the same time, one gets the key', async (t) => {
  const redis = await startRedis(t)
  const replicas = [await connect(t, redis), await connect(t, redis)]
  const claims = await Promise.all(
    Array.from({ length: 1000 }, (_, index) => claim(replicas[index % 2]!.store, run('a'))),
  )
  t.equal(claims.filter(({ state }) => state === 'claimed').length, 1)
  t.equal(claims.filter(({ state }) => state === 'running').length, 999)
})

t.test('a run keeps its key as long as its process lives, and not longer', async (t) => {
  const redis = await startRedis(t)
  const [here, there] = [await connect(t, redis, 600), await connect(t, redis)]
  const first = run('a')
  await claim(here.store, first)
  const since = performance.now()
  while (performance.now() - since < 1_500) {
    t.match(await claim(there.store, run('a')), { state: 'running' }, 'renewed')
    await new Promise((resolve) => setTimeout(resolve, 250))
  }
  here.connection.close()
  t.match(await claim(there.store, run('a', { fingerprint: 'other' })), { state: 'other' })
  let last = await claim(there.store, run('a'))
  while (last.state === 'running') last = await claim(there.store, run('a'))
  t.same(last, { state: 'claimed', isRepeat: true }, 'and the next one knows of it')
})

t.test('a run that began after a lost one and did nothing leaves that to be known', async (t) => {
  const redis = await startRedis(t)
  const { store } = await connect(t, redis)
  const [first, second] = [run('a'), run('a')]
  await claim(store, first)
  await store.release(first, true)
  t.same(await claim(store, second), { state: 'claimed', isRepeat: true })
  await store.release(second, true)
  t.same(await claim(store, run('a', { fingerprint: 'other' })), { state: 'other' })
  t.same(await claim(store, run('a')), { state: 'claimed', isRepeat: true })
})

t.test('who was thought dead does not write over the answer of who came after', async (t) => {
  const redis = await startRedis(t)
  const [here, there] = [await connect(t, redis), await connect(t, redis)]
  const [first, second] = [run('a'), run('a')]
  await claim(here.store, first)
  await there.connection.client.del('cloudtrail-idempotency:{a}:run')
  t.match(await claim(there.store, second), { state: 'claimed', isRepeat: true })
  await here.store.keep(first, { ...ANSWER, status: 500 })
  t.match(await claim((await connect(t, redis)).store, run('a')), { state: 'running' })
  await there.store.keep(second, ANSWER)
  await here.store.keep(first, { ...ANSWER, status: 500 })
  t.match(await claim(here.store, run('a')), { answer: { status: 207 } })
})

t.test(
  'a Redis that was away, and comes back empty, learns what is running and done',
  async (t) => {
    const redis = await startRedis(t)
    const [here, there] = [await connect(t, redis), await connect(t, redis)]
    const [running, done] = [run('running'), run('done')]
    await claim(here.store, running)
    await claim(here.store, done)
    await redis.kill()
    await t.rejects(claim(there.store, run('running')), 'nothing is claimed while it is away')
    await t.rejects(here.store.keep(done, ANSWER))
    t.match(await claim(here.store, run('done')), { state: 'answered' }, 'here it is known')
    const back = Promise.all([once(here.connection, 'up'), once(there.connection, 'up')])
    await redis.start()
    await back
    t.same(await claim(there.store, run('running')), { state: 'running', jobId: undefined })
    t.match(await claim(there.store, run('done')), { state: 'answered', answer: { status: 207 } })
  },
)

t.test('a run whose key may be another’s makes no more changes', async (t) => {
  const redis = await startRedis(t)
  const { store } = await connect(t, redis, 2_000)
  const first = run('a')
  t.notOk(store.holds(first))
  await claim(store, first)
  const since = performance.now()
  while (performance.now() - since < 3_000) {
    t.ok(store.holds(first), 'renewed')
    await delay(300)
  }
  redis.pause()
  const pausedAt = performance.now()
  while (store.holds(first)) await delay(10)
  const heldMs = performance.now() - pausedAt
  t.ok(heldMs <= 1_050, `${heldMs.toFixed(0)} ms, half of the lease after it was heard of at most`)
  redis.resume()
  while (!store.holds(first)) await delay(10)
})

t.test('a key whose giving was never heard of is free again, and known as free', async (t) => {
  const redis = await startRedis(t)
  const [here, there] = [await connect(t, redis), await connect(t, redis)]
  const { client } = here.connection
  const evaluate = client.eval.bind(client) as (...args: unknown[]) => Promise<unknown>
  const loseAnswers = () => {
    client.eval = async (...args: unknown[]) => {
      await evaluate(...args)
      if (String(args[0]).includes('claimed')) throw new Error('the answer was lost')
      return Infinity
    }
  }
  loseAnswers()
  await t.rejects(claim(here.store, run('a')), { message: 'the answer was lost' })
  client.eval = evaluate
  let last = await claim(there.store, run('a'))
  t.equal(last.state, 'running', 'Redis has given it')
  const since = performance.now()
  while (last.state === 'running') {
    last = await claim(there.store, run('a'))
    await delay(50)
  }
  t.ok(performance.now() - since < 10_000, 'sooner than its lease ends')
  t.same(last, { state: 'claimed', isRepeat: false }, 'nobody did anything')

  // where an earlier run may have done something, that stays known
  const lost = run('b')
  await claim(there.store, lost)
  await there.store.release(lost, true)
  loseAnswers()
  await t.rejects(claim(here.store, run('b')), { message: 'the answer was lost' })
  client.eval = evaluate
  t.same(await claim(here.store, run('b')), { state: 'claimed', isRepeat: true })
})

t.test('who is out of time waits for no key, and leaves none behind', async (t) => {
  const redis = await startRedis(t)
  const [here, there] = [await connect(t, redis), await connect(t, redis)]
  const from = performance.now()
  const runs = new KeyedRuns(here.store, logger)
  const asked = runs.take(run('a'), AbortSignal.timeout(200), async () => false)
  await t.rejects(asked, { name: 'TimeoutError' })
  t.ok(performance.now() - from < 1_500, 'although Redis is new, and gives no keys for 2.5 s')
  t.same(await claim(there.store, run('a')), { state: 'claimed', isRepeat: false })
})

t.test('after FLUSHALL no key is given until all that run have told theirs', async (t) => {
  const redis = await startRedis(t)
  const [here, there] = [await connect(t, redis), await connect(t, redis)]
  await claim(here.store, run('a'))
  await there.connection.client.flushall()
  t.same(await claim(there.store, run('a')), { state: 'running', jobId: undefined })
})

t.test('a Redis that does not answer makes no answer late, and has it when it does', async (t) => {
  const redis = await startRedis(t)
  const [here, there] = [await connect(t, redis), await connect(t, redis)]
  const runs = new KeyedRuns(here.store, logger)
  const first = run('a')
  await claim(here.store, first)
  redis.pause()
  const from = performance.now()
  await runs.run(first, { mayBeMade: true, mayBeRepeated: false }, async () => ANSWER)
  t.ok(performance.now() - from < 1_000, 'a command of Redis may take twice as long')
  const back = once(here.connection, 'up')
  await once(here.connection, 'down')
  redis.resume()
  await back
  let last = await claim(there.store, run('a'))
  while (last.state === 'running') last = await claim(there.store, run('a'))
  t.match(last, { state: 'answered', answer: { status: 207 } })
})
