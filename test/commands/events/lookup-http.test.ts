import t from 'tap'
import { json, startEndpoint } from '../../support/endpoint.js'
import { streamEvents } from '../../support/event-stream.js'
import { END, History, idsOf, spread } from '../../support/history.js'
import { startHistoryEndpoint } from '../../support/history-endpoint.js'
import { ACCESS_KEY, startSandboxService, startServiceAt } from '../../support/service.js'

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

t.test(
  'returns an event that is not JSON as its text, which no filter on its record finds',
  async (t) => {
    const history = new History(spread(3), (index) => ({
      CloudTrailEvent: index === 0 ? 'no JSON' : JSON.stringify({ eventType: 'AwsApiCall' }),
    }))
    const endpoint = await startHistoryEndpoint(t, history)
    const service = await startServiceAt(t, endpoint.url)
    const { body } = await service.run('lookup-events', { startTime: '-2d' })
    t.match(
      body.contextData.map(({ data }) => data?.cloudTrailEvent),
      ['no JSON', { eventType: 'AwsApiCall' }, { eventType: 'AwsApiCall' }],
    )
    const filters = { eventType: ['AwsApiCall'] }
    const found = await service.run('lookup-events', { startTime: '-2d', filters })
    t.same(idsOf(found.body), idsOf(body).slice(1))
  },
)

t.test('reports a region that a VPC endpoint does not serve, without a call', async (t) => {
  const endpoint = await startHistoryEndpoint(t, new History([]))
  const service = await startServiceAt(t, endpoint.url)
  const connection = {
    serverUrl: 'https://vpce-0123456789abcdef0-01234567.cloudtrail.us-east-1.vpce.amazonaws.com',
    accessKey: ACCESS_KEY,
    accessSecret: 'another',
  }
  const { status, body } = await service.run('lookup-events', {
    connection,
    regions: ['eu-west-1'],
  })
  t.equal(status, 400)
  t.match(body.errors, [{ code: 'RegionNotReachable', region: 'eu-west-1' }])
  t.equal(body.meta.apiCalls, 0)
})

t.test('a region that had begun keeps its place, whatever stops it', async (t) => {
  const history = new History(spread(300))
  let isDenied = true
  const endpoint = await startHistoryEndpoint(t, history, {
    instead: ({ headers, input }, _count, fail) => {
      const isThere = String(headers.authorization).includes('/eu-west-1/')
      if (!isDenied || !isThere || input.NextToken === undefined) return false
      fail('ExpiredTokenException')
      return true
    },
  })
  const service = await startServiceAt(t, endpoint.url)
  const query = { startTime: '-2d', regions: ['us-east-1', 'eu-west-1'], limit: 1000 }
  const first = await service.run('lookup-events', query)
  t.equal(first.status, 207)
  t.match(first.body.errors, [{ code: 'ExpiredTokenException', region: 'eu-west-1' }])
  t.match(first.body.meta, {
    nextToken: String,
    truncated: { message: first.body.errors[0]!.message },
  })
  isDenied = false
  const { nextToken } = first.body.meta
  const rest = await service.run('lookup-events', { ...query, nextToken })
  t.equal(rest.body.returnData, 'Successful')
  t.equal(rest.body.meta.nextToken, undefined)
  for (const region of query.regions) {
    const rows = [...first.body.contextData, ...rest.body.contextData]
    t.same(
      rows.filter((row) => row.region === region).map(({ data }) => data?.eventId),
      history.events.map(({ EventId }) => EventId),
      region,
    )
  }
})

t.test('gives each cause of a truncated response its own reason', async (t) => {
  const history = new History(spread(300))
  const endpoint = await startHistoryEndpoint(t, history, {
    instead: ({ headers }, _count, fail) => {
      if (!String(headers.authorization).includes('/me-south-1/')) return false
      fail('UnrecognizedClientException')
      return true
    },
  })
  const service = await startServiceAt(t, endpoint.url)
  const query = { startTime: '-2d', regions: ['us-east-1', 'me-south-1'] }
  const some = await service.run('lookup-events', { ...query, limit: 30 })
  t.match(some.body.errors, [{ region: 'me-south-1' }])
  t.match(some.body.meta, { truncated: { code: 'LimitReached' }, nextToken: String })
  const all = await service.run('lookup-events', { ...query, limit: 1000 })
  t.equal(all.status, 207)
  t.equal(all.body.meta.truncated, undefined, 'the region that answered is whole')
  t.equal(all.body.meta.nextToken, undefined, 'and the other one never answered')
})

t.test('reports an endpoint that repeats its token, and stops', async (t) => {
  const endpoint = await startEndpoint(t, ({ input }, response) => {
    const { events } = history.page(
      { from: Number(input.StartTime), to: Number(input.EndTime) },
      undefined,
    )
    json(response, { Events: events, NextToken: 'again' })
  })
  const history = new History(spread(100))
  const service = await startServiceAt(t, endpoint.url)
  const { status, body } = await service.run('lookup-events', { startTime: '-2d', limit: 1000 })
  t.equal(status, 207)
  t.match(body.errors, [{ code: 'RepeatedNextToken', source: 'aws', retryable: false }])
  t.match(body.meta.truncated, { message: body.errors[0]!.message, code: body.errors[0]!.code })
  t.equal(body.meta.nextToken, undefined)
})

t.test('a search goes on although its times are no longer good for a new one', async (t) => {
  const clock = Date.now
  t.teardown(() => (Date.now = clock))
  const now = clock()
  let later = 0
  Date.now = () => now + later
  const endpoint = await startHistoryEndpoint(t, new History(spread(200)))
  const service = await startServiceAt(t, endpoint.url)
  for (const [times, passed] of [
    [{ startTime: new Date(now - 90 * 86_400_000).toISOString() }, 60_000],
    [{ startTime: '-15m', endTime: new Date(now).toISOString() }, 16 * 60_000],
  ] as const) {
    later = 0
    const first = await service.run('lookup-events', { ...times, limit: 1 })
    t.equal(first.status, 200)
    later = passed
    t.equal((await service.run('lookup-events', { ...times, limit: 1 })).status, 400)
    const { nextToken } = first.body.meta
    const next = await service.run('lookup-events', { ...times, nextToken, limit: 1 })
    t.equal(next.status, 200)
    t.match(first.body.meta.window, { startTime: String, endTime: String })
    t.same(next.body.meta.window, first.body.meta.window)
  }
})

t.test('a token of every region and as many values as a filter takes comes back', async (t) => {
  const history = new History(spread(400, 3000), (index) => ({ EventName: `Name${index % 20}` }))
  const long = 'x'.repeat(300)
  const endpoint = await startEndpoint(t, ({ input }, response) => {
    const name = input.LookupAttributes[0].AttributeValue as string
    const token = input.NextToken?.slice(long.length) as string | undefined
    const range = { from: Number(input.StartTime), to: Number(input.EndTime) }
    const page = history.only(({ EventName }) => EventName === name).page(range, token, 10)
    const NextToken = page.nextToken === undefined ? {} : { NextToken: long + page.nextToken }
    json(response, { Events: page.events, ...NextToken })
  })
  const service = await startServiceAt(t, endpoint.url, { QUOTA_LOOKUP_TPS: '100' })
  const query = {
    startTime: END - 3600,
    endTime: END,
    regions: 'all',
    filters: { EventName: Array.from({ length: 20 }, (_, index) => `Name${index}`) },
  }
  const first = await service.run('lookup-events', { ...query, limit: 2500 })
  t.equal(first.status, 200)
  const regions = first.body.meta.regions as string[]
  const nextToken = first.body.meta.nextToken!
  t.ok(nextToken.length < 131_072, `${nextToken.length} characters for ${regions.length} regions`)
  const next = await service.run('lookup-events', { ...query, limit: 5000, nextToken })
  t.equal(next.status, 200)
  const found = [...first.body.contextData, ...next.body.contextData]
  t.equal(found.length, 7500)
  t.equal(new Set(found.map(({ region, data }) => `${region} ${data?.eventId}`)).size, 7500)
})

t.test('what was searched before costs no more calls than it needs', async (t) => {
  const endpoint = await startHistoryEndpoint(t, new History(spread(20)), { latencyMs: 600 })
  const service = await startServiceAt(t, endpoint.url, { QUOTA_LOOKUP_TPS: '20' })
  const query = { startTime: '-1d', limit: 10_000 }
  const first = await service.run('lookup-events', query)
  const before = endpoint.arrivals.length
  const second = await service.run('lookup-events', query)
  t.same(idsOf(second.body), idsOf(first.body))
  t.equal(endpoint.arrivals.length - before, 1)
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
  const response = await streamEvents(t, service.url, { limit: 300 }, (line) => lines.push(line))
  t.equal(response.statusCode, 200)
  t.match(response.headers, { 'content-type': 'application/x-ndjson' })
  t.same(
    lines.flatMap(({ event = [] }) => event).map(({ data }) => data.eventId),
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
  const response = await streamEvents(t, service.url, {}, (line) => lines.push(line))
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

t.test('a small limit makes one call, and its token the next', async (t) => {
  const service = await startSandboxService(t)
  const { body } = await service.run('lookup-events', { limit: 50 })
  t.equal(body.meta.apiCalls, 1)
  const next = await service.run('lookup-events', { nextToken: body.meta.nextToken, limit: 50 })
  t.equal(next.body.meta.apiCalls, 1)
  t.notOk(idsOf(next.body).some((id: string) => idsOf(body).includes(id)))
})
