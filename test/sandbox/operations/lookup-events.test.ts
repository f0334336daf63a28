import t from 'tap'

import { testSandbox } from '../support/client.js'

const DAY = 24 * 60 * 60
const seconds = () => Date.now() / 1000
type Row = {
  EventId: string
  EventName: string
  EventTime: number
  CloudTrailEvent: string
} & Record<string, any>

t.test('returns events newest first, 50 per page, each once', async (t) => {
  const { call } = await testSandbox(t, { events: 400 })
  const EndTime = seconds() - 1
  const rows: Row[] = []
  const sizes: number[] = []
  let NextToken: string | undefined
  do {
    const { json } = await call('LookupEvents', { EndTime, NextToken })
    rows.push(...json.Events)
    sizes.push(json.Events.length)
    NextToken = json.NextToken
  } while (NextToken !== undefined)
  t.ok(rows.length > 100, 'most of the history is in us-east-1')
  t.ok(sizes.slice(0, -1).every((size) => size === 50))
  t.equal(new Set(rows.map(({ EventId }) => EventId)).size, rows.length)
  const times = rows.map(({ EventTime }) => EventTime)
  t.same(
    times,
    [...times].sort((a, b) => b - a),
  )
  t.ok(Math.min(...times) > seconds() - 90 * DAY)
})

t.test('a page is not shifted by events that arrive after the page before', async (t) => {
  const { call } = await testSandbox(t, { events: 200 })
  const first = (await call('LookupEvents', { MaxResults: 5 })).json
  for (let at = 0; at < 7; at += 1) await call('ListTrails')
  const second = (await call('LookupEvents', { MaxResults: 5, NextToken: first.NextToken })).json
  const ids = [...first.Events, ...second.Events].map(({ EventId }: Row) => EventId)
  t.equal(new Set(ids).size, 10)
})

t.test('each attribute key finds exactly its events', async (t) => {
  const { call } = await testSandbox(t, { events: 500 })
  const find = async (AttributeKey: string, AttributeValue: string): Promise<Row[]> => {
    const LookupAttributes = [{ AttributeKey, AttributeValue }]
    return (await call('LookupEvents', { LookupAttributes })).json.Events
  }
  const [stop] = await find('EventName', 'StopLogging')
  t.match(stop, { EventName: 'StopLogging', Username: 'temp-contractor', ReadOnly: 'false' })
  t.same(await find('EventId', stop!.EventId), [stop])
  t.same(await find('EventId', stop!.EventId.toUpperCase()), [stop])
  const of = async (key: string, value: string) => {
    const rows = await find(key, value)
    t.ok(rows.length > 0, `${key} ${value}`)
    return rows
  }
  t.ok((await of('Username', 'temp-contractor')).every((row) => row.Username === 'temp-contractor'))
  t.ok(
    (await of('AccessKeyId', 'AKIARTX3GSDSQINTRUDE')).every(
      (row) => row.AccessKeyId === 'AKIARTX3GSDSQINTRUDE',
    ),
  )
  t.ok((await of('ReadOnly', 'true')).every((row) => row.ReadOnly === 'true'))
  t.ok(
    (await of('EventSource', 'signin.amazonaws.com')).every(
      (row) => row.EventName === 'ConsoleLogin',
    ),
  )
  const trail = 'arn:aws:cloudtrail:us-east-1:111122223333:trail/management-events'
  t.ok((await of('ResourceName', trail)).some((row) => row.EventId === stop!.EventId))
  t.ok((await of('ResourceType', 'AWS::IAM::User')).every((row) => row.Resources.length > 0))
  t.same(await find('EventName', 'stoplogging'), [], 'values are case sensitive')
})

t.test('the seeded incident has the records that CloudTrail writes', async (t) => {
  const { call } = await testSandbox(t)
  const { call: seeded } = await testSandbox(t, { events: 300 })
  const look = async (name: string) => {
    const LookupAttributes = [{ AttributeKey: 'EventName', AttributeValue: name }]
    const { json } = await seeded('LookupEvents', { LookupAttributes })
    return json.Events.map((row: Row) => JSON.parse(row.CloudTrailEvent))
  }
  const [stop] = await look('StopLogging')
  t.match(stop, {
    eventSource: 'cloudtrail.amazonaws.com',
    awsRegion: 'us-east-1',
    sourceIPAddress: '203.0.113.77',
    userIdentity: { type: 'IAMUser', userName: 'temp-contractor', accountId: '111122223333' },
    requestParameters: { name: /:trail\/management-events$/ },
    recipientAccountId: '111122223333',
    eventCategory: 'Management',
  })
  const logins = (await look('ConsoleLogin')).filter(
    ({ userIdentity }: any) => userIdentity.userName === 'temp-contractor',
  )
  t.same(
    logins.map(({ responseElements }: any) => responseElements.ConsoleLogin),
    ['Success', 'Failure', 'Failure', 'Failure'],
  )
  t.equal((await look('AssumeRole'))[0].requestParameters.durationSeconds, 3600)
  const status = (await seeded('GetTrailStatus', { Name: 'management-events' })).json
  t.equal(status.IsLogging, true)
  t.ok(
    Math.abs(status.StopLoggingTime - Date.parse(stop.eventTime) / 1000) < 60,
    'status and history agree',
  )
  t.same((await call('LookupEvents', {})).json.Events, [], 'events: 0 has no history')
})

t.test('event times are whole seconds, in the list and in the record', async (t) => {
  const { call } = await testSandbox(t, { events: 300 })
  await call('ListTrails')
  const { json } = await call('LookupEvents', {})
  for (const { EventTime, CloudTrailEvent } of json.Events as Row[]) {
    t.ok(Number.isInteger(EventTime), String(EventTime))
    t.equal(Date.parse(JSON.parse(CloudTrailEvent).eventTime) / 1000, EventTime)
  }
})

t.test('the same seed gives the same history', async (t) => {
  const names = async (seed: number) => {
    const { call } = await testSandbox(t, { events: 150, seed })
    return (await call('LookupEvents', {})).json.Events.map((row: Row) => row.EventId)
  }
  t.same(await names(7), await names(7))
  t.notSame(await names(7), await names(8))
})

t.test('returns Insights events only for their category', async (t) => {
  const { call, refuses } = await testSandbox(t, { events: 100 })
  const { json } = await call('LookupEvents', { EventCategory: 'insight' })
  t.equal(json.Events.length, 6)
  t.match(JSON.parse(json.Events[0].CloudTrailEvent), {
    eventType: 'AwsCloudTrailInsight',
    eventCategory: 'Insight',
    insightDetails: { state: 'End', insightContext: { statistics: { insightDuration: Number } } },
  })
  const LookupAttributes = [{ AttributeKey: 'EventName', AttributeValue: 'RunInstances' }]
  const runs = await call('LookupEvents', { EventCategory: 'insight', LookupAttributes })
  t.equal(runs.json.Events.length, 2)
  const all = (await call('LookupEvents', { LookupAttributes })).json.Events
  t.ok(all.every((row: Row) => JSON.parse(row.CloudTrailEvent).eventCategory === 'Management'))
  await refuses('LookupEvents', { EventCategory: 'data' }, 'InvalidEventCategoryException', /data/)
})

t.test('limits the events by start and end time, and refuses a start after the end', async (t) => {
  const { call, refuses } = await testSandbox(t, { events: 300 })
  const now = Math.floor(seconds())
  const range = { StartTime: now - 3 * DAY, EndTime: now - DAY }
  const { json } = await call('LookupEvents', range)
  t.ok(json.Events.length > 0)
  t.ok(
    json.Events.every(
      ({ EventTime }: Row) => EventTime >= range.StartTime && EventTime <= range.EndTime,
    ),
  )
  t.equal((await call('LookupEvents', { StartTime: now - 400 * DAY })).status, 200)
  await refuses(
    'LookupEvents',
    { StartTime: range.EndTime, EndTime: range.StartTime },
    'InvalidTimeRangeException',
    /./,
  )
})

t.test('does not return events older than 90 days', async (t) => {
  const { call, sandbox } = await testSandbox(t, { events: 20 })
  const state: any = await (await fetch(`${sandbox.url}/sandbox/state`)).json()
  for (const event of state.accounts[0].events['us-east-1']) event.time -= 91 * DAY * 1000
  const body = JSON.stringify(state)
  t.equal((await fetch(`${sandbox.url}/sandbox/state`, { method: 'PUT', body })).status, 200)
  t.same((await call('LookupEvents', {})).json.Events, [])
})

t.test('refuses the attributes, page sizes and tokens that AWS refuses', async (t) => {
  const { call, refuses } = await testSandbox(t, { events: 200 })
  const attribute = (AttributeKey?: string, AttributeValue?: string) => ({
    LookupAttributes: [{ AttributeKey, AttributeValue }],
  })
  const code = 'InvalidLookupAttributesException'
  const key = 'Lookup attribute key is not valid.'
  const value = 'Lookup attribute value is not valid.'
  for (const name of [undefined, '', 'eventname', 'constructor']) {
    await refuses('LookupEvents', attribute(name, 'x'), code, key)
  }
  await refuses('LookupEvents', attribute('EventName'), code, value)
  await refuses('LookupEvents', attribute('EventName', ''), code, value)
  t.equal((await call('LookupEvents', attribute('EventName', 'n'.repeat(2000)))).status, 200)
  await refuses('LookupEvents', attribute('EventName', 'n'.repeat(2001)), code, value)
  await refuses('LookupEvents', attribute('EventId', 'x'), code, 'EventId must be a valid UUID.')
  const two = attribute('EventName', 'x').LookupAttributes
  await refuses('LookupEvents', { LookupAttributes: [...two, ...two] }, code, /one/i)
  for (const MaxResults of [0, 51, -1]) {
    const message = `A max results value of ${MaxResults} is invalid. Specify max results between 1 and 50.`
    await refuses('LookupEvents', { MaxResults }, 'InvalidMaxResultsException', message)
  }
  const { json } = await call('LookupEvents', { MaxResults: 1 })
  const { NextToken } = json
  t.equal((await call('LookupEvents', { NextToken, MaxResults: 2 })).json.Events.length, 2)
  const foreign: [object, object?][] = [
    [{ NextToken: 'made-up' }],
    [{ NextToken: '' }],
    [{ NextToken: `${NextToken}x` }],
    [{ NextToken, ...attribute('ReadOnly', 'true') }],
    [{ NextToken, EndTime: seconds() }],
    [{ NextToken }, { region: 'eu-west-1' }],
    [{ NextToken }, { accessKey: 'AKIAQNZGKIQY56JQ7WML' }],
  ]
  for (const [input, wire] of foreign) {
    await refuses('LookupEvents', input, 'InvalidNextTokenException', /./, wire)
  }
})

t.test('records the calls to the sandbox as CloudTrail does', async (t) => {
  const { call } = await testSandbox(t)
  const input = { Name: 'audit', S3BucketName: 'bucket', TagsList: [{ Key: 'Owner', Value: 'me' }] }
  const created = await call('CreateTrail', input, { headers: { 'user-agent': 'playbook/1.0' } })
  await call('DeleteTrail', { Name: 'nobody' })
  await call('GetTrail', { Name: 'audit' })
  const rows: Row[] = (await call('LookupEvents', {})).json.Events
  t.same(
    rows.map((row) => row.EventName),
    ['GetTrail', 'DeleteTrail', 'CreateTrail'],
  )
  const [read, failed, success] = rows.map((row) => JSON.parse(row.CloudTrailEvent))
  t.match(rows[2], {
    ReadOnly: 'false',
    EventSource: 'cloudtrail.amazonaws.com',
    Username: 'sandbox-user',
    AccessKeyId: 'AKIARTX3GSDSQASANDBX',
    Resources: [
      { ResourceType: 'AWS::CloudTrail::Trail', ResourceName: created.json.TrailARN },
      { ResourceType: 'AWS::CloudTrail::Trail', ResourceName: 'audit' },
      { ResourceType: 'AWS::S3::Bucket', ResourceName: 'bucket' },
    ],
  })
  t.match(success, {
    eventName: 'CreateTrail',
    readOnly: false,
    userIdentity: { type: 'IAMUser', arn: 'arn:aws:iam::111122223333:user/sandbox-user' },
    sourceIPAddress: '127.0.0.1',
    userAgent: 'playbook/1.0',
    requestParameters: {
      name: 'audit',
      s3BucketName: 'bucket',
      tagsList: [{ key: 'Owner', value: 'me' }],
    },
    responseElements: { trailARN: created.json.TrailARN, isMultiRegionTrail: false },
    requestID: created.headers['x-amzn-requestid'],
  })
  t.notOk('errorCode' in success)
  t.match(failed, {
    errorCode: 'TrailNotFoundException',
    errorMessage: /^Unknown trail: /,
    responseElements: null,
  })
  t.match(read, { readOnly: true, responseElements: null, requestParameters: { name: 'audit' } })
  const elsewhere = (await call('LookupEvents', {}, { region: 'eu-west-1' })).json.Events
  t.same(elsewhere, [], 'each region has its own history')
})

t.test('returns an event only after the configured delay', async (t) => {
  const HOUR = 3_600_000
  const { call, sandbox } = await testSandbox(t, { eventDelayMs: HOUR })
  const found = async () => (await call('LookupEvents', {})).json.Events
  await call('ListTrails')
  t.same(await found(), [])
  const url = `${sandbox.url}/sandbox/state`
  const state: any = await (await fetch(url)).json()
  const [event] = state.accounts[0].events['us-east-1']
  t.ok(Math.abs(event.visibleAt - HOUR - event.time) <= 2000, 'the delay counts from the call')
  event.visibleAt -= HOUR
  await fetch(url, { method: 'PUT', body: JSON.stringify(state) })
  t.match(await found(), [{ EventName: 'ListTrails' }])
})

t.test('request parameters of more than 100 KB are not recorded', async (t) => {
  const { call } = await testSandbox(t)
  await call('DescribeTrails', { trailNameList: Array(20).fill('n'.repeat(6000)) })
  const [row] = (await call('LookupEvents', {})).json.Events
  const { requestParameters } = JSON.parse(row.CloudTrailEvent)
  t.match(requestParameters, { omitted: true, originalSize: Number })
})
