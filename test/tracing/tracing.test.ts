import { createRequire } from 'node:module'
import t from 'tap'
import { startCollector } from '../support/collector.js'
import { json, startEndpoint } from '../support/endpoint.js'
import { followJob } from '../support/jobs.js'
import { startSandboxService, startService, startServiceAt } from '../support/service.js'

const TRACE = '0af7651916cd43dd8448eb211c80319c'
const SPAN = 'b7ad6b7169203331'
const traceparent = (flags = '01') => ({ traceparent: `00-${TRACE}-${SPAN}-${flags}` })

/** Files of OpenTelemetry that this process has loaded, but for its bare interface, which prom-client brings. */
const loaded = () =>
  Object.keys(createRequire(import.meta.url).cache).filter((file) =>
    /@opentelemetry\/(?!api\/)/.test(file),
  )

t.test('does not load OpenTelemetry without a collector', async (t) => {
  const service = await startSandboxService(t)
  t.equal((await service.run('list-trails', {}, traceparent())).status, 200)
  t.same(loaded(), [])
  await service.close()
  await startSandboxService(t, { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1' })
  t.ok(loaded().length > 0, 'they would have been seen')
})

t.test('makes a span of a command, with its waits and attempts below it', async (t) => {
  const collector = await startCollector(t)
  const aws = await startEndpoint(t, (_, response, count) => {
    if (count === 1) json(response, { __type: 'ThrottlingException', message: 'Rate' }, 400)
    else json(response, { trailList: [] })
  })
  const service = await startService(t, {
    ENDPOINT_ALLOWLIST: aws.url,
    OTEL_EXPORTER_OTLP_ENDPOINT: `${collector.url}/`,
    OTEL_EXPORTER_OTLP_HEADERS: 'x-token=a%20b',
    OTEL_SERVICE_NAME: 'soar',
  })
  const { body } = await service.run(
    'describe-trails',
    {
      trailNames: ['named-by-the-request'],
      connection: {
        serverUrl: aws.url,
        accessKey: 'AKIARTX3GSDSQASANDBX',
        accessSecret: 'marked-secret',
        sessionToken: 'marked-token',
      },
    },
    { ...traceparent(), 'x-request-id': 'request-1' },
  )
  t.equal(body.returnData, 'Successful', body.error)
  const { root, steps } = await collector.trace('describe-trails')
  t.match(root, { traceId: TRACE, parentSpanId: SPAN, kind: 2, service: 'soar' })
  t.equal(root.status ?? 0, 0)
  t.same(root.attributes, {
    'cloudtrail.command': 'describe-trails',
    'cloudtrail.connection': 'inline',
    'cloudtrail.request_id': 'request-1',
    'cloud.region': 'us-east-1',
    'cloud.account.id': '111122223333',
    'cloudtrail.outcome': 'Successful',
    'cloudtrail.api_calls': 2,
    'cloudtrail.throttled': 1,
    'cloudtrail.queued_ms': body.meta.queuedMs,
    'http.response.status_code': 200,
  })
  t.same(
    steps.map(({ name }) => name),
    ['quota wait', 'CloudTrail/DescribeTrails', 'quota wait', 'CloudTrail/DescribeTrails'],
  )
  const place = {
    'cloudtrail.operation': 'DescribeTrails',
    'cloudtrail.connection': 'inline',
    'cloud.region': 'us-east-1',
    'cloud.account.id': '111122223333',
  }
  const [wait, throttled, , answered] = steps
  t.same(wait?.attributes, place)
  t.match(throttled, { kind: 3, status: 2 })
  t.match(throttled?.attributes, {
    ...place,
    'rpc.method': 'DescribeTrails',
    'cloudtrail.outcome': 'throttled',
    'error.type': 'ThrottlingException',
    'http.response.status_code': 400,
  })
  t.match(answered?.attributes, {
    ...place,
    'cloudtrail.outcome': 'responded',
    'aws.request_id': '00000000-0000-4000-8000-000000000001',
    'http.response.status_code': 200,
  })
  // OpenTelemetry knows the start of a span to the millisecond
  const slack = 2_000_000n
  t.ok(wait && throttled && wait.end <= throttled.start + slack, 'a permit, then the attempt')
  t.ok(steps.every(({ start, end }) => start >= root.start && end <= root.end + slack))
  const [request] = collector.requests
  t.match(request, { path: '/v1/traces', headers: { 'x-token': 'a b' } })
  // beside these, every span is searched for secrets on its way (search-leaks.mjs)
  t.notMatch(
    JSON.stringify(collector.spans.map(({ attributes }) => attributes)),
    /AKIA|named-by-the-request|a b/,
  )
  t.ok(
    service.log.some(({ command, traceId }) => command === 'describe-trails' && traceId === TRACE),
    'the log names the trace',
  )
  t.same(
    aws.arrivals.flatMap(({ headers }) => headers.traceparent ?? []),
    [],
    'AWS is not told of the trace',
  )
})

t.test('marks the span of a failed command with its code, without its message', async (t) => {
  const collector = await startCollector(t)
  const service = await startSandboxService(t, { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url })
  await service.run('get-trails', { trailNames: ['no-such-trail'] })
  const { root, steps } = await collector.trace('get-trails')
  t.equal(root.status, 2)
  t.match(root.attributes, {
    'error.type': 'TrailNotFoundException',
    'cloudtrail.outcome': 'Failed',
    'http.response.status_code': 400,
  })
  t.ok(
    steps.some(({ attributes }) => attributes['error.type'] === 'TrailNotFoundException'),
    'so is its attempt',
  )
  t.notMatch(JSON.stringify(root.attributes), 'no-such-trail')
})

t.test('marks an attempt without a response and a wait that was cut as errors', async (t) => {
  const collector = await startCollector(t)
  const aws = await startEndpoint(t, (_, response) => response.destroy())
  const service = await startServiceAt(t, aws.url, {
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
    QUOTA_WRITE_TPS: '0.1',
  })
  // its first attempt takes the permit of ten seconds; the wait for the next one ends with the command's time
  const body = { trailNames: ['audit'] }
  const { status } = await service.run('start-logging', body, { 'x-deadline-ms': '500' })
  t.ok(status >= 400)
  const { steps } = await collector.trace('start-logging')
  t.match(
    steps.find(({ name }) => name.startsWith('CloudTrail/')),
    { status: 2, attributes: { 'cloudtrail.outcome': 'failed' } },
  )
  t.match(steps.at(-1), { name: 'quota wait', status: 2 })
})

t.test(
  'follows the sampling decision of the caller, and ignores an invalid trace context',
  async (t) => {
    const collector = await startCollector(t)
    const service = await startSandboxService(t, { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url })
    await service.run('list-trails', {}, traceparent('00'))
    const job = await service.run(
      'get-trail-status',
      { trailNames: ['data-events'] },
      {
        ...traceparent(),
        prefer: 'respond-async',
      },
    )
    await followJob(service, job.headers.get('location') ?? '')
    await service.run(
      'test-connection',
      {},
      { traceparent: `00-${'0'.repeat(32)}-x-${'9'.repeat(3000)}` },
    )
    await service.close()
    t.ok(
      collector.spans.some(({ name }) => name === 'test-connection'),
      'the end sends what is left',
    )
    t.same(
      collector.spans.filter(({ name }) => name === 'list-trails'),
      [],
    )
    t.equal((await collector.trace('get-trail-status')).root.traceId, TRACE, 'a job goes on in it')
    const { root } = await collector.trace('test-connection')
    t.not(root.traceId, TRACE)
    t.not(root.parentSpanId ?? '', SPAN)
  },
)

t.test('delays neither commands nor shutdown for an unavailable collector', async (t) => {
  const silent = await startCollector(t, true)
  for (const url of ['http://127.0.0.1:1', silent.url]) {
    const service = await startSandboxService(t, { OTEL_EXPORTER_OTLP_ENDPOINT: url })
    const before = performance.now()
    for (let count = 0; count < 5; count += 1) {
      t.equal((await service.run('list-trails')).status, 200)
    }
    t.ok(performance.now() - before < 5_000)
    const ending = performance.now()
    await service.close()
    // two seconds for the collector, the rest for a busy machine
    t.ok(performance.now() - ending < 5_000)
    const told = service.log.filter(({ msg }) => /do not reach the collector/.test(msg))
    t.ok(told.length <= 1, 'told once')
  }
})

t.test('logs once when traces are lost, and once when they arrive again', async (t) => {
  let answers = false
  const collector = await startEndpoint(t, (_, response) => {
    response.writeHead(answers ? 200 : 400).end('marked-secret')
  })
  const service = await startSandboxService(t, { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url })
  const told = async (text: RegExp) => {
    while (!service.log.some(({ msg }) => text.test(msg))) {
      await service.run('list-trails')
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }
  await told(/do not reach the collector/)
  answers = true
  await told(/reach the collector again/)
  t.equal(service.log.filter(({ msg }) => /do not reach/.test(msg)).length, 1, 'told once')
})
