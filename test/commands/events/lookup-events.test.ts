import t from 'tap'
import { startSandboxService } from '../../support/service.js'

t.test('returns the newest 50 events, parsed in data and unchanged in rawData', async (t) => {
  const service = await startSandboxService(t)
  const { status, body } = await service.run('lookup-events')
  t.equal(status, 200)
  t.equal(body.contextData.length, 50)
  const times = body.contextData.map(({ data }) => Date.parse(String(data?.eventTime)))
  t.same(
    times,
    [...times].sort((a, b) => b - a),
    'newest first',
  )
  t.match(body.contextData[0], {
    region: 'us-east-1',
    data: { eventId: String, eventName: String, cloudTrailEvent: { eventVersion: String } },
  })
  const raw = body.rawData as { Events: { CloudTrailEvent: string; EventTime: number }[] }
  t.same(JSON.parse(raw.Events[0]!.CloudTrailEvent), body.contextData[0]?.data?.cloudTrailEvent)
  t.equal(typeof raw.Events[0]!.EventTime, 'number')
  t.equal(body.keyFields.EventIds?.length, 50)
})

t.test('Lookup Events follows pages up to the limit, and goes on with its token', async (t) => {
  const service = await startSandboxService(t)
  // the history grows by what tests do; what is a day old stands still
  const endTime = new Date(Date.now() - 86_400_000).toISOString()
  const all = await service.run('lookup-events', { limit: 120, endTime })
  t.equal(all.body.contextData.length, 120)
  t.equal(new Set(all.body.keyFields.EventIds).size, 120, 'no event twice')
  const first = await service.run('lookup-events', { limit: 70, endTime })
  t.type(first.body.meta.nextToken, 'string')
  const second = await service.run('lookup-events', {
    limit: 50,
    endTime,
    nextToken: first.body.meta.nextToken,
  })
  t.equal(second.status, 200, second.body.error)
  t.same(
    [...(first.body.keyFields.EventIds ?? []), ...(second.body.keyFields.EventIds ?? [])],
    all.body.keyFields.EventIds,
  )
})

t.test('Lookup Events filters by an attribute, and finds who stopped logging', async (t) => {
  const service = await startSandboxService(t)
  const { status, body } = await service.run('lookup-events', {
    attributeKey: 'EventName',
    attributeValue: 'StopLogging',
  })
  t.equal(status, 200)
  t.ok(body.contextData.length > 0)
  for (const { data } of body.contextData) t.equal(data?.eventName, 'StopLogging')
  const id = body.keyFields.EventIds?.[0] ?? ''
  const one = await service.run('lookup-events', { attributeKey: 'EventId', attributeValue: id })
  t.same(one.body.keyFields.EventIds, [id])
  const insights = await service.run('lookup-events', { eventCategory: 'insight' })
  t.equal(insights.status, 200)
  t.ok(insights.body.contextData.length > 0)
})

t.test('each rule of Lookup Events holds just inside, and refuses just outside', async (t) => {
  const service = await startSandboxService(t)
  const uuid = '00000000-0000-4000-8000-000000000000'
  const ago = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString()
  const inside: object[] = [
    { attributeKey: 'EventId', attributeValue: uuid },
    { attributeKey: 'Username', attributeValue: 'u'.repeat(2000) },
    { attributeKey: 'ReadOnly', attributeValue: 'true' },
    { startTime: ago(89.9), endTime: ago(1) },
    { startTime: ago(1), endTime: ago(1) },
    { startTime: '2026-11-01T00:00:00+02:00' },
    { limit: 1 },
    { eventCategory: 'insight', filters: { EventSource: ['x'], errorCode: ['y'] } },
  ]
  for (const body of inside) {
    const answer = await service.run('lookup-events', body)
    t.equal(answer.status, 200, `${JSON.stringify(body).slice(0, 90)} ${answer.body.error}`)
  }
  const outside: [object, string, RegExp][] = [
    [{ attributeKey: 'EventId' }, 'attributeValue', /go together/],
    [{ attributeValue: 'x' }, 'attributeKey', /go together/],
    [
      { attributeKey: 'EventId', attributeValue: 'x' },
      'attributeValue',
      /EventId must be a valid UUID/,
    ],
    [{ attributeKey: 'eventId', attributeValue: uuid }, 'attributeKey', /one of EventId/],
    [{ attributeKey: 'ReadOnly', attributeValue: 'yes' }, 'attributeValue', /true or false/],
    [{ attributeKey: 'Username', attributeValue: '' }, 'attributeValue', /1 character/],
    [{ attributeKey: 'Username', attributeValue: 'u'.repeat(2001) }, 'attributeValue', /2000/],
    [{ startTime: ago(90.1) }, 'startTime', /90 days/],
    [{ startTime: ago(1), endTime: ago(2) }, 'startTime', /after endTime/],
    [{ endTime: ago(91) }, 'endTime', /90 days/],
    [{ startTime: 'yesterday' }, 'startTime', /./],
    [{ startTime: '2026-02-30T00:00:00Z' }, 'startTime', /./],
    [{ endTime: '2026-11-01' }, 'endTime', /./],
    [{ eventCategory: 'management' }, 'eventCategory', /insight/],
    [
      { eventCategory: 'insight', attributeKey: 'Username', attributeValue: 'x' },
      'attributeKey',
      /Insights/,
    ],
    [
      { eventCategory: 'insight', filters: { AccessKeyId: ['x'] } },
      'filters.AccessKeyId',
      /Insights/,
    ],
    [{ limit: 0 }, 'limit', />= 1/],
    [{ limit: 10_001 }, 'limit', /<= 10000/],
    [{ limit: 1.5 }, 'limit', /integer/],
    [{ nextToken: 'made-up' }, 'nextToken', /./],
  ]
  for (const [body, field, message] of outside) {
    const { status, body: answer } = await service.run('lookup-events', body)
    t.equal(status, 400, JSON.stringify(body).slice(0, 90))
    t.ok(
      answer.errors.some((error) => error.field === field && message.test(error.message)),
      `${field} in ${answer.error}`,
    )
    t.equal(answer.meta.apiCalls, 0)
  }
})
