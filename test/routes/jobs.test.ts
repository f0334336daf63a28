import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import t, { type Test } from 'tap'
import { json, startEndpoint } from '../support/endpoint.js'
import { keysFile } from '../support/keys.js'
import { followJob } from '../support/jobs.js'
import { startSandboxService, startServiceAt, type TestService } from '../support/service.js'

const ASYNC = { prefer: 'respond-async' }
const names = (count: number) => Array.from({ length: count }, (_, index) => `trail-${index}`)

/** A service in front of an endpoint that keeps every request until the test responds to it. */
async function startHeld(t: Test, env: Record<string, string> = {}) {
  const held: ServerResponse[] = []
  const endpoint = await startEndpoint(t, (_arrival, response) => {
    held.push(response)
    endpoint.server.emit('held')
  })
  const service = await startServiceAt(t, endpoint.url, env)
  const arrived = async (count: number) => {
    while (endpoint.arrivals.length < count) await once(endpoint.server, 'held')
  }
  return { service, endpoint, held, arrived }
}

const release = (held: ServerResponse[], answer: object = { Trail: { Name: 'trail' } }) => {
  for (const response of held.splice(0)) json(response, answer)
}

const job = async (service: TestService, path: string, method = 'GET') => {
  const response = await service.fetch(path, { method })
  return {
    status: response.status,
    headers: response.headers,
    body: (await response.json()) as any,
  }
}

t.test('reports the progress of a job from its first input to its envelope', async (t) => {
  const { service, held, arrived } = await startHeld(t)
  const start = await service.run('get-trails', { trailNames: ['trail-0', 'trail-1', 'a'] }, ASYNC)
  t.equal(start.status, 202)
  t.equal(start.headers.get('preference-applied'), 'respond-async')
  t.match(start.headers.get('retry-after'), /^[1-9]\d*$/)
  const path = start.headers.get('location')!
  t.match(path, /^\/jobs\/[0-9a-f-]{36}$/)
  t.match(start.body, { command: 'get-trails', returnData: 'Running', contextData: [], errors: [] })
  await arrived(2)
  const running = await job(service, path)
  t.equal(running.status, 202)
  t.match(running.body.job, { status: 'running', inputs: { done: 1, total: 3 } })
  release(held)
  const finished = await followJob(service, path)
  t.match(finished, {
    command: 'get-trails',
    returnData: 'Partially Successful',
    contextData: [{ input: 'trail-0' }, { input: 'trail-1' }, { input: 'a', result: 'Failed' }],
    errors: [{ input: 'a', code: 'InvalidTrailNameException' }],
    meta: { requestId: start.body.meta.requestId, apiCalls: 2, connection: 'default' },
    job: { status: 'finished', inputs: { done: 3, total: 3 }, statusCode: 207 },
  })
  t.notOk('estimatedEnd' in finished.job)
})

t.test('adds up the inputs of a job over regions', async (t) => {
  const { service, held, arrived } = await startHeld(t)
  const start = await service.run(
    'get-trail-status',
    { trailNames: ['trail-0', 'a'], regions: ['us-east-1', 'eu-west-1', 'eu-west-2'] },
    ASYNC,
  )
  const path = start.headers.get('location')!
  await arrived(3)
  t.match((await job(service, path)).body.job.inputs, { done: 3, total: 6 })
  release(held, { IsLogging: true })
  const finished = await followJob(service, path)
  t.match(finished.job.inputs, { done: 6, total: 6 })
})

t.test('finishes requests already sent when a job is cancelled, and sends no more', async (t) => {
  const { service, endpoint, held, arrived } = await startHeld(t, { QUOTA_READ_TPS: '1' })
  const start = await service.run('get-trails', { trailNames: names(20) }, ASYNC)
  const path = start.headers.get('location')!
  await arrived(1)
  const cancelled = await job(service, path, 'DELETE')
  t.equal(cancelled.status, 202)
  t.equal(cancelled.body.job.status, 'cancelling')
  release(held)
  const finished = await followJob(service, path)
  t.equal(endpoint.arrivals.length, 1, 'one input was sent')
  t.equal(finished.job.statusCode, 207)
  t.match(finished.job.inputs, { done: 1, total: 20 })
  t.match(finished.contextData[0], { input: 'trail-0', result: 'Successful' })
  t.equal(finished.errors.length, 19)
  for (const error of finished.errors) {
    t.match(error, { code: 'Cancelled', retryable: true, attempts: 0, source: 'service' })
  }
  const again = await job(service, path, 'DELETE')
  t.equal(again.status, 200, 'a finished job stays as it is')
  t.same(again.body, finished)
})

t.test('finishes and reports a write that was sent before its job was cancelled', async (t) => {
  const { service, held, arrived } = await startHeld(t)
  const start = await service.run('stop-logging', { trailNames: ['trail-0'] }, ASYNC)
  const path = start.headers.get('location')!
  await arrived(1)
  await job(service, path, 'DELETE')
  release(held, {})
  t.match(await followJob(service, path), {
    returnData: 'Successful',
    job: { statusCode: 200, inputs: { done: 1, total: 1 } },
  })
})

t.test('continues a job when its client disconnects', async (t) => {
  const { service, held, arrived } = await startHeld(t)
  const start = await fetch(`${service.url}/commands/get-trails`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', connection: 'close', ...ASYNC },
    body: JSON.stringify({ trailNames: names(2) }),
  })
  await start.body?.cancel()
  await arrived(2)
  release(held)
  t.match(await followJob(service, start.headers.get('location')!), { returnData: 'Successful' })
})

t.test('gives a job a longer default deadline than a command', async (t) => {
  const { service, held, arrived } = await startHeld(t, { DEADLINE_MS: '1' })
  const start = await service.run('get-trails', { trailNames: ['trail-0'] }, ASYNC)
  await arrived(1)
  t.equal((await job(service, start.headers.get('location')!)).status, 202, 'DEADLINE_MS is over')
  const hurried = await service.run(
    'get-trails',
    { trailNames: ['trail-1'] },
    { ...ASYNC, 'x-deadline-ms': '50' },
  )
  t.match(await followJob(service, hurried.headers.get('location')!), {
    returnData: 'Failed',
    errors: [{ code: 'DeadlineExceeded' }],
    job: { statusCode: 504 },
  })
  release(held)
  t.match(await followJob(service, start.headers.get('location')!), { returnData: 'Successful' })
})

t.test('starts no job for a request that breaks a rule', async (t) => {
  const service = await startSandboxService(t)
  const refused = await service.run('get-trails', { trailNames: [] }, ASYNC)
  t.equal(refused.status, 400)
  t.equal(refused.headers.get('location'), null)
  const other = await service.run('list-trails', {}, { prefer: 'return=minimal' })
  t.equal(other.status, 200, 'other preferences are ignored')
  t.equal(other.headers.get('preference-applied'), null)
  const mixed = await service.run('list-trails', {}, { prefer: 'return=minimal, Respond-Async; x' })
  t.equal(mixed.status, 202)
  t.match(await followJob(service, mixed.headers.get('location')!), {
    returnData: 'Successful',
    job: { inputs: { done: 1, total: 1 } },
  })
})

t.test('returns 404 in the envelope for an unknown job', async (t) => {
  const service = await startSandboxService(t)
  for (const id of [
    '00000000-0000-4000-8000-000000000000',
    '..%2f..%2fetc',
    '__proto__',
    '%00',
    'a'.repeat(200),
  ]) {
    for (const method of ['GET', 'DELETE']) {
      const answer = await job(service, `/jobs/${id}`, method)
      t.equal(answer.status, 404, `${method} ${id}`)
      t.match(answer.body, { returnData: 'Failed', errors: [{ code: 'UnknownJob' }] })
    }
  }
  const waiting = await service.fetch('/jobs/unknown', { headers: { prefer: 'wait=1' } })
  t.equal(waiting.status, 404)
  t.equal(waiting.headers.get('preference-applied'), 'wait=1')
})

t.test('returns 429 with Retry-After for the 101st running job', async (t) => {
  const { service, held, arrived } = await startHeld(t)
  const starts = await Promise.all(
    names(100).map((name) => service.run('get-trails', { trailNames: [name] }, ASYNC)),
  )
  t.ok(starts.every(({ status }) => status === 202))
  const refused = await service.run('get-trails', { trailNames: ['one-more'] }, ASYNC)
  t.equal(refused.status, 429)
  t.match(refused.headers.get('retry-after'), /^[1-9]\d*$/)
  t.match(refused.body.errors, [{ code: 'TooManyJobs', retryable: true }])
  await arrived(100)
  release(held)
  await followJob(service, starts[99]!.headers.get('location')!)
})

t.test('finishes its jobs before it shuts down', async (t) => {
  const { service, held, arrived } = await startHeld(t)
  const start = await service.run('get-trails', { trailNames: ['trail-0'] }, ASYNC)
  t.equal(start.status, 202)
  await arrived(1)
  const closed = service.close()
  t.notOk(service.log.some(({ msg }) => msg === 'Get Trails: Successful'))
  release(held)
  await followJob(service, start.headers.get('location')!)
  await closed
  t.ok(service.log.some(({ msg }) => msg === 'Get Trails: Successful'))
})

t.test('returns 404 for a job of another key, whatever its scope', async (t) => {
  const { file, bearer } = keysFile(t)
  const service = await startSandboxService(t, { AUTH: 'api-key', API_KEYS_FILE: file })
  const start = await service.run('list-trails', {}, { ...ASYNC, ...bearer('read') })
  t.equal(start.status, 202)
  const path = start.headers.get('location')!
  for (const method of ['GET', 'DELETE']) {
    const ask = async (headers?: Record<string, string>) =>
      (await service.fetch(path, { method, ...(headers && { headers }) })).status
    t.equal(await ask(), 401, method)
    t.equal(await ask(bearer('admin')), 404, method)
    t.ok([200, 202].includes(await ask(bearer('read'))), method)
  }
})

t.test('names a job by its absolute address where PUBLIC_URL is set', async (t) => {
  const service = await startSandboxService(t, { PUBLIC_URL: 'https://soar.example.com/' })
  const body = { trailNames: ['management-events'] }
  const started = await service.run('stop-logging', body, ASYNC)
  t.equal(started.status, 202)
  const location = new URL(started.headers.get('location') ?? '')
  t.equal(location.origin, 'https://soar.example.com')
  t.equal(location.pathname, `/jobs/${(started.body as any).job.id}`)
  t.match(await followJob(service, location.pathname), { returnData: 'Successful' })
  const document = (await (await service.fetch('/openapi.json')).json()) as any
  t.match(document.servers, [{ url: 'https://soar.example.com' }])
})

t.test('returns 503 while the records of jobs are unavailable, and logs the cause', async (t) => {
  const service = await startSandboxService(t, { REDIS_URL: 'redis://127.0.0.1:1' })
  for (const method of ['GET', 'DELETE']) {
    const { status, headers, body } = await job(service, '/jobs/any', method)
    t.equal(status, 503)
    t.match(headers.get('retry-after'), /^\d+$/)
    t.match(body.errors, [{ code: 'JobsUnavailable' }])
  }
  t.match(
    service.log.filter(({ msg }) => msg === 'a job could not be looked up'),
    [
      { level: 50, err: {} },
      { level: 50, err: {} },
    ],
  )
})
