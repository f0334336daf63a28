import t, { type Test } from 'tap'
import type { Follower } from '../../../src/cloudtrail/call-context.js'
import type { CommandResponse } from '../../../src/envelope/envelope.js'
import { JOB_RECORDS, type JobData } from '../../../src/service/jobs/job-records.js'
import { Jobs } from '../../../src/service/jobs/jobs.js'
import { MemoryRecords } from '../../../src/service/records/memory-records.js'

const responseOf = (...codes: string[]) =>
  ({ status: 207, envelope: { errors: codes.map((code) => ({ code })) } }) as CommandResponse

function open(t: Test) {
  const errors: unknown[] = []
  const logger = { warn: () => undefined, error: (what: unknown) => void errors.push(what) }
  const records = new MemoryRecords<JobData>(JOB_RECORDS, logger)
  const jobs = new Jobs(records, { read: 10, lookup: 2, write: 1 }, logger)
  t.teardown(() => jobs.close())
  const start = (run: (follower: Follower) => Promise<CommandResponse>, id = 'a') => {
    const meta = { requestId: 'r', apiCalls: 0, throttled: 0, queuedMs: 0, durationMs: 0 }
    return jobs.start({ id, owner: 'ours', command: 'get-trails', meta, apiClass: 'read', run })
  }
  return { jobs, records, errors, start }
}

/** Runs a job of some inputs and returns what is found of it at the end. */
async function inputsOf(t: Test, run: (follower: Follower) => Promise<CommandResponse>) {
  const { jobs, start } = open(t)
  await start(run)
  await jobs.finished()
  const { done, total } = (await jobs.find('ours', 'a'))!.progress
  return { done, total }
}

t.test('an input counts as done when it has an outcome', async (t) => {
  const all = await inputsOf(t, async (follower) => {
    follower.onProgress(3, 3)
    return responseOf('TrailNotFoundException')
  })
  t.same(all, { done: 3, total: 3 })
  t.same(await inputsOf(t, async () => responseOf()), { done: 1, total: 1 }, 'of one call')
  const cancelled = await inputsOf(t, async (follower) => {
    follower.onProgress(6, 6)
    return responseOf('Cancelled', 'Cancelled', 'Cancelled', 'Cancelled')
  })
  t.same(cancelled, { done: 2, total: 6 }, 'not when it was cancelled')
  const broken = await inputsOf(t, async (follower) => {
    follower.onProgress(2, 8)
    return responseOf('InternalError')
  })
  t.same(broken, { done: 2, total: 8 }, 'nor when a defect ended the command')
})

t.test('a cancelled job counts no input that ends because of it', async (t) => {
  const { jobs, start } = open(t)
  let follower: Follower | undefined
  let respond: (response: CommandResponse) => void = () => undefined
  await start((given) => {
    follower = given
    return new Promise((resolve) => (respond = resolve))
  })
  follower!.onProgress(2, 6)
  await jobs.cancel((await jobs.find('ours', 'a'))!)
  t.equal(follower!.cancelled.aborted, true)
  follower!.onProgress(6, 6)
  t.match(await jobs.find('ours', 'a'), { progress: { done: 2, total: 6, cancelled: true } })
  // one input was on its way
  respond(responseOf('Cancelled', 'Cancelled', 'Cancelled'))
  await jobs.finished()
  t.match(await jobs.find('ours', 'a'), { progress: { done: 3, total: 6 } })
})

t.test('the hundred and first running job of an owner is refused', async (t) => {
  const { start } = open(t)
  for (let index = 0; index < 100; index += 1) {
    t.ok(await start(() => new Promise(() => undefined), String(index)))
  }
  t.equal(await start(async () => responseOf(), 'one-more'), undefined)
})

t.test('a job that throws frees its place', async (t) => {
  const { jobs, start, errors } = open(t)
  await start(() => Promise.reject(new Error('a defect')))
  await jobs.finished()
  t.equal(await jobs.find('ours', 'a'), undefined)
  t.match(errors, [{ err: { message: 'a defect' }, job: 'a' }])
})

t.test('an unavailable store is logged, and the job goes on', async (t) => {
  const { jobs, records, start, errors } = open(t)
  records.finish = () => Promise.reject(new Error('unavailable'))
  await start(async () => responseOf())
  await jobs.finished()
  t.match(errors, [{ err: { message: 'unavailable' } }])
})
