import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import t, { type Test } from 'tap'
import { json, startEndpoint } from '../support/endpoint.js'
import { needs } from '../support/needs.js'
import { startRedis } from '../support/redis.js'
import { startReplica, whenReadiness, whenReady, type Replica } from '../support/replicas.js'

needs('redis-server')

/** Two replicas of the service, each a process of its own, in front of an endpoint whose responses the test gives. */
async function startTwo(t: Test) {
  const held: ServerResponse[] = []
  const endpoint = await startEndpoint(t, ({ operation }, response) => {
    if (operation === 'GetTrail') {
      json(response, { Trail: { ...TRAIL, IncludeGlobalServiceEvents: true } })
      return
    }
    held.push(response)
    endpoint.server.emit('held')
  })
  const redis = await startRedis(t)
  const [here, there] = await Promise.all([
    startReplica(t, endpoint.url, redis.url),
    startReplica(t, endpoint.url, redis.url),
  ])
  await Promise.all([whenReady(here), whenReady(there)])
  return {
    redis,
    here,
    there,
    changes: () => endpoint.arrivals.filter(({ operation }) => operation !== 'GetTrail'),
    held,
    async next() {
      while (held.length === 0) await once(endpoint.server, 'held')
      return held.shift()!
    },
  }
}

const TRAIL = {
  Name: 'audit',
  TrailARN: 'arn:aws:cloudtrail:us-east-1:111122223333:trail/audit',
  S3BucketName: 'acme-cloudtrail-logs',
}
const AUDIT_ONLY = { trailNames: ['audit'] }
const ASYNC = { prefer: 'respond-async', 'idempotency-key': 'job' }
const AUDIT = { trailNames: ['audit'], s3BucketName: 'acme-cloudtrail-logs' }

/** Runs a command; its whole response, or nothing from a replica that was killed. */
async function ask(
  { url }: Replica,
  command: string,
  body: object,
  headers: Record<string, string> = {},
) {
  const response = await fetch(`${url}/commands/${command}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'idempotency-key': 'one', ...headers },
    body: JSON.stringify(body),
  }).catch(() => undefined)
  return {
    status: response?.status,
    headers: response?.headers,
    body: (await response?.json()) as Record<string, any>,
  }
}

t.test(
  'makes one write of fifty equal requests to two replicas, with fifty equal responses',
  async (t) => {
    const replicas = await startTwo(t)
    const { here, there } = replicas
    const asked = Array.from({ length: 50 }, (_, index) =>
      ask(index % 2 === 0 ? here : there, 'start-logging', { trailNames: ['audit'] }),
    )
    json(await replicas.next(), {})
    const answers = await Promise.all(asked)
    t.equal(replicas.changes().length, 1)
    t.same([...new Set(answers.map(({ status }) => status))], [200])
    t.equal(new Set(answers.map(({ body }) => JSON.stringify(body))).size, 1)
    t.equal(answers.filter(({ headers }) => headers?.has('idempotency-replayed')).length, 49)
    const other = await ask(there, 'stop-logging', { trailNames: ['audit'] })
    t.equal(other.status, 422)
  },
)

t.test('recognises the writes of a killed replica, and reports its jobs as lost', async (t) => {
  const replicas = await startTwo(t)
  const { here, there } = replicas
  const lost = await ask(here, 'stop-logging', AUDIT_ONLY, ASYNC)
  await replicas.next()
  const first = ask(here, 'create-trails', AUDIT)
  await replicas.next()
  const second = ask(there, 'create-trails', AUDIT)
  here.child.kill('SIGKILL')
  t.equal((await first).status, undefined)
  // the first has 30 seconds to be heard of; then it is the second's turn
  const message = 'Trail audit already exists for customer: 111122223333'
  json(await replicas.next(), { __type: 'TrailAlreadyExistsException', message }, 400)
  const { status, headers, body } = await second
  t.equal(status, 200)
  t.notOk(headers?.has('idempotency-replayed'))
  t.match(body, {
    returnData: 'Successful',
    contextData: [
      { input: 'audit', recovered: true, note: /exists with the settings of the request/ },
    ],
    rawData: [TRAIL],
    meta: { resumed: true },
  })
  t.equal(replicas.changes().length, 3)
  t.same((await ask(there, 'create-trails', AUDIT)).body, body)
  const path = lost.headers?.get('location') ?? ''
  let job = await there.get(path)
  while (job.status === 202) {
    await new Promise((resolve) => setTimeout(resolve, 500))
    job = await there.get(path)
  }
  t.match(job.body, {
    command: 'stop-logging',
    returnData: 'Failed',
    errors: [{ code: 'JobLost', failureIndicator: 'Stop Logging failed.' }],
    job: { id: path.split('/').at(-1), status: 'finished', statusCode: 500 },
  })
})

t.test('follows and cancels a job at any replica', async (t) => {
  const replicas = await startTwo(t)
  const { here, there } = replicas
  // one write is sent each second: the job is cancelled long before the last
  const trailNames = Array.from({ length: 20 }, (_, index) => `trail-${index}`)
  const body = { trailNames }
  const prefer = { prefer: 'respond-async' }
  const start = await ask(here, 'start-logging', body, prefer)
  t.equal(start.status, 202)
  const path = start.headers?.get('location') ?? ''
  const same = await ask(there, 'start-logging', body, prefer)
  t.same([same.status, same.headers?.get('location')], [202, path], 'one key, one job')
  const response = await replicas.next()
  t.match(await there.get(path), { status: 202, body: { job: { inputs: { done: 0, total: 20 } } } })
  const cancelled = await fetch(there.url + path, { method: 'DELETE' })
  t.match(await cancelled.json(), { job: { status: 'cancelling' } })
  json(response, {})
  let job = await there.get(path)
  while (job.status === 202) {
    for (const sent of replicas.held.splice(0)) json(sent, {})
    await new Promise((resolve) => setTimeout(resolve, 100))
    job = await there.get(path)
  }
  t.match(job.body, { returnData: 'Partially Successful', job: { status: 'finished' } })
  t.ok(replicas.changes().length < 20, 'not all were sent')
  t.same((await here.get(path)).body, job.body)
})

t.test(
  'refuses a write with an idempotency key while Redis is unavailable, and sends nothing',
  async (t) => {
    const replicas = await startTwo(t)
    const { redis, here } = replicas
    await redis.kill()
    await whenReadiness(here, 503)
    const prefer = { prefer: 'respond-async' }
    for (const headers of [{}, prefer] as Record<string, string>[]) {
      const refused = await ask(here, 'start-logging', { trailNames: ['audit'] }, headers)
      t.equal(refused.status, 503)
      t.match(refused.body.errors, [{ code: 'IdempotencyUnavailable', retryable: true }])
      t.match(refused.headers?.get('retry-after'), /^\d+$/)
    }
    const job = await here.get('/jobs/00000000-0000-4000-8000-000000000000')
    t.match(job, { status: 503, body: { errors: [{ code: 'JobsUnavailable' }] } })
    const unkeyed = await fetch(`${here.url}/commands/list-trails`, {
      method: 'POST',
      headers: prefer,
    })
    t.equal(unkeyed.status, 503)
    t.equal(replicas.changes().length, 0)
    await redis.start()
    await whenReady(here)
    const asked = ask(here, 'start-logging', { trailNames: ['audit'] })
    json(await replicas.next(), {})
    t.equal((await asked).status, 200)
  },
)
