import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import t, { type Test } from 'tap'
import type { CommandResponse } from '../../../src/envelope/envelope.js'
import { JOB_BOUNDS, type JobBounds } from '../../../src/service/jobs/job-store.js'
import type { Job } from '../../../src/service/jobs/job.js'
import { RedisJobStore } from '../../../src/service/jobs/redis-job-store.js'
import { RedisConnection } from '../../../src/redis/redis-connection.js'
import { startRedis, type RedisServer } from '../../support/redis.js'

const logger = {
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
} as unknown as ConstructorParameters<typeof RedisConnection>[1]

const job = (owner = 'me', createdAt = Date.now()): Job => ({
  id: randomUUID(),
  owner,
  command: 'list-trails',
  createdAt,
  meta: { requestId: 'r', apiCalls: 0, throttled: 0, queuedMs: 0, durationMs: 0 },
  progress: { done: 0, total: 3, estimatedEnd: createdAt + 3_000, cancelled: false },
})

const answer = (size = 1) =>
  ({ status: 200, retryAfter: undefined, envelope: { error: 'x'.repeat(size) } }) as CommandResponse

/** A replica's store, which is connected. */
async function connect(t: Test, redis: RedisServer, bounds: Partial<JobBounds> = {}, leaseMs = 0) {
  const connection = new RedisConnection(redis.url, logger)
  const all = { ...JOB_BOUNDS, ...bounds }
  const store = new RedisJobStore(connection, all, logger, leaseMs || undefined)
  t.teardown(async () => {
    await store.close()
    connection.close()
  })
  await once(connection, 'up')
  return { store, connection }
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

t.test('any replica tells how far a job has come, and its answer', async (t) => {
  const redis = await startRedis(t)
  const [here, there] = [await connect(t, redis), await connect(t, redis)]
  const mine = job()
  t.ok(await here.store.add(mine))
  t.match(await there.store.find('me', mine.id), mine)
  await here.store.progress(mine, { ...mine.progress, done: 2 })
  t.match(await there.store.find('me', mine.id), { progress: { done: 2, total: 3 } })
  await here.store.finish(mine, answer())
  for (const { store } of [here, there]) {
    t.match(await store.find('me', mine.id), { answer: { status: 200 }, finishedAt: Number })
    t.equal(await store.find('another', mine.id), undefined, "nobody else's")
    t.equal(await store.find('me', randomUUID()), undefined)
    t.equal(await store.find('me', '__proto__'), undefined)
  }
})

t.test('a job is cancelled at whatever replica', async (t) => {
  const redis = await startRedis(t)
  const [here, there] = [await connect(t, redis), await connect(t, redis)]
  const mine = job()
  await here.store.add(mine)
  const cancelled = new Promise<void>((resolve) => here.store.onCancel(mine, resolve))
  await there.store.cancel((await there.store.find('me', mine.id))!)
  t.match(await there.store.find('me', mine.id), { progress: { cancelled: true } }, 'at once')
  await cancelled
  t.equal(mine.progress.cancelled, true)
  const local = job()
  await here.store.add(local)
  const atOnce = new Promise<void>((resolve) => here.store.onCancel(local, resolve))
  await here.store.cancel(local)
  await atOnce
})

t.test('a job whose process is gone is lost, and makes room; one that lives is not', async (t) => {
  const redis = await startRedis(t)
  const [here, there] = [
    await connect(t, redis, {}, 1_500),
    await connect(t, redis, { perOwner: 1 }),
  ]
  const mine = job()
  await here.store.add(mine)
  await pause(2_000)
  t.notOk((await there.store.find('me', mine.id))?.lost, 'it is renewed')
  t.notOk(await there.store.add(job()), 'and is counted')
  here.connection.close()
  while (!(await there.store.find('me', mine.id))?.lost) await pause(50)
  t.equal((await there.store.find('me', mine.id))?.answer, undefined)
  t.ok(await there.store.add(job()))
  t.equal(await there.store.find('me', mine.id), undefined)
})

t.test('each owner has its bounds', async (t) => {
  const redis = await startRedis(t)
  const { store, connection } = await connect(t, redis, { perOwner: 2, bytesPerOwner: 3_000 })
  const [a, b, c] = [job('me', 1), job('me', 2), job('me', 3)]
  t.ok(await store.add(a))
  t.ok(await store.add(b))
  t.notOk(await store.add(c), 'both run')
  t.ok(await store.add(job('another')))
  await store.finish(a, answer(1_000))
  t.ok(await store.find('me', a.id))
  const [d, e] = [job(), job()]
  await store.add(d)
  await store.finish(b, answer(1_000))
  await store.finish(d, answer(1_000))
  t.ok(await store.add(e), 'in place of the oldest')
  await store.finish(e, answer(5_000))
  t.ok(await store.find('me', e.id), 'the newest stays, whatever its size')
  t.notOk(await store.find('me', d.id))
  const names = await connection.client.keys('*')
  for (const name of names) t.ok((await connection.client.pttl(name)) > 0, `${name} runs out`)
})

t.test('a Redis that was away, and comes back empty, learns of jobs and answers', async (t) => {
  const redis = await startRedis(t)
  const [here, there] = [await connect(t, redis), await connect(t, redis)]
  const [running, finished] = [job(), job()]
  await here.store.add(running)
  await here.store.add(finished)
  await redis.kill()
  await t.rejects(there.store.find('me', running.id))
  await t.rejects(here.store.finish(finished, answer()))
  t.match(await here.store.find('me', finished.id), { answer: { status: 200 } }, 'here it is known')
  const back = once(there.connection, 'up')
  await redis.start()
  await back
  while (!(await there.store.find('me', finished.id))?.answer) await pause(50)
  t.match(await there.store.find('me', running.id), { progress: { total: 3 } })
})
