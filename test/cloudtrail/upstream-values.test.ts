import t from 'tap'
import { json, startEndpoint } from '../support/endpoint.js'
import { startServiceAt } from '../support/service.js'

const ARN = 'arn:aws:cloudtrail:us-east-1:111122223333:trail/audit'
const names = { trailNames: ['audit'] }
const nested = (depth: number) => '[{"a":'.repeat(depth) + '1' + '}]'.repeat(depth)

/** Responses that broke the service, the command that met them, and the start of the error. */
const CASES: [name: string, command: string, body: object, text: string, message: RegExp][] = [
  ['null in trailList', 'describe-trails', {}, '{"trailList":[null]}', /null as trailList\[0\]/],
  ['null in Trails', 'list-trails', {}, '{"Trails":[null]}', /null as Trails\[0\]/],
  [
    'null in ResourceTagList',
    'list-tags',
    { trailArns: [ARN] },
    '{"ResourceTagList":[null]}',
    /null as ResourceTagList\[0\]/,
  ],
  [
    'an unknown member nested 200,000 deep',
    'list-trails',
    {},
    `{"Trails":[],"More":${nested(100_000)}}`,
    /JSON of more than 200000 values/,
  ],
  [
    'an unknown member nested 2,000 deep',
    'list-trails',
    {},
    `{"Trails":[],"More":${nested(1_000)}}`,
    /More nested more than 32 levels deep/,
  ],
  [
    'a time without an ISO form',
    'get-trail-status',
    names,
    '{"IsLogging":true,"StartLoggingTime":1e300}',
    /a number as StartLoggingTime, where CloudTrail sends a time/,
  ],
]

for (const [name, command, body, text, message] of CASES) {
  t.test(`returns 502 for ${name}`, async (t) => {
    const endpoint = await startEndpoint(t, (_, response) =>
      response.writeHead(200, { 'content-type': 'application/x-amz-json-1.1' }).end(text),
    )
    const service = await startServiceAt(t, endpoint.url)
    const { status, body: envelope } = await service.run(command, body)
    t.equal(status, 502)
    t.match(envelope.errors, [{ code: 'InvalidUpstreamResponse', message, source: 'aws' }])
  })
}

t.test('keeps the rows of a write whose error has a message that is no text', async (t) => {
  const endpoint = await startEndpoint(t, ({ operation, input }, response) => {
    if (operation === 'ListTrails') json(response, { Trails: [] })
    else if (input.Name === 'audit') json(response, undefined)
    else json(response, { __type: 'TrailNotFoundException', message: { text: ['odd'] } }, 400)
  })
  const service = await startServiceAt(t, endpoint.url)
  const { status, body } = await service.run('stop-logging', { trailNames: ['audit', 'other'] })
  t.equal(status, 207)
  t.match(body.contextData, [{ result: 'Successful' }, { result: 'Failed' }])
  t.match(body.errors, [{ code: 'TrailNotFoundException', message: '{"text":["odd"]}' }])
})

t.test('keeps the code of an error whose message is nested too deep to be written', async (t) => {
  const endpoint = await startEndpoint(t, (_, response) =>
    response
      .writeHead(400, { 'content-type': 'application/x-amz-json-1.1' })
      .end(`{"__type":"TrailNotFoundException","message":${nested(50_000)}}`),
  )
  const service = await startServiceAt(t, endpoint.url)
  const { status, body } = await service.run('get-trail-status', names)
  t.equal(status, 400)
  t.match(body.errors, [
    { code: 'TrailNotFoundException', message: 'The message of this error cannot be read.' },
  ])
})

t.test('refuses a response that is larger than any of CloudTrail', async (t) => {
  const megabyte = Buffer.alloc(1024 * 1024, ' ')
  const endpoint = await startEndpoint(t, (_, response) => {
    response.writeHead(200, { 'content-type': 'application/x-amz-json-1.1' })
    for (let count = 0; count < 60; count += 1) response.write(megabyte)
    response.end('{"Trails":[]}')
  })
  const service = await startServiceAt(t, endpoint.url)
  const { status, body } = await service.run('list-trails')
  t.equal(status, 502)
  t.match(body.errors, [{ code: 'InvalidUpstreamResponse', message: /more than 16777216 bytes/ }])
})

t.test('refuses a response of millions of tiny values without parsing it', async (t) => {
  const endpoint = await startEndpoint(t, (_, response) => {
    response.writeHead(200, { 'content-type': 'application/x-amz-json-1.1' })
    response.end(`{"Trails":[${'{},'.repeat(5_000_000)}{}]}`)
  })
  const service = await startServiceAt(t, endpoint.url)
  const { status, body } = await service.run('list-trails')
  t.equal(status, 502)
  t.match(body.errors, [
    { code: 'InvalidUpstreamResponse', message: /JSON of more than 200000 values/ },
  ])
})

t.test('takes brackets, commas and escaped quotes in strings for text', async (t) => {
  const name = '[{,"\\'.repeat(60_000)
  const endpoint = await startEndpoint(t, (_, response) =>
    json(response, { Trails: [{ TrailARN: ARN, Name: name }] }),
  )
  const service = await startServiceAt(t, endpoint.url)
  const { status, body } = await service.run('list-trails')
  t.equal(status, 200)
  t.equal(body.contextData[0]?.data?.name, name)
})
