import { once } from 'node:events'
import t, { type Test } from 'tap'
import type { Answer } from '../../src/http/envelope.js'
import type { KeyedRun } from '../../src/idempotency/idempotency-store.js'
import { RedisIdempotencyStore } from '../../src/idempotency/redis-idempotency-store.js'
import { RedisConnection } from '../../src/redis/redis-connection.js'
import { startRedis, type RedisServer } from '../support/redis.js'

const logger = {
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
} as unknown as ConstructorParameters<typeof RedisConnection>[1]

let runs = 0
const run = (key: string, more: Partial<KeyedRun> = {}): KeyedRun => ({
  key,
  fingerprint: 'same',
  id: `run-${runs++}`,
  isJob: false,
  ...more,
})
const ANSWER = { status: 207, retryAfter: undefined, envelope: { error: 'x' } } as Answer

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
  t.same(await here.store.claim(first), { state: 'claimed', isRepeat: false })
  for (const { store } of [here, there]) {
    t.same(await store.claim(run('a')), { state: 'running', jobId: undefined })
    t.same(await store.claim(run('a', { fingerprint: 'other' })), { state: 'other' })
  }
  await here.store.keep(first, ANSWER)
  for (const { store } of [here, there]) {
    t.match(await store.claim(run('a')), { state: 'answered', answer: { status: 207 } })
    t.same(await store.claim(run('a', { fingerprint: 'other' })), { state: 'other' })
  }
  const ttl = await here.connection.client.pttl('cloudtrail-idempotency:{a}')
  t.ok(ttl > 86_390_000 && ttl <= 86_400_000, 'for a day')
  t.equal(await here.connection.client.exists('cloudtrail-idempotency:{a}:run'), 0)
})

t.test('a job is found by its key, and a free key is free for all', async (t) => {
  const redis = await startRedis(t)
  const [here, there] = [await connect(t, redis), await connect(t, redis)]
  const job = run('a', { isJob: true })
  await here.store.claim(job)
  t.same(await there.store.claim(run('a')), { state: 'running', jobId: job.id })
  await here.store.keep(job, ANSWER)
  t.match(await there.store.claim(run('a')), { state: 'answered', jobId: job.id })
  const other = run('b')
  await here.store.claim(other)
  await here.store.release(other, false)
  t.same(await there.store.claim(run('b')), { state: 'claimed', isRepeat: false })
})

t.test('of a thousand that ask at the same time, one gets the key', async (t) => {
  const redis = await startRedis(t)
  const replicas = [await connect(t, redis), await connect(t, redis)]
  const claims = await Promise.all(
    Array.from({ length: 1000 }, (_, index) => replicas[index % 2]!.store.claim(run('a'))),
  )
  t.equal(claims.filter(({ state }) => state === 'claimed').length, 1)
  t.equal(claims.filter(({ state }) => state === 'running').length, 999)
})

t.test('a run keeps its key as long as its process lives, and not longer', async (t) => {
  const redis = await startRedis(t)
  const [here, there] = [await connect(t, redis, 600), await connect(t, redis)]
  const first = run('a')
  await here.store.claim(first)
  const since = performance.now()
  while (performance.now() - since < 1_500) {
    t.match(await there.store.claim(run('a')), { state: 'running' }, 'renewed')
    await new Promise((resolve) => setTimeout(resolve, 250))
  }
  here.connection.close()
  t.match(await there.store.claim(run('a', { fingerprint: 'other' })), { state: 'other' })
  let claim = await there.store.claim(run('a'))
  while (claim.state === 'running') claim = await there.store.claim(run('a'))
  t.same(claim, { state: 'claimed', isRepeat: true }, 'and the next one knows of it')
})

t.test('a run that began after a lost one and did nothing leaves that to be known', async (t) => {
  const redis = await startRedis(t)
  const { store } = await connect(t, redis)
  const [first, second] = [run('a'), run('a')]
  await store.claim(first)
  await store.release(first, true)
  t.same(await store.claim(second), { state: 'claimed', isRepeat: true })
  await store.release(second, true)
  t.same(await store.claim(run('a', { fingerprint: 'other' })), { state: 'other' })
  t.same(await store.claim(run('a')), { state: 'claimed', isRepeat: true })
})

t.test('who was thought dead does not write over the answer of who came after', async (t) => {
  const redis = await startRedis(t)
  const [here, there] = [await connect(t, redis), await connect(t, redis)]
  const [first, second] = [run('a'), run('a')]
  await here.store.claim(first)
  await there.connection.client.del('cloudtrail-idempotency:{a}:run')
  t.match(await there.store.claim(second), { state: 'claimed', isRepeat: true })
  await here.store.keep(first, { ...ANSWER, status: 500 })
  t.match(await (await connect(t, redis)).store.claim(run('a')), { state: 'running' })
  await there.store.keep(second, ANSWER)
  await here.store.keep(first, { ...ANSWER, status: 500 })
  t.match(await here.store.claim(run('a')), { answer: { status: 207 } })
})

t.test(
  'a Redis that was away, and comes back empty, learns what is running and done',
  async (t) => {
    const redis = await startRedis(t)
    const [here, there] = [await connect(t, redis), await connect(t, redis)]
    const [running, done] = [run('running'), run('done')]
    await here.store.claim(running)
    await here.store.claim(done)
    await redis.kill()
    await t.rejects(there.store.claim(run('running')), 'nothing is claimed while it is away')
    await t.rejects(here.store.keep(done, ANSWER))
    t.match(await here.store.claim(run('done')), { state: 'answered' }, 'here it is known')
    const back = Promise.all([once(here.connection, 'up'), once(there.connection, 'up')])
    await redis.start()
    await back
    t.same(await there.store.claim(run('running')), { state: 'running', jobId: undefined })
    t.match(await there.store.claim(run('done')), { state: 'answered', answer: { status: 207 } })
  },
)
