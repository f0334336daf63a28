import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { startHeldService } from '../../support/held.js'
import { followJob } from '../../support/jobs.js'
import { keysFile } from '../../support/keys.js'
import { ACCESS_KEY, startSandboxService, type ServiceResponse } from '../../support/service.js'
import { testDirectory } from '../../support/test-directory.js'

const ASYNC = { prefer: 'respond-async' }
const key = (text = 'one') => ({ 'idempotency-key': text })
const AUDIT = { trailNames: ['audit'], s3BucketName: 'acme-cloudtrail-logs' }
const isReplay = (answer: ServiceResponse) => answer.headers.get('idempotency-replayed') === 'true'

t.test(
  'returns the stored response for the same request with the same key, and sends nothing',
  async (t) => {
    const service = await startSandboxService(t)
    const first = await service.run('create-trails', AUDIT, key())
    t.equal(first.status, 200)
    t.notOk(isReplay(first))
    const { s3BucketName, trailNames } = AUDIT
    const again = await service.run('create-trails', { s3BucketName, trailNames }, key())
    t.equal(again.status, 200)
    t.ok(isReplay(again), 'the order of the fields does not matter')
    t.same(again.body, first.body, 'meta.requestId tells which request did it')
    t.not(again.headers.get('x-request-id'), first.body.meta.requestId)
    const explicit = await service.run('create-trails', { ...AUDIT, connection: 'default' }, key())
    t.ok(isReplay(explicit), 'the connection is the same')
    const other = await service.run('create-trails', AUDIT, key('two'))
    t.match(other.body.errors, [{ code: 'TrailAlreadyExistsException' }])
  },
)

t.test('makes one write of fifty equal requests, with fifty equal responses', async (t) => {
  const held = await startHeldService(t)
  const { service, endpoint } = held
  const answers = Array.from({ length: 50 }, () =>
    service.run('start-logging', { trailNames: ['audit'] }, key()),
  )
  await held.arrived(1)
  held.release()
  const told = await Promise.all(answers)
  t.equal(endpoint.arrivals.length, 1)
  t.equal(told.filter(isReplay).length, 49)
  const [one] = told
  t.equal(one!.status, 200)
  for (const answer of told) t.same([answer.status, answer.body], [one!.status, one!.body])
})

t.test('makes each write once under random requests', async (t) => {
  const service = await startSandboxService(t)
  const bodies = ['audit', 'forensics'].map((name) => ({ ...AUDIT, trailNames: [name] }))
  const started = Array.from({ length: 60 }, (_, index) => {
    const which = (index * 7919) % 4
    const body = bodies[which]
    return body
      ? service.run('create-trails', body, key(`key-${which}`))
      : service.run('stop-logging', { trailNames: ['insights'] }, key(`key-${which}`))
  })
  const answers = await Promise.all(started)
  for (const which of [0, 1, 2, 3]) {
    const group = answers.filter((_, index) => (index * 7919) % 4 === which)
    t.equal(group.length, 15)
    t.equal(group.filter((answer) => !isReplay(answer)).length, 1)
    t.equal(new Set(group.map(({ body }) => JSON.stringify(body))).size, 1)
  }
})

t.test('returns 422 for a key that was used for another request', async (t) => {
  const service = await startSandboxService(t)
  await service.run('create-trails', AUDIT, key())
  const inline = {
    serverUrl: service.sandbox.url,
    accessKey: ACCESS_KEY,
    accessSecret: 'not-a-secret-at-all',
  }
  for (const [command, body] of [
    ['create-trails', { ...AUDIT, trailNames: ['audit', 'more'] }],
    ['create-trails', { ...AUDIT, s3KeyPrefix: 'x' }],
    ['create-trails', { ...AUDIT, connection: inline }],
    ['update-trails', AUDIT],
    ['delete-trails', { trailNames: ['audit'] }],
  ] as const) {
    const answer = await service.run(command, body, key())
    t.equal(answer.status, 422)
    t.match(answer.body, {
      command,
      returnData: 'Failed',
      errors: [{ code: 'IdempotencyKeyReused', field: 'idempotency-key', retryable: false }],
      meta: { apiCalls: 0 },
    })
  }
  t.ok(isReplay(await service.run('create-trails', AUDIT, key())), 'the key is as it was')
})

t.test('returns 400 for a key that is not 1 to 255 visible ASCII characters', async (t) => {
  const service = await startSandboxService(t)
  for (const bad of ['', 'a b', 'a'.repeat(256), 'schl\u00fcssel', 'one, two', 'tab\there']) {
    const answer = await service.run('create-trails', AUDIT, key(bad))
    t.equal(answer.status, 400, JSON.stringify(bad))
    t.match(answer.body.errors, [{ code: 'ValidationError', field: 'idempotency-key' }])
  }
  for (const good of ['a'.repeat(255), '"8e03978e-40d5-43e8-bc93-6894a57f9324"', '!~{}__proto__']) {
    t.equal(
      (await service.run('stop-logging', { trailNames: ['insights'] }, key(good))).status,
      200,
    )
  }
})

t.test('frees the key of a request that wrote nothing', async (t) => {
  const service = await startSandboxService(t, { PROTECTED_TRAILS: 'insights' })
  const refusals: [string, object, number][] = [
    ['create-trails', { trailNames: ['audit'] }, 400],
    ['create-trails', { ...AUDIT, s3BucketName: 'missing-bucket' }, 400],
    ['delete-trails', { trailNames: ['insights'] }, 403],
    ['delete-trails', { trailNames: ['no-such-trail'] }, 400],
    ['create-trails', { ...AUDIT, connection: 'no-such-connection' }, 400],
  ]
  for (const [command, body, status] of refusals) {
    t.equal((await service.run(command, body, key())).status, status)
  }
  const first = await service.run('create-trails', AUDIT, key())
  t.equal(first.status, 200)
  t.notOk(isReplay(first))
})

t.test('frees the key of a request that a full queue refused', async (t) => {
  const env = { QUOTA_WRITE_TPS: '1', QUEUE_LIMIT: '1' }
  const held = await startHeldService(t, env)
  const { service, endpoint } = held
  const running = service.run('start-logging', { trailNames: ['audit'] })
  await held.arrived(1)
  const hurried = { ...key(), 'x-deadline-ms': '50' }
  const refused = await service.run('stop-logging', { trailNames: ['audit'] }, hurried)
  t.equal(refused.status, 429)
  held.release()
  await running
  const retried = service.run('stop-logging', { trailNames: ['audit'] }, key())
  await held.arrived(2)
  held.release()
  t.equal((await retried).status, 200)
  t.equal(endpoint.arrivals[1]!.operation, 'StopLogging')
})

t.test('stores the response of a partial or unknown outcome', async (t) => {
  const service = await startSandboxService(t)
  const partly = { ...AUDIT, trailNames: ['audit', 'a'] }
  const first = await service.run('create-trails', partly, key('part'))
  t.equal(first.status, 207)
  const again = await service.run('create-trails', partly, key('part'))
  t.same([again.status, again.body, isReplay(again)], [207, first.body, true])
  await fetch(`${service.sandbox.url}/sandbox/faults`, {
    method: 'POST',
    body: JSON.stringify({ operation: 'StopLogging', kind: 'reset', times: 3, afterEffect: true }),
  })
  const lost = await service.run('stop-logging', { trailNames: ['insights'] }, key('lost'))
  t.equal(lost.status, 502)
  const told = await service.run('stop-logging', { trailNames: ['insights'] }, key('lost'))
  t.same([told.status, told.body, isReplay(told)], [502, lost.body, true])
})

t.test('returns 409 when the first request outlasts the deadline of the second', async (t) => {
  const held = await startHeldService(t)
  const { service, endpoint } = held
  const first = service.run('start-logging', { trailNames: ['audit'] }, key())
  await held.arrived(1)
  const hurried = { ...key(), 'x-deadline-ms': '100' }
  const early = await service.run('start-logging', { trailNames: ['audit'] }, hurried)
  t.equal(early.status, 409)
  t.equal(early.headers.get('retry-after'), '5')
  t.match(early.body.errors, [{ code: 'IdempotencyKeyInUse', retryable: true }])
  held.release()
  const { body } = await first
  const late = await service.run('start-logging', { trailNames: ['audit'] }, hurried)
  t.same([late.status, late.body, isReplay(late)], [200, body, true])
  t.equal(endpoint.arrivals.length, 1)
})

t.test(
  'continues a keyed write when its client disconnects, and returns its response to the retry',
  async (t) => {
    const held = await startHeldService(t, { QUOTA_WRITE_TPS: '1' })
    const { service, endpoint } = held
    const gone = new AbortController()
    const body = { trailNames: ['audit', 'forensics'] }
    const first = fetch(`${service.url}/commands/start-logging`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...key() },
      body: JSON.stringify(body),
      signal: gone.signal,
    })
    await held.arrived(1)
    gone.abort()
    await t.rejects(first)
    held.release()
    const retried = service.run('start-logging', body, key())
    await held.arrived(2)
    held.release()
    const answer = await retried
    t.match(answer.body, { returnData: 'Successful', contextData: [{}, {}] })
    t.ok(isReplay(answer))
    t.equal(endpoint.arrivals.length, 2, 'each trail once')
  },
)

t.test('returns the same job for the same key with respond-async', async (t) => {
  const held = await startHeldService(t)
  const { service, endpoint } = held
  const ask = (headers = {}) =>
    service.run('start-logging', { trailNames: ['audit'] }, { ...key(), ...headers })
  const jobs = await Promise.all(Array.from({ length: 10 }, () => ask(ASYNC)))
  t.same([...new Set(jobs.map(({ status }) => status))], [202])
  const [path, ...others] = new Set(jobs.map(({ headers }) => headers.get('location')))
  t.equal(others.length, 0, 'one job')
  t.equal(jobs.filter(isReplay).length, 9)
  await held.arrived(1)
  const hurried = await ask({ 'x-deadline-ms': '50' })
  t.equal(hurried.status, 409)
  t.match(hurried.body.errors[0]?.hint, path!)
  held.release()
  const job = await followJob(service, path!)
  t.match(job, { returnData: 'Successful', job: { statusCode: 200 } })
  const { job: _state, ...envelope } = job
  for (const headers of [ASYNC, {}]) {
    const repeated = await ask(headers)
    t.same([repeated.status, repeated.body, isReplay(repeated)], [200, envelope, true])
  }
  t.equal(endpoint.arrivals.length, 1)
})

t.test('frees the key of the 101st job', async (t) => {
  const held = await startHeldService(t)
  const { service } = held
  await Promise.all(
    Array.from({ length: 100 }, (_, index) =>
      service.run('start-logging', { trailNames: [`trail-${index}`] }, ASYNC),
    ),
  )
  const ask = (headers = {}) =>
    service.run('stop-logging', { trailNames: ['audit'] }, { ...key(), ...headers })
  t.match((await ask(ASYNC)).body.errors, [{ code: 'TooManyJobs' }])
  await held.arrived(100)
  const waited = ask()
  await held.arrived(101)
  held.release()
  t.equal((await waited).status, 200)
})

t.test('ignores the key of reads and dry runs', async (t) => {
  const service = await startSandboxService(t)
  const dry = await service.run('create-trails', { ...AUDIT, dryRun: true }, key())
  t.equal(dry.status, 200)
  t.equal((await service.run('list-trails', {}, key())).status, 200)
  const real = await service.run('create-trails', AUDIT, key())
  t.equal(real.status, 200)
  t.notOk(isReplay(real))
  const listed = await service.run('list-trails', {}, key())
  t.notOk(isReplay(listed))
  t.equal((await service.run('list-trails', {}, key('not a key'))).status, 200)
})

t.test('keeps the idempotency keys of different API keys apart', async (t) => {
  const { file, bearer } = keysFile(t)
  const service = await startSandboxService(t, { AUTH: 'api-key', API_KEYS_FILE: file })
  const stop = (name: 'write' | 'admin', trail = 'insights') =>
    service.run('stop-logging', { trailNames: [trail] }, { ...key(), ...bearer(name) })
  t.notOk(isReplay(await stop('write')))
  t.ok(isReplay(await stop('write')))
  t.notOk(isReplay(await stop('admin', 'data-events')), 'no 422, no answer of another')
  t.equal((await service.run('stop-logging', {}, { ...key(), ...bearer('read') })).status, 403)
})

t.test(
  'writes an audit entry for a replayed response, with the request that it is from',
  async (t) => {
    const AUDIT_FILE = join(testDirectory(t), 'audit.log')
    const service = await startSandboxService(t, { AUDIT_FILE })
    const secret = 'secret-of-the-request-and-of-nobody-else'
    const body = {
      trailNames: ['insights'],
      connection: { serverUrl: service.sandbox.url, accessKey: ACCESS_KEY, accessSecret: secret },
    }
    const first = await service.run('stop-logging', body, key())
    const again = await service.run('stop-logging', body, key())
    t.ok(isReplay(again))
    t.notMatch(JSON.stringify(again.body), secret)
    await service.audited()
    const lines = readFileSync(AUDIT_FILE, 'utf8').trim().split('\n')
    t.notMatch(lines.join(), secret)
    const [intent, done, replayed] = lines.map(
      (line) => JSON.parse(line) as Record<string, unknown>,
    )
    t.match(intent, { phase: 'intent', idempotencyKeySha256: /^[0-9a-f]{64}$/ })
    t.notOk('replayOf' in done!)
    t.notOk('phase' in replayed!, 'a response that is sent again needs no intent')
    t.match(replayed, {
      command: 'stop-logging',
      result: 'Successful',
      requestId: again.headers.get('x-request-id'),
      replayOf: first.body.meta.requestId,
      awsRequestIds: [],
    })
  },
)
