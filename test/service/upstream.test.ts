import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import type { ServerResponse } from 'node:http'
import t from 'tap'
import { json, startEndpoint } from '../support/endpoint.js'
import { startServiceAt } from '../support/service.js'

const HTML = '<html><head><title>502 Bad Gateway</title></head><body>proxy-1</body></html>'

/** Responses that are not CloudTrail's, the message of their error, and the status on the wire. */
const NONSENSE: Record<
  string,
  { answer: (response: ServerResponse) => void; message: RegExp; statusCode: number | 'N/A' }
> = {
  'an HTML page with 200': {
    answer: (response) => response.writeHead(200, { 'content-type': 'text/html' }).end(HTML),
    message: /HTTP 200 \(text\/html\).*not JSON but: <html>.*502 Bad Gateway/,
    statusCode: 200,
  },
  'an HTML page with 403': {
    answer: (response) => response.writeHead(403, { 'content-type': 'text/html' }).end(HTML),
    message: /HTTP 403 \(text\/html\)/,
    statusCode: 403,
  },
  'an empty HTML page': {
    answer: (response) => response.writeHead(200, { 'content-type': 'text/html' }).end(),
    message: /empty HTML page/,
    statusCode: 200,
  },
  'nothing, with 200, where trails should be': {
    answer: (response) => json(response, undefined),
    message: /without trailList/,
    statusCode: 200,
  },
  'JSON that breaks off': {
    answer: (response) =>
      response
        .writeHead(200, { 'content-type': 'application/x-amz-json-1.1' })
        .end('{"trailList":[{"Name":"au'),
    message: /not JSON but: {"trailList"/,
    statusCode: 200,
  },
  'a JSON array': {
    answer: (response) => json(response, []),
    message: /not a JSON object/,
    statusCode: 200,
  },
  'JSON null': {
    answer: (response) => json(response, null),
    message: /not a JSON object/,
    statusCode: 200,
  },
  'JSON of another shape': {
    answer: (response) => json(response, { trailList: 'none' }),
    message: /a string as trailList, where CloudTrail sends an array/,
    statusCode: 200,
  },
  'a redirect': {
    answer: (response) =>
      response.writeHead(302, { location: 'http://127.0.0.1:1/', 'content-length': 0 }).end(),
    message: /./,
    statusCode: 302,
  },
}

for (const [name, { answer, message, statusCode }] of Object.entries(NONSENSE)) {
  t.test(`returns 502 with the details for ${name}`, async (t) => {
    const endpoint = await startEndpoint(t, (_arrival, response) => answer(response))
    const service = await startServiceAt(t, endpoint.url)
    const { status, body } = await service.run('describe-trails')
    t.equal(status, 502)
    t.match(body, { returnData: 'Failed', contextData: [], rawData: null })
    t.match(body.errors, [{ statusCode, message, source: 'aws', attempts: 1 }])
  })
}

t.test('does not take a foreign JSON object for a successful write', async (t) => {
  const endpoint = await startEndpoint(t, (_arrival, response) => json(response, { ok: true }))
  const service = await startServiceAt(t, endpoint.url)
  const { status, body } = await service.run('stop-logging', { trailNames: ['audit'] })
  t.equal(status, 502)
  t.match(body.errors[0]?.message, /with ok, where CloudTrail sends nothing/)
})

t.test("returns OutcomeUnknown for an empty success without AWS's request id", async (t) => {
  const endpoint = await startEndpoint(t, (_arrival, response) => response.writeHead(200).end())
  const service = await startServiceAt(t, endpoint.url)
  const { status, body } = await service.run('stop-logging', { trailNames: ['audit'] })
  t.equal(status, 504)
  t.match(body, {
    returnData: 'Failed',
    errors: [
      {
        code: 'OutcomeUnknown',
        message: /HTTP 200 to StopLogging without AWS's request id; this write may have been made/,
        retryable: false,
        attempts: 1,
      },
    ],
  })
  t.equal(endpoint.arrivals.length, 1, 'a write that may have been made is not repeated')
})

t.test('tries an HTML 503 three times, then returns 502', async (t) => {
  const endpoint = await startEndpoint(t, (_arrival, response) =>
    response.writeHead(503, { 'content-type': 'text/html' }).end(HTML),
  )
  const service = await startServiceAt(t, endpoint.url)
  const { status, body } = await service.run('list-trails')
  t.equal(status, 502)
  t.match(body.errors, [{ statusCode: 503, attempts: 3, retryable: true }])
  t.equal(body.meta.apiCalls, 3)
  t.equal(endpoint.arrivals.length, 3)
})

t.test('waits that end at the deadline cost nothing of the retry budget', async (t) => {
  let failsNext = false
  const endpoint = await startEndpoint(t, ({ operation }, response) => {
    if (operation !== 'ListTrails') json(response, {})
    else if (failsNext) {
      failsNext = false
      json(response, { __type: 'ServiceUnavailable', message: 'later' }, 503)
    } else json(response, { Trails: [] })
  })
  const service = await startServiceAt(t, endpoint.url, { QUOTA_WRITE_TPS: '1' })
  const trailNames = Array.from({ length: 10 }, (_, index) => `trail-${index}`)
  const stop = () => service.run('stop-logging', { trailNames }, { 'x-deadline-ms': '1500' })
  const answers = await Promise.all([stop(), stop(), stop(), stop()])
  t.ok(answers.some(({ body }) => body.errors.some(({ code }) => code === 'DeadlineExceeded')))
  failsNext = true
  const { status, body: read } = await service.run('list-trails')
  t.equal(status, 200)
  t.equal(read.meta.apiCalls, 2)
})

t.test("returns 502 with AWS's code for a 500 of AWS, after three attempts", async (t) => {
  const endpoint = await startEndpoint(t, (_arrival, response) =>
    json(response, { __type: 'InternalFailure', message: 'oops' }, 500),
  )
  const service = await startServiceAt(t, endpoint.url)
  const { status, body } = await service.run('list-trails')
  t.equal(status, 502)
  t.match(body.errors, [
    { code: 'InternalFailure', statusCode: 500, source: 'aws', attempts: 3, retryable: true },
  ])
})

t.test(
  'ends the attempt when a body is shorter than its content-length, or never ends',
  async (t) => {
    const endpoint = await startEndpoint(t, (_arrival, response) => {
      response.writeHead(200, {
        'content-type': 'application/x-amz-json-1.1',
        'content-length': 100,
      })
      response.write('{"Trails":[')
    })
    const service = await startServiceAt(t, endpoint.url, { AWS_TIMEOUT_MS: '100' })
    const { status, body } = await service.run('list-trails')
    t.equal(status, 502)
    t.match(body.errors, [{ statusCode: 'N/A', source: 'network', attempts: 3, retryable: true }])
  },
)

t.test('gives up an endpoint that never responds after the timeout of an attempt', async (t) => {
  const endpoint = await startEndpoint(t, () => undefined)
  const service = await startServiceAt(t, endpoint.url, { AWS_TIMEOUT_MS: '100' })
  const { status, body } = await service.run('list-trails')
  t.equal(status, 502)
  t.match(body.errors, [{ statusCode: 'N/A', source: 'network', attempts: 3 }])
})

t.test('returns 504 for a read without a response by the deadline', async (t) => {
  const endpoint = await startEndpoint(t, () => undefined)
  const service = await startServiceAt(t, endpoint.url)
  const { status, body } = await service.run('list-trails', {}, { 'x-deadline-ms': '200' })
  t.equal(status, 504)
  t.match(body.errors, [{ code: 'DeadlineExceeded', statusCode: 504, source: 'service' }])
})

t.test('returns OutcomeUnknown for a write without a response by the deadline', async (t) => {
  const endpoint = await startEndpoint(t, (_arrival, response) => {
    setTimeout(() => json(response, undefined), 600)
  })
  const service = await startServiceAt(t, endpoint.url)
  const { status, body } = await service.run(
    'stop-logging',
    { trailNames: ['audit'] },
    { 'x-deadline-ms': '200' },
  )
  t.equal(status, 504)
  t.match(body.errors, [{ code: 'OutcomeUnknown', retryable: false, attempts: 1 }])
  // the service does not shut down before the write has ended
  await service.close()
  t.match(
    service.log.filter(({ operation }) => operation === 'StopLogging'),
    [{ msg: /a write finished after its command had returned/ }],
  )
})

t.test('reports a network error for a connection that is reset or refused', async (t) => {
  const resetting = createServer((socket) => socket.resetAndDestroy())
  await new Promise<void>((resolve) => resetting.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(resetting.address() as AddressInfo).port}`
  const service = await startServiceAt(t, url)
  const reset = await service.run('list-trails')
  t.equal(reset.status, 502)
  t.match(reset.body.errors, [
    { code: 'ECONNRESET', statusCode: 'N/A', source: 'network', attempts: 3, retryable: true },
  ])
  await new Promise((resolve) => resetting.close(resolve))
  const gone = await service.run('list-trails')
  t.equal(gone.status, 502)
  t.match(gone.body.errors, [{ code: 'ECONNREFUSED', source: 'network', attempts: 3 }])
  t.equal(
    gone.body.error,
    `List Trails failed. Status Code: N/A. Message: ${gone.body.errors[0]?.message}.`,
  )
})

t.test('ends the read of a client that disconnects', async (t) => {
  let aborted: () => void = () => undefined
  const ended = new Promise<void>((resolve) => (aborted = resolve))
  let arrived: () => void = () => undefined
  const arrival = new Promise<void>((resolve) => (arrived = resolve))
  const endpoint = await startEndpoint(t, (_arrival, response) => {
    response.on('close', aborted)
    arrived()
  })
  const service = await startServiceAt(t, endpoint.url)
  const client = new AbortController()
  const request = service
    .fetch('/commands/list-trails', { method: 'POST', signal: client.signal })
    .catch(() => undefined)
  await arrival
  client.abort()
  await ended
  await request
  t.equal(endpoint.arrivals.length, 1)
})
