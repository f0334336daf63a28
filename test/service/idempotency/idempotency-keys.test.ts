import t, { type Test } from 'tap'
import type { CommandResponse } from '../../../src/envelope/envelope.js'
import { IdempotencyKeys } from '../../../src/service/idempotency/idempotency-keys.js'
import {
  IDEMPOTENCY_RECORDS,
  idempotencyRecord,
} from '../../../src/service/idempotency/idempotency-records.js'
import { MemoryRecords } from '../../../src/service/records/memory-records.js'
import { useFakeClock } from '../../support/fake-clock.js'

const responseOf = (returnData: string, status = 200) =>
  ({ status, envelope: { returnData } }) as CommandResponse
const unknown = () => responseOf('Failed', 504)
const newRecord = () => idempotencyRecord('ours', 'a', 'same', false)
const never = new AbortController().signal
const notEnough = async () => false

function open(t: Test) {
  const errors: unknown[] = []
  const logger = { warn: () => undefined, error: (what: unknown) => void errors.push(what) }
  const records = new MemoryRecords<{ jobId?: string }>(IDEMPOTENCY_RECORDS, logger)
  const keys = new IdempotencyKeys(records, logger)
  t.teardown(() => keys.close())
  /** Claims the key and runs a command. */
  const run = async (mayBeMade: boolean, work: () => Promise<CommandResponse>) => {
    const record = newRecord()
    t.match(await keys.claim(record, never, notEnough), { state: 'claimed' })
    return keys.run(record, { mayBeMade, mayBeRepeated: false }, work, unknown)
  }
  return { keys, records, run, errors, next: () => keys.claim(newRecord(), never, notEnough) }
}

t.test('a command that throws after a write may have been made keeps its key', async (t) => {
  const { run, next } = open(t)
  const defect = () => Promise.reject(new Error('a defect'))
  await t.rejects(run(true, defect), { message: 'a defect' })
  t.match(await next(), { state: 'finished', response: { status: 504 } })
})

t.test('a command that throws before any write releases its key', async (t) => {
  const { run, next } = open(t)
  await t.rejects(run(false, () => Promise.reject(new Error('a defect'))))
  t.same(await next(), { state: 'claimed', isRepeat: false })
})

t.test('a response is kept if a write was made or may have been made', async (t) => {
  for (const [returnData, mayBeMade, state] of [
    ['Successful', false, 'finished'],
    ['Partially Successful', true, 'finished'],
    ['Failed', true, 'finished'],
    ['Failed', false, 'claimed'],
  ] as const) {
    const { run, next } = open(t)
    await run(mayBeMade, async () => responseOf(returnData))
    t.match(await next(), { state }, `${returnData} ${mayBeMade}`)
  }
})

t.test('a claim waits for the run that holds the key, and returns its response', async (t) => {
  const { keys, run, next } = open(t)
  let respond: (response: CommandResponse) => void = () => undefined
  const running = run(true, () => new Promise((resolve) => (respond = resolve)))
  await new Promise((resolve) => setImmediate(resolve))
  const waiting = next()
  const hurried = await keys.claim(newRecord(), AbortSignal.timeout(30), notEnough)
  t.match(hurried, { state: 'running' }, 'until its signal aborts')
  const enough = await keys.claim(newRecord(), never, async () => true)
  t.match(enough, { state: 'running' }, 'or a running record is enough')
  const finished = keys.finished()
  respond(responseOf('Successful', 207))
  await Promise.all([running, finished])
  t.match(await waiting, { state: 'finished', response: { status: 207 } })
})

t.test('an unavailable store delays a response by half a second at most', async (t) => {
  const clock = useFakeClock(t)
  const { run, records } = open(t)
  records.finish = () => new Promise(() => undefined)
  let response: CommandResponse | undefined
  const running = run(true, async () => responseOf('Successful')).then((value) => {
    response = value
  })
  await clock.tickAsync(499)
  t.equal(response, undefined)
  await clock.tickAsync(1)
  t.match(response, { status: 200 })
  await running
})

t.test('a store that rejects is logged, and changes no response', async (t) => {
  const { run, records, errors } = open(t)
  records.finish = () => Promise.reject(new Error('unavailable'))
  t.match(await run(true, async () => responseOf('Successful')), { status: 200 })
  t.match(errors, [{ err: { message: 'unavailable' } }])
})

t.test('a key that the store cannot release is logged, and changes no response', async (t) => {
  const { run, records, errors } = open(t)
  records.release = () => Promise.reject(new Error('unavailable'))
  t.match(await run(false, async () => responseOf('Failed', 403)), { status: 403 })
  t.match(errors, [{ err: { message: 'unavailable' } }])
})

t.test('the record of a job names the job', (t) => {
  const job = idempotencyRecord('ours', 'a', '', true)
  t.same(job.data, { jobId: job.holder })
  t.same(newRecord().data, {})
  t.end()
})
