import { request } from 'node:http'
import { createInterface } from 'node:readline'
import { once } from 'node:events'
import t, { type Test } from 'tap'
import { History } from '../support/history.js'
import { startHistoryEndpoint } from '../support/history-endpoint.js'
import { ACCESS_KEY, startSandboxService, startServiceAt } from '../support/service.js'

const END = Math.floor(Date.now() / 1000) - 60

const spread = (count: number, seconds = 86_400) =>
  Array.from({ length: count }, (_, index) => END - Math.floor(((index + 0.5) * seconds) / count))

const idsOf = (body: { rawData: unknown }) =>
  (body.rawData as any).Events.map(({ EventId }: any) => EventId)

/** Streams Lookup Events, line by line. */
async function stream(t: Test, url: string, body: object, onLine: (line: any) => unknown) {
  const sent = request(`${url}/commands/lookup-events`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/x-ndjson' },
  })
  t.teardown(() => sent.destroy())
  sent.end(JSON.stringify(body))
  const [response] = await once(sent, 'response')
  for await (const line of createInterface({ input: response })) await onLine(JSON.parse(line))
  return response
}

t.test(
  'the deadline leaves what was found without a gap, and a token that goes on there',
  async (t) => {
    const history = new History(spread(1000))
    const endpoint = await startHistoryEndpoint(t, history, { latencyMs: 400 })
    const service = await startServiceAt(t, endpoint.url, { QUOTA_LOOKUP_TPS: '5' })
    const query = { startTime: END - 86_400, endTime: END, limit: 10_000 }
    const first = await service.run('lookup-events', query, { 'x-deadline-ms': '2500' })
    t.equal(first.status, 207)
    t.match(first.body, {
      returnData: 'Partially Successful',
      errors: [{ code: 'DeadlineExceeded', retryable: true, region: 'us-east-1' }],
      meta: {
        truncated: /time was up/,
        nextToken: String,
        window: { startTime: /Z$/, endTime: new Date(END * 1000).toISOString() },
      },
    })
    // another replica, started anew: the token is good there too
    const replica = await startServiceAt(t, endpoint.url)
    const { nextToken } = first.body.meta as { nextToken: string }
    const rest = await replica.run('lookup-events', { ...query, nextToken })
    t.equal(rest.status, 200)
    t.equal(rest.body.meta.nextToken, undefined)
    t.same(
      [...idsOf(first.body), ...idsOf(rest.body)],
      history.events.map(({ EventId }) => EventId),
    )
  },
)

t.test(
  'a token is good for its own query and account alone, and not when it was changed',
  async (t) => {
    const endpoint = await startHistoryEndpoint(t, new History(spread(200)))
    const service = await startServiceAt(t, endpoint.url)
    const { body } = await service.run('lookup-events', { startTime: '-2d', limit: 60 })
    const nextToken = body.meta.nextToken!
    t.notMatch(Buffer.from(nextToken, 'base64url').toString('latin1'), /page-/, 'it is opaque')
    const changed = `${nextToken.slice(0, -4)}${nextToken.endsWith('AAAA') ? 'BBBB' : 'AAAA'}`
    const connection = {
      serverUrl: endpoint.url,
      accessKey: 'AKIAIOSFODNN7EXAMPLE',
      accessSecret: 'another',
    }
    for (const [what, wrong] of Object.entries({
      'another window': { startTime: '-3d', nextToken },
      'another filter': { startTime: '-2d', nextToken, filters: { EventName: ['Event1'] } },
      'another account': { startTime: '-2d', nextToken, connection },
      'a changed token': { startTime: '-2d', nextToken: changed },
      'a made-up token': {
        startTime: '-2d',
        nextToken: 'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA',
      },
    })) {
      const answer = await service.run('lookup-events', wrong)
      t.equal(answer.status, 400, what)
      t.match(answer.body.errors, [{ field: 'nextToken', code: 'ValidationError' }])
    }
    const good = await service.run('lookup-events', { startTime: '-2d', nextToken, limit: 1 })
    t.equal(good.status, 200)
    t.match(idsOf(good.body), [/^00000060/])
  },
)

t.test('filters: the most selective attribute goes to AWS, the rest is applied here', async (t) => {
  const history = new History(spread(700), (index) => ({
    Username: `user-${index % 3}`,
    AccessKeyId: index % 2 === 0 ? ACCESS_KEY : 'AKIAOTHERKEY',
    CloudTrailEvent: JSON.stringify({
      ...(index % 5 === 0 && { errorCode: 'AccessDenied' }),
      sourceIPAddress: '198.51.100.7',
      eventType: 'AwsApiCall',
      userIdentity: { arn: `arn:aws:iam::111122223333:user/user-${index % 3}` },
    }),
  }))
  const endpoint = await startHistoryEndpoint(t, history)
  const service = await startServiceAt(t, endpoint.url)
  const { status, body } = await service.run('lookup-events', {
    filters: {
      Username: ['user-0', 'user-1'],
      AccessKeyId: [ACCESS_KEY],
      errorCode: ['AccessDenied'],
      userIdentityArn: ['arn:aws:iam::111122223333:user/user-0'],
      sourceIPAddress: ['198.51.100.7', '203.0.113.9'],
      eventType: ['AwsApiCall'],
    },
    limit: 1000,
  })
  t.equal(status, 200)
  const expected = history.events.filter((_, index) => index % 30 === 0)
  t.same(
    idsOf(body),
    expected.map(({ EventId }) => EventId),
  )
  t.match(body.meta, { scanned: 350, matched: expected.length })
  t.same(
    [...new Set(endpoint.arrivals.map(({ input }) => JSON.stringify(input.LookupAttributes)))],
    [JSON.stringify([{ AttributeKey: 'AccessKeyId', AttributeValue: ACCESS_KEY }])],
  )
})

t.test(
  'several values of one attribute are searched at once and merged, newest first',
  async (t) => {
    const history = new History(spread(400))
    const endpoint = await startHistoryEndpoint(t, history)
    const service = await startServiceAt(t, endpoint.url)
    const filters = { EventName: ['Event2', 'Event5'] }
    const expected = history.events
      .filter(({ EventName }) => filters.EventName.includes(EventName!))
      .map(({ EventId }) => EventId)
    const all = await service.run('lookup-events', { filters, limit: 1000 })
    t.same(idsOf(all.body), expected)
    const found: string[] = []
    let nextToken: string | undefined
    do {
      const { body } = await service.run('lookup-events', {
        filters,
        limit: 17,
        ...(nextToken !== undefined && { nextToken }),
      })
      found.push(...idsOf(body))
      nextToken = body.meta.nextToken
    } while (nextToken !== undefined)
    t.same(found, expected, 'in steps too')
  },
)

t.test('regions are searched at once; one that denies is an error of its own', async (t) => {
  const history = new History(spread(120))
  const endpoint = await startHistoryEndpoint(t, history, {
    instead: ({ headers }, _count, fail) => {
      if (!String(headers.authorization).includes('/me-south-1/')) return false
      fail('UnrecognizedClientException')
      return true
    },
  })
  const service = await startServiceAt(t, endpoint.url)
  const regions = ['us-east-1', 'me-south-1', 'eu-west-1']
  const { status, body } = await service.run('lookup-events', { regions, limit: 30 })
  t.equal(status, 207)
  t.same(body.meta.regions, regions)
  t.match(body.errors, [{ code: 'UnrecognizedClientException', region: 'me-south-1' }])
  t.equal(body.contextData.length, 30)
  t.same(
    body.contextData.slice(0, 4).map(({ region }) => region),
    ['us-east-1', 'eu-west-1', 'us-east-1', 'eu-west-1'],
    'merged by time, and in the order of the regions where it is the same',
  )
})

t.test('times are ISO 8601, epoch seconds or relative; other times are refused', async (t) => {
  const endpoint = await startHistoryEndpoint(t, new History(spread(10)))
  const service = await startServiceAt(t, endpoint.url)
  for (const startTime of ['-15m', '-2h', '-7d', '-90d', '-30s', END - 100, String(END - 100)]) {
    const { status, body } = await service.run('lookup-events', { startTime })
    t.equal(status, 200, String(startTime))
    t.match(body.meta, { window: { startTime: /^\d{4}-.*Z$/ } })
  }
  for (const startTime of ['-91d', '2h', '', 'now', -5, END * 1000, '2026-02-30T00:00:00Z', true]) {
    const { status, body } = await service.run('lookup-events', { startTime })
    t.equal(status, 400, String(startTime))
    t.match(body.errors, [{ field: 'startTime' }])
  }
  const turned = await service.run('lookup-events', { startTime: '-1h', endTime: '-2h' })
  t.match(turned.body.errors, [{ field: 'startTime', message: /after endTime/ }])
  const within = await service.run('lookup-events', {
    startTime: '2026-11-22T10:00:00.200Z',
    endTime: '2026-11-22T10:00:00.800Z',
  })
  t.equal(within.status, 200, 'no event happens between two seconds')
  t.equal(within.body.meta.apiCalls, 0)
})

t.test('a stream has every event, a line each, and the envelope at last', async (t) => {
  const history = new History(spread(500))
  const endpoint = await startHistoryEndpoint(t, history)
  const service = await startServiceAt(t, endpoint.url)
  const lines: any[] = []
  const response = await stream(t, service.url, { limit: 300 }, (line) => lines.push(line))
  t.equal(response.statusCode, 200)
  t.match(response.headers, { 'content-type': 'application/x-ndjson' })
  t.same(
    lines.slice(0, -1).map(({ event }) => event.data.eventId),
    history.events.slice(0, 300).map(({ EventId }) => EventId),
  )
  const { envelope } = lines.at(-1)
  t.match(envelope, { command: 'lookup-events', returnData: 'Successful', meta: { matched: 300 } })
  t.type(envelope.meta.nextToken, 'string')
  t.notOk('contextData' in envelope)
})

t.test('a stream that finds nothing but an error has its status', async (t) => {
  const endpoint = await startHistoryEndpoint(t, new History([]), {
    instead: (_arrival, _count, fail) => {
      fail('AccessDeniedException')
      return true
    },
  })
  const service = await startServiceAt(t, endpoint.url)
  const lines: any[] = []
  const response = await stream(t, service.url, {}, (line) => lines.push(line))
  t.equal(response.statusCode, 400)
  t.match(lines, [
    { envelope: { returnData: 'Failed', errors: [{ code: 'AccessDeniedException' }] } },
  ])
  const refused = await service.run(
    'lookup-events',
    { limit: 0 },
    { accept: 'application/x-ndjson' },
  )
  t.equal(refused.status, 400)
})

t.test(
  'a reader that stops reading stops the calls, and memory stays flat over 100,000 events',
  async (t) => {
    const padding = 'x'.repeat(1000)
    const history = new History(spread(100_000), () => ({
      CloudTrailEvent: JSON.stringify({ padding }),
    }))
    const endpoint = await startHistoryEndpoint(t, history)
    const service = await startServiceAt(t, endpoint.url)
    let count = 0
    let callsAtPause = 0
    let peak = 0
    gc?.()
    const before = process.memoryUsage().heapUsed
    await stream(t, service.url, { limit: 100_000 }, async () => {
      count += 1
      if (count % 10_000 === 0) {
        gc?.()
        peak = Math.max(peak, process.memoryUsage().heapUsed - before)
      }
      if (count !== 2000) return
      // nothing is read for a while: what is under way comes to rest
      for (let turn = 0; turn < 20 && callsAtPause !== endpoint.arrivals.length; turn += 1) {
        callsAtPause = endpoint.arrivals.length
        await new Promise((resolve) => setTimeout(resolve, 300))
      }
      t.equal(endpoint.arrivals.length, callsAtPause, 'no further calls while nobody reads')
      t.ok(callsAtPause < 1000, `${callsAtPause} calls of 2000`)
    })
    t.equal(count, 100_001)
    t.comment(`heap at most ${Math.round(peak / 2 ** 20)} MB above the start`)
    t.ok(peak < 60 * 2 ** 20, `${Math.round(peak / 2 ** 20)} MB`)
  },
)

t.test('a small limit makes one call, and its token the next', async (t) => {
  const service = await startSandboxService(t)
  const { body } = await service.run('lookup-events', { limit: 50 })
  t.equal(body.meta.apiCalls, 1)
  const next = await service.run('lookup-events', { nextToken: body.meta.nextToken, limit: 50 })
  t.equal(next.body.meta.apiCalls, 1)
  t.notOk(idsOf(next.body).some((id: string) => idsOf(body).includes(id)))
})
