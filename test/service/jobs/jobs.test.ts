import t, { type Test } from 'tap'
import type { Follower } from '../../../src/cloudtrail/call-context.js'
import type { CommandResponse } from '../../../src/envelope/envelope.js'
import { JOB_RECORDS, type JobData } from '../../../src/service/jobs/job-records.js'
import { Jobs } from '../../../src/service/jobs/jobs.js'
import { useFakeClock } from '../../support/fake-clock.js'
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

const ours = (id: string) => ({ owner: 'ours', id })
const connected = () => new AbortController().signal

t.test('a wait ends when the job is finished', async (t) => {
  const { jobs, start } = open(t)
  let respond: (response: CommandResponse) => void = () => undefined
  await start(() => new Promise((resolve) => (respond = resolve)))
  const waited = jobs.waitFor(ours('a'), 300_000, connected())
  respond(responseOf())
  t.match(await waited, { id: 'a', response: { status: 207 } })
  t.match(await jobs.waitFor(ours('a'), 1000, connected()), { response: { status: 207 } })
  t.equal(await jobs.waitFor(ours('none'), 1000, connected()), undefined)
})

t.test(
  'a wait ends at its time, when the client disconnects and when the service drains',
  async (t) => {
    const clock = useFakeClock(t)
    const { jobs, start } = open(t)
    await start(() => new Promise(() => undefined))
    let isOver = false
    const timed = jobs.waitFor(ours('a'), 2000, connected()).finally(() => (isOver = true))
    await clock.tickAsync(1999)
    t.equal(isOver, false)
    await clock.tickAsync(1)
    const running = await timed
    t.equal(running?.id, 'a')
    t.notOk(running?.response)

    const client = new AbortController()
    const left = jobs.waitFor(ours('a'), 300_000, client.signal)
    client.abort()
    t.equal((await left)?.id, 'a')

    const draining = jobs.waitFor(ours('a'), 300_000, connected())
    jobs.stopWaiting()
    t.equal((await draining)?.id, 'a')
    t.equal(
      (await jobs.waitFor(ours('a'), 300_000, connected()))?.id,
      'a',
      'a later one ends at once',
    )
    t.equal(clock.countTimers(), 0, 'no timer is left')
  },
)

t.test('a wait looks up a job that another replica runs twice a second', async (t) => {
  const clock = useFakeClock(t)
  const { records, start } = open(t)
  let respond: (response: CommandResponse) => void = () => undefined
  await start(() => new Promise((resolve) => (respond = resolve)))
  const other = new Jobs(records, { read: 10, lookup: 2, write: 1 }, { error: () => undefined })
  const waited = other.waitFor(ours('a'), 60_000, connected())
  await clock.tickAsync(10_000)
  respond(responseOf())
  await clock.tickAsync(500)
  t.match(await waited, { response: { status: 207 } })
})
