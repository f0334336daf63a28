import t from 'tap'
import type { CommandResponse } from '../../../src/envelope/envelope.js'
import type { Job } from '../../../src/service/jobs/job.js'
import { MemoryJobStore } from '../../../src/service/jobs/memory-job-store.js'

const meta = { requestId: 'r', apiCalls: 0, throttled: 0, queuedMs: 0, durationMs: 0 }

const newJob = (owner: string, id: string): Job => ({
  id,
  owner,
  command: 'get-trails',
  createdAt: 0,
  meta,
  progress: { done: 0, total: 1, estimatedEnd: 0, cancelled: false },
})

const answerOf = (rawData: string): CommandResponse => ({
  status: 200,
  retryAfter: undefined,
  envelope: {
    command: 'get-trails',
    returnData: 'Successful',
    contextData: [],
    keyFields: {},
    rawData,
    error: '',
    errors: [],
    meta,
  },
})

t.test('a job is found by its owner alone', async (t) => {
  const store = new MemoryJobStore({ perOwner: 2, bytesPerOwner: 1000, keepMs: 1000 })
  t.teardown(() => store.close())
  await store.add(newJob('ours', '1'))
  t.equal((await store.find('ours', '1'))?.id, '1')
  t.equal(await store.find('theirs', '1'), undefined)
  t.equal(await store.find('', '1'), undefined)
  t.equal(await store.find('__proto__', 'constructor'), undefined)
})

t.test(
  'an owner that has too many running jobs is refused, and stands in no other way',
  async (t) => {
    const store = new MemoryJobStore({ perOwner: 2, bytesPerOwner: 1000, keepMs: 1000 })
    t.teardown(() => store.close())
    const first = newJob('ours', '1')
    t.equal(await store.add(first), true)
    t.equal(await store.add(newJob('ours', '2')), true)
    t.equal(await store.add(newJob('ours', '3')), false)
    t.equal(await store.add(newJob('theirs', '4')), true)
    await store.finish(first, answerOf(''))
    t.equal(await store.add(newJob('ours', '5')), true, 'a finished job makes room')
    t.equal(await store.find('ours', '1'), undefined)
    t.ok(await store.find('ours', '2'), 'a running job stays')
  },
)

t.test(
  'answers beyond the bound push out the oldest of the same owner, never the newest',
  async (t) => {
    const store = new MemoryJobStore({ perOwner: 10, bytesPerOwner: 1000, keepMs: 1000 })
    t.teardown(() => store.close())
    const kept = async (owner: string, id: string) => (await store.find(owner, id)) !== undefined
    for (const [owner, id, size] of [
      ['theirs', 'a', 500],
      ['ours', 'b', 500],
      ['ours', 'c', 500],
      ['ours', 'd', 5000],
    ] as const) {
      const job = newJob(owner, id)
      await store.add(job)
      await store.finish(job, answerOf('x'.repeat(size)))
    }
    t.same(
      [
        await kept('theirs', 'a'),
        await kept('ours', 'b'),
        await kept('ours', 'c'),
        await kept('ours', 'd'),
      ],
      [true, false, false, true],
    )
  },
)

t.test('a finished job is forgotten after its time, a running one is not', async (t) => {
  const store = new MemoryJobStore({ perOwner: 10, bytesPerOwner: 1000, keepMs: 20 })
  t.teardown(() => store.close())
  const finished = newJob('ours', '1')
  await store.add(finished)
  await store.add(newJob('ours', '2'))
  await store.finish(finished, answerOf(''))
  while (await store.find('ours', '1')) await new Promise((resolve) => setTimeout(resolve, 5))
  t.ok(await store.find('ours', '2'))
})

t.test('cancelling reaches who runs the job, until it is finished', async (t) => {
  const store = new MemoryJobStore({ perOwner: 10, bytesPerOwner: 1000, keepMs: 1000 })
  t.teardown(() => store.close())
  const job = newJob('ours', '1')
  await store.add(job)
  let cancels = 0
  store.onCancel(job, () => (cancels += 1))
  await store.cancel(job)
  t.equal(cancels, 1)
  t.equal(job.progress.cancelled, true)
  await store.finish(job, answerOf(''))
  await store.cancel(job)
  t.equal(cancels, 1)
})
