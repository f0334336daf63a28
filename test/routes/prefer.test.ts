import t from 'tap'
import type { ValidationError } from '../../src/envelope/validation-error.js'
import { preferencesOf } from '../../src/routes/prefer.js'
import { MemoryRecords } from '../../src/service/records/memory-records.js'
import { followJob } from '../support/jobs.js'
import { startHeldService } from '../support/held.js'
import { startSandboxService } from '../support/service.js'

const TRAIL = { Trail: { Name: 'trail' } }

t.test('reads the preferences of RFC 7240, and refuses a wait out of its bounds', async (t) => {
  const read = (prefer?: string) => {
    const errors: ValidationError[] = []
    return { ...preferencesOf({ ...(prefer !== undefined && { prefer }) }, errors), errors }
  }
  for (const [prefer, isAsync, waitMs] of [
    [undefined, false, undefined],
    ['return=minimal, handling=lenient', false, undefined],
    ['Respond-Async; x=1', true, undefined],
    ['wait=1', false, 1000],
    ['WAIT = "300"', false, 300_000],
    ['respond-async, wait=10; x', true, 10_000],
    ['wait=10, wait=oops', false, 10_000],
  ] as const) {
    t.match(read(prefer), { isAsync, waitMs, errors: [] }, String(prefer))
  }
  for (const wait of ['wait', 'wait=', 'wait=0', 'wait=301', 'wait=1.5', 'wait=-1', 'wait=ten']) {
    const field = 'prefer'
    const message = 'must have a wait that is a whole number of seconds from 1 to 300'
    t.match(read(wait), { waitMs: undefined, errors: [{ field, message }] }, wait)
  }
})

t.test("returns the command's own response when it is ready within the wait", async (t) => {
  const service = await startSandboxService(t)
  const names = { trailNames: ['management-events', 'no-such-trail'] }
  const plain = await service.run('get-trails', names)
  for (const [prefer, applied] of [
    ['wait=30', 'wait=30'],
    ['respond-async, wait=30', 'wait=30'],
  ] as const) {
    const waited = await service.run('get-trails', names, { prefer })
    t.equal(waited.status, 207)
    t.equal(waited.headers.get('preference-applied'), applied)
    t.equal(waited.headers.get('location'), null)
    t.equal(waited.headers.get('ratelimit-policy'), plain.headers.get('ratelimit-policy'))
    t.same(waited.body.contextData, plain.body.contextData)
    t.notOk('job' in waited.body)
  }
})

t.test(
  'returns 202 with the job when the wait is over, and the job on a second wait',
  async (t) => {
    const held = await startHeldService(t)
    const { service } = held
    const start = await service.run('get-trails', { trailNames: ['trail-0'] }, { prefer: 'wait=1' })
    t.equal(start.status, 202)
    t.equal(start.headers.get('preference-applied'), 'wait=1')
    const path = start.headers.get('location')!
    const following = service.fetch(path, { headers: { prefer: 'wait=300' } })
    held.release(TRAIL)
    const followed = await following
    t.equal(followed.status, 200)
    t.equal(followed.headers.get('preference-applied'), 'wait=300')
    t.match(await followed.json(), { returnData: 'Successful', job: { status: 'finished' } })
  },
)

t.test('returns 202 with the job when the job that it waits for cannot be looked up', async (t) => {
  const found = t.intercept(MemoryRecords.prototype, 'find', {
    value: () => Promise.reject(new Error('unavailable')),
  })
  const held = await startHeldService(t)
  const start = await held.service.run(
    'get-trails',
    { trailNames: ['trail-0'] },
    { prefer: 'wait=300' },
  )
  t.equal(start.status, 202)
  t.ok(held.service.log.some(({ msg }) => msg === 'a job could not be waited for'))
  found.restore()
  await held.arrived(1)
  held.release(TRAIL)
  const job = await followJob(held.service, start.headers.get('location')!)
  t.match(job, { returnData: 'Successful' })
})

t.test('returns the same response for a repeated idempotency key, however it waits', async (t) => {
  const held = await startHeldService(t)
  const { service } = held
  const key = { 'idempotency-key': 'task-1' }
  const stop = (prefer: string) =>
    service.run('stop-logging', { trailNames: ['trail-0'] }, { ...key, prefer })
  const first = await stop('respond-async')
  await held.arrived(1)
  const second = stop('wait=300')
  held.release()
  const waited = await second
  t.equal(waited.status, 200)
  t.equal(waited.headers.get('idempotency-replayed'), 'true')
  t.match(waited.body, { returnData: 'Successful', command: 'stop-logging' })
  const { job: _job, ...followed } = await followJob(service, first.headers.get('location')!)
  t.same(waited.body, followed)
})

t.test('responds to clients that wait when it shuts down', async (t) => {
  const held = await startHeldService(t)
  const { service } = held
  const waiting = service.run('get-trails', { trailNames: ['trail-0'] }, { prefer: 'wait=300' })
  await held.arrived(1)
  const closed = service.close()
  const response = await waiting
  t.equal(response.status, 202)
  held.release(TRAIL)
  await followJob(service, response.headers.get('location')!)
  await closed
})

t.test('refuses a wait out of its bounds, for commands and for jobs', async (t) => {
  const service = await startSandboxService(t)
  const command = await service.run('list-trails', {}, { prefer: 'wait=301' })
  t.equal(command.status, 400)
  t.match(command.body.errors, [{ code: 'ValidationError', field: 'prefer' }])
  const job = await service.fetch('/jobs/a', { headers: { prefer: 'wait=0' } })
  t.equal(job.status, 400)
  t.match(await job.json(), { errors: [{ code: 'ValidationError', field: 'prefer' }] })
})

t.test('streams at once although the client would wait', async (t) => {
  const service = await startSandboxService(t)
  const response = await service.fetch('/commands/lookup-events', {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/x-ndjson',
      prefer: 'wait=30',
    },
    body: '{"limit": 1}',
  })
  t.equal(response.status, 200)
  t.equal(response.headers.get('content-type'), 'application/x-ndjson')
  t.equal(response.headers.get('preference-applied'), null)
  await response.text()
})
