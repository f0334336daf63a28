import t from 'tap'

import { testSandbox } from '../support/client.js'

const TRAIL = 'data-events'
const ARN = 'arn:aws:cloudtrail:us-east-1:111122223333:trail'
const DEFAULT = [
  {
    ReadWriteType: 'All',
    IncludeManagementEvents: true,
    DataResources: [],
    ExcludeManagementEventSources: [],
  },
]
const s3 = (...Values: string[]) => ({ DataResources: [{ Type: 'AWS::S3::Object', Values }] })
const INVALID = 'InvalidEventSelectorsException'

t.test('a trail logs by the default selector until another is put', async (t) => {
  const { call } = await testSandbox(t)
  const get = async () => (await call('GetEventSelectors', { TrailName: 'insights' })).json
  t.strictSame(await get(), { TrailARN: `${ARN}/insights`, EventSelectors: DEFAULT })
  const { json } = await call('PutEventSelectors', { TrailName: 'insights', EventSelectors: [{}] })
  t.strictSame(json, { TrailARN: `${ARN}/insights`, EventSelectors: DEFAULT })
  t.strictSame(await get(), json)
  const trail = (await call('GetTrail', { Name: 'insights' })).json.Trail
  t.equal(trail.HasCustomEventSelectors, true, 'the default, put explicitly, is custom')
})

t.test('basic and advanced selectors replace each other', async (t) => {
  const { call, refuses } = await testSandbox(t)
  const advanced = [
    { Name: 'all', FieldSelectors: [{ Field: 'eventCategory', Equals: ['Management'] }] },
  ]
  const put = async (input: object) =>
    (await call('PutEventSelectors', { TrailName: TRAIL, ...input })).json
  const TrailARN = `${ARN}/${TRAIL}`
  t.strictSame(await put({ AdvancedEventSelectors: advanced }), {
    TrailARN,
    AdvancedEventSelectors: advanced,
  })
  t.strictSame(await put({ EventSelectors: [{}] }), { TrailARN, EventSelectors: DEFAULT })
  await refuses(
    'PutEventSelectors',
    { TrailName: TRAIL, EventSelectors: [{}], AdvancedEventSelectors: advanced },
    INVALID,
    /but not both\.$/,
  )
  t.strictSame((await call('GetEventSelectors', { TrailName: TRAIL })).json, {
    TrailARN,
    EventSelectors: DEFAULT,
  })
})

t.test('a trail takes one to five basic selectors', async (t) => {
  const { call, refuses } = await testSandbox(t)
  const message = 'Specify a valid number of selectors (1 to 5) for your trail'
  for (const input of [{}, { EventSelectors: [] }, { EventSelectors: Array(6).fill({}) }]) {
    await refuses('PutEventSelectors', { TrailName: TRAIL, ...input }, INVALID, message)
  }
  const five = { TrailName: TRAIL, EventSelectors: Array(5).fill({}) }
  t.equal((await call('PutEventSelectors', five)).json.EventSelectors.length, 5)
})

t.test('accepts the ARN forms of data resources that AWS accepts, and no others', async (t) => {
  const { call, refuses } = await testSandbox(t)
  const lambda = 'arn:aws:lambda:us-east-1:111122223333:function:report'
  const good: [string, string][] = [
    ['AWS::S3::Object', 'arn:aws:s3'],
    ['AWS::S3::Object', 'arn:aws:s3:::'],
    ['AWS::S3::Object', 'arn:aws:s3:::bucket/'],
    ['AWS::S3::Object', 'arn:aws:s3:::bucket/a/prefix'],
    ['AWS::S3::Object', 'arn:aws:s3:::bucket/*'],
    ['AWS::Lambda::Function', 'arn:aws:lambda'],
    ['AWS::Lambda::Function', lambda],
    ['AWS::DynamoDB::Table', 'arn:aws:dynamodb:us-east-1:111122223333:table/orders'],
  ]
  for (const [Type, value] of good) {
    const selector = { DataResources: [{ Type, Values: [value] }] }
    const { status } = await call('PutEventSelectors', {
      TrailName: TRAIL,
      EventSelectors: [selector],
    })
    t.equal(status, 200, value)
  }
  const bad: [string, string][] = [
    ['AWS::S3::Object', 'arn:aws:s3:::*'],
    ['AWS::S3::Object', 'arn:aws:s3:::*/*'],
    ['AWS::S3::Object', 'arn:aws:s3:::/'],
    ['AWS::S3::Object', 'arn:aws:s3:::bucket'],
    ['AWS::S3::Object', 'bucket/'],
    ['AWS::S3::Object', 'bucket/*'],
    ['AWS::S3::Object', 'arn:aws-cn:s3:::bucket/'],
    ['AWS::S3::Object', lambda],
    ['AWS::Lambda::Function', 'arn:aws:lambda:*'],
    ['AWS::Lambda::Function', 'report'],
    ['AWS::DynamoDB::Table', 'orders'],
  ]
  for (const [Type, value] of bad) {
    const EventSelectors = [{ DataResources: [{ Type, Values: [value] }] }]
    const message = `Value ${value} for DataResources.Values is invalid.`
    await refuses('PutEventSelectors', { TrailName: TRAIL, EventSelectors }, INVALID, message)
  }
  const EventSelectors = [{ DataResources: [{ Type: 'constructor', Values: [] }] }]
  await refuses('PutEventSelectors', { TrailName: TRAIL, EventSelectors }, INVALID, /Type/)
})

t.test('the partition of data resources is that of the trail', async (t) => {
  const { call } = await testSandbox(t)
  const china = { region: 'cn-north-1', accessKey: 'AKIAQNZGKIQY56JQ7WML' }
  await call('CreateTrail', { Name: 'audit', S3BucketName: 'bucket' }, china)
  const EventSelectors = [s3('arn:aws-cn:s3:::bucket/')]
  const { status } = await call('PutEventSelectors', { TrailName: 'audit', EventSelectors }, china)
  t.equal(status, 200)
})

t.test(
  '250 data resources fit over all selectors, and any number when all buckets are logged',
  async (t) => {
    const { call, refuses } = await testSandbox(t)
    const values = (count: number) =>
      Array.from({ length: count }, (_, at) => `arn:aws:s3:::bucket-${at}/`)
    const put = (...selectors: object[]) => ({ TrailName: TRAIL, EventSelectors: selectors })
    t.equal((await call('PutEventSelectors', put(s3(...values(250))))).status, 200)
    const split = put(s3(...values(125)), s3(...values(125)))
    t.equal((await call('PutEventSelectors', split)).status, 200)
    const message =
      'Specify a valid number of DataResources.Values (0 to 250) for all your selectors'
    await refuses('PutEventSelectors', put(s3(...values(251))), INVALID, message)
    await refuses(
      'PutEventSelectors',
      put(s3(...values(126)), s3(...values(125))),
      INVALID,
      message,
    )
    const all = put(s3('arn:aws:s3', ...values(251)))
    t.equal((await call('PutEventSelectors', all)).status, 200)
  },
)

t.test('checks the other members of a basic selector', async (t) => {
  const { call, refuses } = await testSandbox(t)
  const excluded = ['kms.amazonaws.com', 'rdsdata.amazonaws.com']
  const EventSelectors = [{ ReadWriteType: 'ReadOnly', ExcludeManagementEventSources: excluded }]
  t.equal((await call('PutEventSelectors', { TrailName: TRAIL, EventSelectors })).status, 200)
  for (const [selector, message] of [
    [{ ReadWriteType: 'Everything' }, 'Value Everything for ReadWriteType is invalid.'],
    [
      { ExcludeManagementEventSources: ['s3.amazonaws.com'] },
      'Value s3.amazonaws.com for ExcludeManagementEventSources is invalid.',
    ],
    [
      { IncludeManagementEvents: false, ExcludeManagementEventSources: excluded },
      /needs IncludeManagementEvents/,
    ],
  ] as const) {
    const input = { TrailName: TRAIL, EventSelectors: [selector] }
    await refuses('PutEventSelectors', input, INVALID, message)
  }
})

t.test('advanced selectors are checked field by field', async (t) => {
  const { call, refuses } = await testSandbox(t)
  const category = (value: string) => ({ Field: 'eventCategory', Equals: [value] })
  const type = { Field: 'resources.type', Equals: ['AWS::S3::Object'] }
  const put = (...FieldSelectors: object[]) => ({
    TrailName: TRAIL,
    AdvancedEventSelectors: [{ Name: 'a selector', FieldSelectors }],
  })
  for (const good of [
    put(category('Management'), { Field: 'readOnly', Equals: ['false'] }),
    put(category('Data'), type, { Field: 'resources.ARN', StartsWith: ['arn:aws:s3:::b/'] }),
    put(category('NetworkActivity'), { Field: 'eventSource', Equals: ['ec2.amazonaws.com'] }),
  ]) {
    t.equal((await call('PutEventSelectors', good)).status, 200)
  }
  const bad: [object, string | RegExp][] = [
    [put(), 'The following fields are required: [eventCategory].'],
    [put(category('Management'), { Field: 'readOnly' }), /needs an operator/],
    [put(category('Management'), { Field: 'readOnly', Equals: [] }), /needs a value/],
    [put(category('Data'), type, { Field: 'eventName', Equals: [''] }), /1 to 2048/],
    [
      put(category('Management'), { Field: 'readOnly', NotEquals: ['true'] }),
      'Only the following operators are valid with the readOnly field: [Equals].',
    ],
    [
      {
        TrailName: TRAIL,
        AdvancedEventSelectors: [{ Name: 'n'.repeat(1001), FieldSelectors: [] }],
      },
      /1000 characters/,
    ],
  ]
  for (const [input, message] of bad) await refuses('PutEventSelectors', input, INVALID, message)
})

t.test('500 values fit into the conditions of advanced selectors', async (t) => {
  const { call, refuses } = await testSandbox(t)
  const put = (count: number) => ({
    TrailName: TRAIL,
    AdvancedEventSelectors: [
      {
        FieldSelectors: [
          { Field: 'eventCategory', Equals: ['Data'] },
          { Field: 'resources.type', Equals: ['AWS::S3::Object'] },
          { Field: 'eventName', Equals: Array.from({ length: count }, (_, at) => `Get${at}`) },
        ],
      },
    ],
  })
  t.equal((await call('PutEventSelectors', put(498))).status, 200)
  await refuses(
    'PutEventSelectors',
    put(499),
    INVALID,
    'There are too many filters applied. The maximum allowed number of filters is 500.',
  )
})

t.test('returns InsightNotEnabledException for a trail without Insights', async (t) => {
  const { call, refuses } = await testSandbox(t)
  const message = `Trail ${ARN}/${TRAIL} does not have Insights enabled. Edit the trail settings to enable Insights, and then try the operation again.`
  await refuses('GetInsightSelectors', { TrailName: TRAIL }, 'InsightNotEnabledException', message)
  const InsightSelectors = [{ InsightType: 'ApiErrorRateInsight', EventCategories: ['Management'] }]
  const input = { TrailName: 'insights', InsightSelectors }
  const answer = { TrailARN: `${ARN}/insights`, InsightSelectors }
  t.strictSame((await call('PutInsightSelectors', input)).json, answer)
  t.strictSame((await call('GetInsightSelectors', { TrailName: 'insights' })).json, answer)
  t.equal((await call('GetTrail', { Name: 'insights' })).json.Trail.HasInsightSelectors, true)
  await call('PutInsightSelectors', { TrailName: 'insights', InsightSelectors: [] })
  await refuses('GetInsightSelectors', { TrailName: 'insights' }, 'InsightNotEnabledException', /./)
  t.equal((await call('GetTrail', { Name: 'insights' })).json.Trail.HasInsightSelectors, false)
})

t.test('refuses Insights on events that the trail does not log', async (t) => {
  const { call, refuses } = await testSandbox(t)
  const rate = { InsightType: 'ApiCallRateInsight' }
  const errors = { InsightType: 'ApiErrorRateInsight' }
  const data = { InsightType: 'ApiCallRateInsight', EventCategories: ['Data'] }
  const code = 'InvalidInsightSelectorsException'
  const put = (...InsightSelectors: object[]) => ({ TrailName: TRAIL, InsightSelectors })
  const takes = async (...selectors: object[]) =>
    t.equal((await call('PutInsightSelectors', put(...selectors))).status, 200)
  // the seeded trail logs data events alone
  await refuses('PutInsightSelectors', put(rate), code, /management events/)
  await takes(data)
  await call('PutEventSelectors', {
    TrailName: TRAIL,
    EventSelectors: [{ ReadWriteType: 'ReadOnly' }],
  })
  await refuses('PutInsightSelectors', put(rate), code, /management events/)
  await takes(errors)
  await refuses('PutInsightSelectors', put(data), code, /data events/)
  const field = (Field: string, value: string) => ({ Field, Equals: [value] })
  const advanced = (...FieldSelectors: object[]) =>
    call('PutEventSelectors', { TrailName: TRAIL, AdvancedEventSelectors: [{ FieldSelectors }] })
  await advanced(field('eventCategory', 'Management'), field('readOnly', 'true'))
  await refuses('PutInsightSelectors', put(rate), code, /management events/)
  await refuses('PutInsightSelectors', put(data), code, /data events/)
  await takes(errors)
  await advanced(field('eventCategory', 'Management'))
  await takes(rate, errors)
  await advanced(field('eventCategory', 'Data'), field('resources.type', 'AWS::S3::Object'))
  await takes(data)
})

t.test('Insights selectors are checked', async (t) => {
  const { refuses } = await testSandbox(t)
  const code = 'InvalidInsightSelectorsException'
  const rate = { InsightType: 'ApiCallRateInsight' }
  const put = (...InsightSelectors: object[]) => ({ TrailName: 'insights', InsightSelectors })
  await refuses('PutInsightSelectors', { TrailName: 'insights' }, code, /must be given/)
  await refuses('PutInsightSelectors', put({}), code, /InsightType/)
  await refuses(
    'PutInsightSelectors',
    put({ InsightType: 'Other' }),
    code,
    'Value Other for InsightType is invalid.',
  )
  await refuses('PutInsightSelectors', put(rate, rate), code, /more than once/)
  await refuses(
    'PutInsightSelectors',
    put({ ...rate, EventCategories: ['X'] }),
    code,
    /EventCategories/,
  )
})

t.test('requires either a trail or an event data store, and supports trails only', async (t) => {
  const { refuses } = await testSandbox(t)
  const both = { TrailName: 'insights', EventDataStore: 'store' }
  const code = 'InvalidParameterCombinationException'
  await refuses('GetInsightSelectors', {}, code, /either/)
  await refuses('GetInsightSelectors', both, code, /either/)
  await refuses('PutInsightSelectors', { InsightSelectors: [] }, code, /either/)
  await refuses(
    'GetInsightSelectors',
    { EventDataStore: 'store' },
    'UnsupportedOperationException',
    /event data stores/,
  )
})
