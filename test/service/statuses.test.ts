import t from 'tap'
import { json, startEndpoint } from '../support/endpoint.js'
import { startServiceAt, type TestService } from '../support/service.js'

/** A service whose endpoint knows no trail but `audit`, and fails `broken` with 500. */
async function start(t: Parameters<typeof startEndpoint>[0]): Promise<TestService> {
  const endpoint = await startEndpoint(t, ({ input }, response) => {
    switch (input.Name) {
      case undefined: {
        json(response, { trailList: [], Trails: [] })
        return
      }
      case 'audit': {
        json(response, { Trail: { Name: 'audit' } })
        return
      }
      case 'broken': {
        json(response, { __type: 'InternalFailure' }, 500)
        return
      }
      case 'denied': {
        json(response, { __type: 'AccessDeniedException', Message: 'no' }, 403)
        return
      }
      case 'throttled': {
        json(response, { __type: 'ThrottlingException', Message: 'Rate exceeded' }, 400)
        return
      }
      default: {
        json(response, { __type: 'TrailNotFoundException', Message: 'Unknown trail' }, 400)
        return
      }
    }
  })
  return startServiceAt(t, endpoint.url)
}

t.test("returns the contract's status for every outcome of a batch", async (t) => {
  const service = await start(t)
  const outcomes: [string[], number, string][] = [
    [['audit'], 200, 'Successful'],
    [['audit', 'gone'], 207, 'Partially Successful'],
    [['gone', 'lost'], 400, 'Failed'],
    [['denied'], 403, 'Failed'],
    [['denied', 'gone'], 400, 'Failed'],
    [['broken'], 502, 'Failed'],
    [['broken', 'gone'], 502, 'Failed'],
    [['a', 'gone'], 400, 'Failed'],
    [['audit', 'a'], 207, 'Partially Successful'],
  ]
  for (const [trailNames, status, returnData] of outcomes) {
    const answer = await service.run('get-trails', { trailNames })
    t.equal(answer.status, status, trailNames.join(', '))
    t.equal(answer.body.returnData, returnData)
    t.same(
      answer.body.contextData.map(({ input }) => input),
      trailNames,
      'a row per input, in input order',
    )
  }
})

t.test('keeps 400, 403 and 409 of AWS; its 404 and 401 are 400, for both are ours', async (t) => {
  const endpoint = await startEndpoint(t, ({ input }, response) => {
    const status = Number(input.Name.slice('status-'.length))
    json(response, { __type: 'UnsupportedOperationException', Message: 'no' }, status)
  })
  const service = await startServiceAt(t, endpoint.url)
  for (const [onWire, expected] of [
    [400, 400],
    [401, 400],
    [403, 403],
    [404, 400],
    [409, 409],
    [418, 400],
    [501, 502],
  ]) {
    const { status, body } = await service.run('get-trails', { trailNames: [`status-${onWire}`] })
    t.equal(status, expected, `${onWire} on the wire`)
    t.match(body.errors, [{ code: 'UnsupportedOperationException', statusCode: onWire }])
  }
})

t.test('returns 429 with Retry-After for a throttle that outlasts the retries', async (t) => {
  const service = await start(t)
  const { status, headers, body } = await service.run(
    'get-trails',
    { trailNames: ['throttled'] },
    { 'x-deadline-ms': '5000' },
  )
  t.equal(status, 429)
  t.match(headers.get('retry-after'), /^[1-9]\d*$/)
  t.match(body.errors, [{ code: 'ThrottlingException', statusCode: 400, retryable: true }])
  t.ok(body.meta.throttled >= 3)
})

t.test('returns the envelope for requests that reach no command', async (t) => {
  const service = await start(t)
  const post = (path: string, init: RequestInit = {}) =>
    service.fetch(path, { method: 'POST', ...init })
  const jsonType = { 'content-type': 'application/json' }
  const cases: [string, Promise<Response>, number, object][] = [
    ['an unknown command', post('/commands/nonsense'), 404, { code: 'UnknownCommand' }],
    ['an unknown path', post('/nonsense'), 404, { code: 'NotFound' }],
    [
      'a GET on a command',
      service.fetch('/commands/get-trails'),
      405,
      { code: 'MethodNotAllowed' },
    ],
    [
      'a PUT on a command',
      service.fetch('/commands/get-trails', { method: 'PUT' }),
      405,
      { code: 'MethodNotAllowed' },
    ],
    [
      'a text body',
      post('/commands/get-trails', { body: 'hello', headers: { 'content-type': 'text/plain' } }),
      415,
      { code: 'UnsupportedMediaType', message: /application\/json/ },
    ],
    [
      'a form',
      post('/commands/get-trails', { body: new URLSearchParams({ a: 'b' }) }),
      415,
      { code: 'UnsupportedMediaType' },
    ],
    [
      'a body of 2 MB',
      post('/commands/get-trails', { body: `"${'x'.repeat(2e6)}"`, headers: jsonType }),
      413,
      { code: 'BodyTooLarge', message: /1 MiB/ },
    ],
    [
      'a body of 10 MB',
      post('/commands/get-trails', { body: `"${'x'.repeat(1e7)}"`, headers: jsonType }),
      413,
      { code: 'BodyTooLarge' },
    ],
    [
      'broken JSON',
      post('/commands/get-trails', { body: '{"trailNames":', headers: jsonType }),
      400,
      { code: 'InvalidJson' },
    ],
    [
      'an empty JSON body',
      post('/commands/get-trails', { body: '', headers: jsonType }),
      400,
      { code: 'InvalidJson' },
    ],
    [
      'a poisoned prototype',
      post('/commands/get-trails', {
        body: '{"__proto__":{"admin":true},"trailNames":["audit"]}',
        headers: jsonType,
      }),
      400,
      { code: 'InvalidJson' },
    ],
  ]
  for (const [name, request, status, error] of cases) {
    const response = await request
    const body = (await response.json()) as Record<string, unknown>
    t.equal(response.status, status, name)
    t.match(body, { returnData: 'Failed', errors: [{ source: 'service', ...error }] }, name)
    t.match(body, { error: /failed\. Status Code: \d+\. Message: .+\.$/ }, name)
  }
  t.equal((await service.fetch('/commands/get-trails')).headers.get('allow'), 'POST')
})

t.test('returns 400 in the envelope for a path that cannot be decoded', async (t) => {
  const service = await start(t)
  const response = await service.fetch('/commands/%zz', { method: 'POST' })
  t.equal(response.status, 400)
  t.equal(response.headers.get('x-content-type-options'), 'nosniff')
  const body = (await response.json()) as { meta: { requestId: string } }
  t.match(body, { returnData: 'Failed', errors: [{ code: 'InvalidPath', source: 'service' }] })
  t.equal(response.headers.get('x-request-id'), body.meta.requestId)
})

t.test('keeps a valid request id, and replaces any other', async (t) => {
  const service = await start(t)
  for (const id of ['incident-4711', 'a'.repeat(128), 'A.b_c-1']) {
    const { headers, body } = await service.run('list-trails', {}, { 'x-request-id': id })
    t.equal(headers.get('x-request-id'), id)
    t.equal(body.meta.requestId, id)
  }
  for (const id of ['<script>', 'a'.repeat(129), 'a b']) {
    const { headers } = await service.run('list-trails', {}, { 'x-request-id': id })
    t.match(headers.get('x-request-id'), /^[0-9a-f-]{36}$/)
  }
})

t.test(
  'returns 400 for a deadline that is not a whole number from 1 to MAX_DEADLINE_MS',
  async (t) => {
    const service = await start(t)
    for (const deadline of ['1000', '900000']) {
      t.equal((await service.run('list-trails', {}, { 'x-deadline-ms': deadline })).status, 200)
    }
    for (const deadline of ['0', '900001', '-1', '1.5', 'soon', '']) {
      const { status, body } = await service.run('list-trails', {}, { 'x-deadline-ms': deadline })
      t.equal(status, 400, deadline)
      t.match(body.errors, [{ field: 'x-deadline-ms', message: /1 to 900000/ }])
    }
  },
)

t.test('lists every validation error of a body, each with its field', async (t) => {
  const service = await start(t)
  const { status, body } = await service.run('create-trails', {
    trailNames: ['good-name', 'a', 7],
    s3BucketName: 5,
    includeGlobalServiceEvents: 'true',
    surprise: 1,
    connection: { serverUrl: 'http://evil.example.com', accessKey: 'x' },
  })
  t.equal(status, 400)
  const fields = body.errors.map(({ field }) => field)
  t.same(
    new Set(fields),
    new Set([
      'trailNames[2]',
      's3BucketName',
      'includeGlobalServiceEvents',
      'surprise',
      'connection.accessKey',
      'connection.accessSecret',
    ]),
  )
  t.same(body.meta.apiCalls, 0)
  t.equal(body.error.split('\n').length, body.errors.length)
})

t.test('coerces no type, and takes null for a value', async (t) => {
  const service = await start(t)
  const names = (count: number) => Array.from({ length: count }, (_, index) => `trail-${index}`)
  const cases: [unknown, string, RegExp][] = [
    [{ trailNames: 'audit' }, 'trailNames', /must be an array, not a string/],
    [{ trailNames: null }, 'trailNames', /must be an array, not null/],
    [{ trailNames: [] }, 'trailNames', /fewer than 1 items; it has 0/],
    [{ trailNames: [null] }, 'trailNames[0]', /must be a string, not null/],
    [{ trailNames: names(101) }, 'trailNames', /more than 100 items; it has 101/],
    [{ trailNames: ['audit', 'audit'] }, 'trailNames', /must not repeat an item/],
    [{}, 'trailNames', /is required/],
    [null, 'body', /must be an object, not null/],
    ['"text"', 'body', /must be an object, not a string/],
    [[], 'body', /must be an object, not an array/],
  ]
  for (const [body, field, message] of cases) {
    const answer = await service.run('get-trails', body === null ? 'null' : body)
    t.equal(answer.status, 400)
    t.match(answer.body.errors[0], { field, message, code: 'ValidationError' })
  }
  t.equal(
    (await service.run('get-trails', { trailNames: names(100) })).status,
    400,
    'unknown, but taken',
  )
  const limit = await service.run('lookup-events', { limit: '5' })
  t.match(limit.body.errors, [{ field: 'limit', message: /must be an integer, not a string/ }])
})

t.test('validates an inline connection before anything is sent', async (t) => {
  const service = await start(t)
  const keys = { accessKey: 'AKIARTX3GSDSQASANDBX', accessSecret: 's' }
  const cases: [unknown, object][] = [
    [{ serverUrl: 'http://169.254.169.254', ...keys }, { field: 'connection.serverUrl' }],
    [
      { serverUrl: 'https://cloudtrail.us-east-1.amazonaws.com', region: 'eu-west-1', ...keys },
      { field: 'connection.region', message: /must not contradict/ },
    ],
    ['nowhere', { field: 'connection', message: /no connection named nowhere/ }],
    [5, { field: 'connection', message: /name of a connection or an object/ }],
    [
      { serverUrl: 'https://cloudtrail.us-east-1.amazonaws.com' },
      { field: 'connection.accessKey' },
    ],
  ]
  for (const [connection, error] of cases) {
    const { status, body } = await service.run('list-trails', { connection })
    t.equal(status, 400)
    t.match(body.errors[0], error)
  }
})
