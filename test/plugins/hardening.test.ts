import { once } from 'node:events'
import { connect } from 'node:net'
import t from 'tap'
import { deviations } from '../support/api-document.js'
import { envelopeOf, sendRaw } from '../support/raw-http.js'
import { startSandboxService } from '../support/service.js'

t.test('forbids sniffing, framing, caching and loading on every response', async (t) => {
  const service = await startSandboxService(t)
  const run = await service.run('list-trails')
  for (const { headers } of [
    run,
    await service.run('unknown'),
    await service.fetch('/quotas'),
    await service.fetch('/nothing'),
  ]) {
    t.equal(headers.get('x-content-type-options'), 'nosniff')
    t.equal(headers.get('x-frame-options'), 'DENY')
    t.equal(headers.get('cache-control'), 'no-store')
    t.match(headers.get('content-security-policy'), /^default-src 'none';/)
    t.equal(headers.get('x-powered-by'), null)
    t.equal(headers.get('server'), null)
  }
})

t.test('lets Swagger UI run its own scripts and no others', async (t) => {
  const service = await startSandboxService(t)
  const { headers } = await service.fetch('/docs/')
  const policy = headers.get('content-security-policy') ?? ''
  t.match(policy, /default-src 'none'/)
  t.match(policy, /script-src 'self';/)
  t.match(policy, /frame-ancestors 'none'/)
  t.notMatch(policy, /unsafe|https:|\*/)
})

t.test('lets the status page run its own script and nothing inline', async (t) => {
  const service = await startSandboxService(t)
  const { headers } = await service.fetch('/')
  t.match(headers.get('content-security-policy'), /script-src 'self'/)
  t.notMatch(headers.get('content-security-policy'), /unsafe/)
})

t.test('returns 431 in the envelope for headers that are too large', async (t) => {
  const service = await startSandboxService(t)
  const answer = await sendRaw(
    service,
    `POST /commands/list-trails HTTP/1.1\r\nhost: x\r\nx-filler: ${'x'.repeat(20_000)}\r\n\r\n`,
  )
  t.match(answer, /^HTTP\/1\.1 431 /)
  t.match(envelopeOf(answer), { returnData: 'Failed', errors: [{ code: 'HeadersTooLarge' }] })
})

t.test('returns 400 in the envelope for bytes that are not HTTP', async (t) => {
  const service = await startSandboxService(t)
  for (const bytes of ['GARBAGE\r\n\r\n', '\x16\x03\x01\x02\x00\x01', 'GET / HTTP/9.9\r\n\r\n']) {
    const answer = await sendRaw(service, bytes)
    t.match(answer, /^HTTP\/1\.1 400 /)
    t.match(envelopeOf(answer).errors, [{ code: 'InvalidHttp' }])
  }
  // two lengths: what one proxy takes for a body another takes for the next request
  const smuggled = `POST /commands/list-trails HTTP/1.1\r\nhost: x\r\ncontent-length: 2\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n`
  t.match(await sendRaw(service, smuggled), /^HTTP\/1\.1 400 /)
})

t.test('returns the envelope where Node or Fastify would respond by itself', async (t) => {
  const service = await startSandboxService(t)
  const post = 'POST /commands/list-trails HTTP/1.1\r\n'
  const cases: [bytes: string, status: number, code: string][] = [
    [`${post}connection: close\r\n\r\n`, 400, 'InvalidRequest'],
    [`${post}host: x\r\nexpect: nonsense\r\n\r\n`, 417, 'ExpectationFailed'],
    [
      `GET /jobs/${'x'.repeat(201)} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n`,
      414,
      'PathTooLong',
    ],
    ['GET /%zz HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n', 400, 'InvalidPath'],
    ['CONNECT example.com:443 HTTP/1.1\r\nhost: example.com:443\r\n\r\n', 405, 'MethodNotAllowed'],
  ]
  for (const [bytes, status, code] of cases) {
    const response = await sendRaw(service, bytes)
    t.match(response, new RegExp(`^HTTP/1\\.1 ${status} `), code)
    t.match(envelopeOf(response), { returnData: 'Failed', errors: [{ code }] })
    const body = response.slice(response.indexOf('\r\n\r\n') + 4)
    const headers = { 'content-type': 'application/json' }
    t.same(deviations({ method: 'GET', route: undefined, status, headers, body }), [])
  }
})

t.test('returns the envelope for a second request that cannot be read', async (t) => {
  const service = await startSandboxService(t)
  const first = 'GET /livez HTTP/1.1\r\nhost: x\r\n\r\n'
  const seconds: [bytes: string, status: number][] = [
    ['GARBAGE\r\n\r\n', 400],
    [`GET /livez HTTP/1.1\r\nhost: x\r\nx-filler: ${'x'.repeat(20_000)}\r\n\r\n`, 431],
  ]
  for (const [second, status] of seconds) {
    const socket = connect(Number(new URL(service.url).port), '127.0.0.1')
    let received = ''
    socket.setEncoding('utf8').on('data', (chunk: string) => (received += chunk))
    socket.write(first)
    await once(socket, 'data')
    received = ''
    socket.write(second)
    await once(socket, 'close')
    t.match(received, new RegExp(`^HTTP/1\\.1 ${status} `))
    t.equal(envelopeOf(received).returnData, 'Failed')
  }
})

t.test('returns 400 for a body with __proto__ or constructor', async (t) => {
  const service = await startSandboxService(t)
  for (const body of [
    '{"__proto__": {"trailNames": ["audit"]}}',
    '{"trailNames": ["audit"], "constructor": {"prototype": {"x": 1}}}',
    '{"connection": {"__proto__": {"serverUrl": "https://evil.example"}}}',
    '{"\\u005f_proto__": 1}',
  ]) {
    const { status, body: answer } = await service.run('get-trails', body)
    t.equal(status, 400, body)
    t.equal(answer.returnData, 'Failed')
  }
  t.equal(({} as { x?: unknown }).x, undefined)
})

t.test('returns 400 with a bounded response for a body full of validation errors', async (t) => {
  const service = await startSandboxService(t)
  const bodies = {
    'one long list': { trailNames: Array<number>(400_000).fill(1) },
    'a deep one': { trailNames: [], x: Array<number[]>(200_000).fill([1]) },
    'many fields': Object.fromEntries(Array.from({ length: 50_000 }, (_, index) => [index, 1])),
  }
  for (const [what, body] of Object.entries(bodies)) {
    const { status, body: answer } = await service.run('stop-logging', body)
    t.equal(status, 400, what)
    t.match(answer.errors, [{ field: 'body', message: /at most 20000 items and fields/ }])
  }
  for (const [what, body, count] of [
    ['a list below that', { trailNames: Array<number>(15_000).fill(1) }, 101],
    ['bad names', { trailNames: Array.from({ length: 5000 }, (_, index) => `!${index}`) }, 1],
    ['a hundred faults', { trailNames: ['a', ...Array<number>(99).fill(1)] }, 100],
  ] as const) {
    const { status, body: answer } = await service.run('stop-logging', body)
    t.equal(status, 400, what)
    t.ok(answer.errors.length <= count, `${what}: ${answer.errors.length}`)
    t.ok(JSON.stringify(answer).length < 100_000)
    if (count > 100)
      t.match(answer.errors.at(-1), { field: 'body', message: /more validation errors/ })
  }
})

t.test('shows no path, stack or module name in any error', async (t) => {
  const service = await startSandboxService(t)
  for (const path of ['/commands/list-trails/..%2f', '/%ff', '/docs/../package.json', '/%00']) {
    const text = await (await service.fetch(path)).text()
    t.notMatch(text, /node_modules|\.js:\d+|at .+\(.+\)/, path)
  }
  const { body } = await service.run('list-trails', '{"connection": ')
  t.notMatch(JSON.stringify(body), /node_modules|\.js:\d+/)
})
