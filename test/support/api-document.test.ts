import { spawnSync } from 'node:child_process'
import t from 'tap'
import { startSandboxService } from './service.js'
import { deviations, type ApiResponse } from './api-document.js'
import { CHECK_API_RESPONSES } from './process.js'

t.test(
  'a response that conforms has no deviation, and every kind of deviation is found',
  async (t) => {
    const service = await startSandboxService(t)
    const { status, headers, body } = await service.run('list-trails')
    const good: ApiResponse = {
      method: 'POST',
      route: '/commands/list-trails',
      status,
      headers: Object.fromEntries(headers),
      body: JSON.stringify(body),
    }
    const withBody = (change: (copy: any) => void) => {
      const copy = structuredClone(body)
      change(copy)
      return deviations({ ...good, body: JSON.stringify(copy) })
    }
    t.same(deviations(good), [])
    t.match(deviations({ ...good, status: 404 }), [/the status is not declared/])
    t.match(deviations({ ...good, headers: { ...good.headers, 'x-surprise': '1' } }), [
      /the header x-surprise is not declared/,
    ])
    t.match(deviations({ ...good, headers: { ...good.headers, 'content-type': 'text/html' } }), [
      /the media type text\/html is not declared/,
    ])
    t.match(
      withBody((copy) => (copy.surprise = 1)),
      [/must NOT have unevaluated properties.*surprise/],
    )
    t.match(
      withBody((copy) => (copy.meta.surprise = 1)),
      [/\/meta must NOT have additional.*surprise/],
    )
    t.match(
      withBody((copy) => (copy.contextData[0].data.surprise = 1)),
      [/surprise/],
    )
    t.match(
      withBody((copy) => (copy.meta.apiCalls = '1')),
      [/\/meta\/apiCalls must be integer/],
    )
    t.match(
      withBody((copy) => delete copy.keyFields),
      [/keyFields/],
    )
    t.match(
      withBody((copy) => (copy.returnData = 'Failed')),
      [/\/returnData/],
    )
  },
)

t.test('an error of the service whose code is in no catalogue is a deviation', async (t) => {
  const service = await startSandboxService(t)
  const { status, headers, body } = await service.run('get-trails', { trailNames: ['a'] })
  const withError = (change: object) => {
    const copy = structuredClone(body)
    Object.assign(copy.errors[0]!, change)
    return deviations({
      method: 'POST',
      route: '/commands/get-trails',
      status,
      headers: Object.fromEntries(headers),
      body: JSON.stringify(copy),
    })
  }
  t.match(body.errors, [{ code: 'InvalidTrailNameException', source: 'service', field: String }])
  t.same(withError({}), [], "AWS's code for a rule that the service checks")
  t.same(withError({ code: 'ProtectedTrail' }), [])
  t.same(withError({ code: 'NewException', source: 'aws' }), [])
  t.match(withError({ code: 'NewCode' }), [/the code NewCode is not in the catalogue/])
  t.match(withError({ field: undefined }), [/the code InvalidTrailNameException is not/])

  const { contextData: _rows, keyFields: _fields, rawData: _raw, ...envelope } = body
  const errors = [{ ...body.errors[0], code: 'NewCode' }]
  const stream = deviations({
    method: 'POST',
    route: '/commands/lookup-events',
    status: 200,
    headers: { 'content-type': 'application/x-ndjson' },
    body: `${JSON.stringify({ envelope: { ...envelope, errors } })}\n`,
  })
  t.match(stream, [/the code NewCode is not in the catalogue/], 'the last line of a stream')
})

t.test('a response with an undeclared member fails the process that sends it', async (t) => {
  const service = (body: string) => `
    import fastify from 'fastify'
    const app = fastify()
    app.get('/livez', (_request, reply) => reply.send(${body}))
    await app.inject('/livez')`
  const run = (body: string) =>
    spawnSync(
      process.execPath,
      [`--import=${CHECK_API_RESPONSES}`, '--input-type=module', '--eval', service(body)],
      { encoding: 'utf8', env: { PATH: process.env.PATH, EXPECT_DEVIATIONS: 'true' } },
    )
  t.equal(run(`{ status: 'ok' }`).status, 0)
  t.match(run('').stderr, /GET \/livez 200: the body is missing/)
  const failed = run(`{ status: 'ok', surprise: true }`)
  t.equal(failed.status, 1)
  t.match(failed.stderr, /GET \/livez 200: the body must NOT have additional properties.*surprise/)
})
