import t from 'tap'

import { accessKeyIdOf } from '../../src/sandbox/wire/access-key.js'
import { authorization, callRaw, testSandbox } from './support/client.js'

/*
 * One test per known difference between an emulator and AWS, found by probes in November 2026. R: recorded
 * from AWS, or AWS's text in a public repository; D: AWS documentation.
 */

const TRAIL = 'data-events'
const ARN = 'arn:aws:cloudtrail:us-east-1:111122223333:trail'
const INVALID = 'InvalidEventSelectorsException'
const is = (Field: string, ...Equals: string[]) => ({ Field, Equals })
const put = (...FieldSelectors: object[]) => ({
  TrailName: TRAIL,
  AdvancedEventSelectors: [{ FieldSelectors }],
})
const MANAGEMENT = is('eventCategory', 'Management')
const DATA = [is('eventCategory', 'Data'), is('resources.type', 'AWS::S3::Object')]
const NETWORK = [is('eventCategory', 'NetworkActivity'), is('eventSource', 'ec2.amazonaws.com')]

t.test('1 the event category decides which fields a selector may use (R, D)', async (t) => {
  const { call, refuses } = await testSandbox(t)
  const fields: Record<string, string[]> = {
    Management: ['eventSource', 'readOnly'],
    Data: [
      'eventName',
      'eventSource',
      'eventType',
      'readOnly',
      'resources.ARN',
      'resources.type',
      'sessionCredentialFromConsole',
      'userIdentity.arn',
    ],
    NetworkActivity: ['eventSource', 'eventName', 'errorCode', 'vpcEndpointId', 'userIdentity.arn'],
  }
  const conditions: Record<string, object> = {
    readOnly: is('readOnly', 'true'),
    'resources.type': is('resources.type', 'AWS::S3::Object'),
    'resources.ARN': { Field: 'resources.ARN', StartsWith: ['arn:aws:s3:::b/'] },
    errorCode: is('errorCode', 'VpceAccessDenied'),
  }
  const all = new Set(Object.values(fields).flat())
  for (const [category, allowed] of Object.entries(fields)) {
    for (const name of all) {
      const required = category === 'Data' ? 'resources.type' : 'eventSource'
      const source =
        category === 'Management'
          ? { Field: 'eventSource', NotEquals: ['kms.amazonaws.com'] }
          : is('eventSource', 'ec2.amazonaws.com')
      const condition = (field: string) =>
        field === 'eventSource' ? source : (conditions[field] ?? is(field, 'x'))
      const others = category === 'Management' || name === required ? [] : [condition(required)]
      const input = put(is('eventCategory', category), ...others, condition(name))
      if (allowed.includes(name)) {
        t.equal((await call('PutEventSelectors', input)).status, 200, `${category} ${name}`)
        continue
      }
      const message = `The following field is not allowed when the eventCategory field value equals ${category}: ${name}.`
      await refuses('PutEventSelectors', input, INVALID, message)
    }
  }
})

t.test('2 the values of fields are checked (R, D)', async (t) => {
  const { call, refuses } = await testSandbox(t)
  const notValid = (field: string) => `The ${field} field value is not valid.`
  const [data, type] = DATA as [object, object]
  const [network] = NETWORK as [object]
  const lambda = 'arn:aws:lambda:us-east-1:111122223333:function:report'
  const arn = (value: string) =>
    `The specified ARN ${value} is not valid. Verify that the ARN is properly formatted.`
  const source = (operator: string, ...values: string[]) => ({
    Field: 'eventSource',
    [operator]: values,
  })
  const only = (operator: string) =>
    `Only the following operators are valid with the eventSource field: [${operator}].`
  const bad: [object, string][] = [
    [put(data, is('resources.type', 'AWS::IAM::Role')), notValid('resources.type')],
    [
      put(data, is('resources.type', 'AWS::S3::Object', 'AWS::SQS::Queue')),
      notValid('resources.type'),
    ],
    [put(MANAGEMENT, is('readOnly', 'yes')), notValid('readOnly')],
    [put(...NETWORK, is('errorCode', 'AccessDenied')), notValid('errorCode')],
    [put(MANAGEMENT, source('Equals', 'kms.amazonaws.com')), only('NotEquals')],
    [put(MANAGEMENT, source('NotEquals', 's3.amazonaws.com')), notValid('eventSource')],
    [put(network, source('NotEquals', 'ec2.amazonaws.com')), only('Equals')],
    [put(network, source('Equals', 'a.amazonaws.com', 'b.amazonaws.com')), notValid('eventSource')],
    [put(data, type, is('resources.ARN', 'bucket/')), arn('bucket/')],
    [put(data, type, is('resources.ARN', 'arn:aws:s3:::bucket')), arn('arn:aws:s3:::bucket')],
    [
      put(data, is('resources.type', 'AWS::Lambda::Function'), is('resources.ARN', `${lambda}:1`)),
      arn(`${lambda}:1`),
    ],
  ]
  for (const [input, message] of bad) await refuses('PutEventSelectors', input, INVALID, message)
  for (const good of [
    put(MANAGEMENT, source('NotEquals', 'kms.amazonaws.com', 'rdsdata.amazonaws.com')),
    put(data, is('resources.type', 'AWS::Lambda::Function'), is('resources.ARN', lambda)),
    put(data, type, is('resources.ARN', 'arn:aws:s3:::bucket/', 'arn:aws:s3:::bucket/key')),
    put(...NETWORK, is('errorCode', 'VpceAccessDenied')),
  ]) {
    t.equal((await call('PutEventSelectors', good)).status, 200)
  }
})

t.test(
  '3 half of the CloudWatch Logs pair is refused, one empty text removes both (R)',
  async (t) => {
    const { call, refuses } = await testSandbox(t)
    const CloudWatchLogsLogGroupArn = 'arn:aws:logs:us-east-1:111122223333:log-group:trail:*'
    const CloudWatchLogsRoleArn = 'arn:aws:iam::111122223333:role/logs'
    const pair = { CloudWatchLogsLogGroupArn, CloudWatchLogsRoleArn }
    const Name = TRAIL
    const both = 'You must specify a log group and a role ARN.'
    for (const empty of [{ CloudWatchLogsLogGroupArn: '' }, { CloudWatchLogsRoleArn: '' }]) {
      t.match((await call('UpdateTrail', { Name, ...pair })).json, pair)
      const group = { Name, CloudWatchLogsLogGroupArn }
      const role = { Name, CloudWatchLogsRoleArn }
      await refuses('UpdateTrail', group, 'InvalidCloudWatchLogsRoleArnException', both)
      await refuses('UpdateTrail', role, 'InvalidCloudWatchLogsLogGroupArnException', both)
      t.match(
        (await call('GetTrail', { Name })).json.Trail,
        pair,
        'a refused update changes nothing',
      )
      t.equal((await call('UpdateTrail', { Name, ...empty })).status, 200)
      const { Trail } = (await call('GetTrail', { Name })).json
      t.notOk('CloudWatchLogsLogGroupArn' in Trail || 'CloudWatchLogsRoleArn' in Trail)
    }
  },
)

t.test('4 KMS keys that are missing or elsewhere have the errors of AWS (R)', async (t) => {
  const { refuses } = await testSandbox(t)
  const elsewhere = 'arn:aws:kms:us-west-2:111122223333:key/11111111-2222-3333-4444-555555555555'
  const bucket = 'cloudtrail-logs-111122223333'
  const text = (key: string) =>
    `KMS key ID ${key} does not exist, or s3 bucket ${bucket} and key are not in the same region.`
  for (const KmsKeyId of [elsewhere, 'nonsense']) {
    const input = { Name: TRAIL, KmsKeyId }
    await refuses('UpdateTrail', input, 'KmsKeyNotFoundException', text(KmsKeyId))
  }
  await refuses(
    'UpdateTrail',
    { Name: TRAIL, KmsKeyId: 'alias/missing-key' },
    'InsufficientEncryptionPolicyException',
    /^Insufficient permissions to access S3 bucket cloudtrail-logs-111122223333 or KMS key /,
  )
})

t.test('5 RecursiveLogging is in every description of a trail (R)', async (t) => {
  const { call } = await testSandbox(t)
  const created = await call('CreateTrail', { Name: 'audit', S3BucketName: 'bucket' })
  t.equal(created.json.RecursiveLogging, true)
  t.equal((await call('UpdateTrail', { Name: 'insights' })).json.RecursiveLogging, true)
  t.equal((await call('GetTrail', { Name: 'insights' })).json.Trail.RecursiveLogging, true)
  const { trailList } = (await call('DescribeTrails')).json
  t.same(
    trailList.map((trail: any) => trail.RecursiveLogging),
    [true, true, true, true],
  )
  const off = { Name: 'audit', RecursiveLogging: false }
  t.equal((await call('UpdateTrail', off)).json.RecursiveLogging, false)
})

t.test('6 StartLogging, StopLogging and DeleteTrail return {} (R)', async (t) => {
  const { call } = await testSandbox(t)
  for (const operation of ['StopLogging', 'StartLogging', 'DeleteTrail']) {
    t.equal((await call(operation, { Name: TRAIL })).text, '{}', operation)
  }
})

t.test('7 GetEventSelectors sorts the field selectors by name (R)', async (t) => {
  const { call } = await testSandbox(t)
  const fields = [is('resources.type', 'AWS::S3::Object'), is('readOnly', 'true'), DATA[0]]
  const input = put(...(fields as object[]))
  const names = (json: any) =>
    json.AdvancedEventSelectors[0].FieldSelectors.map((f: any) => f.Field)
  const written = await call('PutEventSelectors', input)
  t.same(names(written.json), ['resources.type', 'readOnly', 'eventCategory'])
  const read = await call('GetEventSelectors', { TrailName: TRAIL })
  t.same(names(read.json), ['eventCategory', 'readOnly', 'resources.type'])
})

t.test(
  '8 LookupEvents checks ReadOnly and a start in the future, not weighted lengths (R)',
  async (t) => {
    const { call, refuses } = await testSandbox(t)
    const look = (AttributeKey: string, AttributeValue: string) => ({
      LookupAttributes: [{ AttributeKey, AttributeValue }],
    })
    for (const value of ['True', 'other']) {
      const input = look('ReadOnly', value)
      await refuses('LookupEvents', input, 'InvalidLookupAttributesException', /value/)
    }
    const StartTime = Date.now() / 1000 + 60
    await refuses('LookupEvents', { StartTime }, 'InvalidTimeRangeException', /./)
    t.equal((await call('LookupEvents', { StartTime, EndTime: StartTime + 60 })).status, 200)
    t.equal((await call('LookupEvents', look('ResourceName', '_'.repeat(1001)))).status, 200)
  },
)

t.test('9 without shadow trails a member account sees no organization trail (D)', async (t) => {
  const { call } = await testSandbox(t)
  await call('CreateTrail', { Name: 'org', S3BucketName: 'bucket', IsOrganizationTrail: true })
  const member = { accessKey: accessKeyIdOf('AKIA', '444455556666') }
  const names = async (input: object) =>
    (await call('DescribeTrails', input, member)).json.trailList.map((trail: any) => trail.Name)
  t.same(await names({}), ['org'])
  t.same(await names({ includeShadowTrails: false }), [])
})

t.test('10 a trail has no shadows in other partitions (D)', async (t) => {
  const { call, refuses } = await testSandbox(t)
  for (const region of ['cn-north-1', 'us-gov-west-1']) {
    t.same((await call('DescribeTrails', {}, { region })).json.trailList, [], region)
    t.same((await call('ListTrails', {}, { region })).json.Trails, [], region)
    const input = { Name: `${ARN}/management-events` }
    await refuses('GetTrail', input, 'CloudTrailARNInvalidException', /Region/, { region })
  }
})

t.test('11 TrailName and InsightsDestination cannot be combined (D)', async (t) => {
  const { refuses } = await testSandbox(t)
  const input = { TrailName: 'insights', InsightSelectors: [], InsightsDestination: 'store' }
  await refuses('PutInsightSelectors', input, 'InvalidParameterCombinationException', /together/)
})

t.test('12 a wrong prefix of X-Amz-Target is an unknown operation (R)', async (t) => {
  const { sandbox } = await testSandbox(t)
  for (const target of [
    'example.CloudTrail_20131101.ListTrails',
    'com.amazonaws.cloudtrail.v20131102.CloudTrail_20131101.ListTrails',
    'CloudTrail_20131101.ListTrails.Extra',
    'X.ListTrails',
  ]) {
    const headers = { 'x-amz-target': target }
    const { status, json } = await callRaw(sandbox, 'ListTrails', {}, { headers })
    t.match({ status, ...json }, { status: 400, __type: 'UnknownOperationException' }, target)
  }
})

t.test('13 GetTrail shows the name of an unknown trail, also for an ARN (R)', async (t) => {
  const { refuses } = await testSandbox(t)
  const message = 'Unknown trail: nobody for the user: 111122223333'
  for (const Name of ['nobody', `${ARN}/nobody`]) {
    await refuses('GetTrail', { Name }, 'TrailNotFoundException', message)
  }
})

t.test('14 an error closes the connection, a success does not (R)', async (t) => {
  const { sandbox } = await testSandbox(t)
  const connectionAfter = async (input: object) => {
    const { url, accessKey } = sandbox
    const date = `${new Date().toISOString().slice(0, 19).replace(/[:-]/g, '')}Z`
    // fetch keeps connections alive, as the SDKs do
    const response = await fetch(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-amz-json-1.1',
        'x-amz-target': 'CloudTrail_20131101.GetTrail',
        'x-amz-date': date,
        authorization: authorization('us-east-1', accessKey, date.slice(0, 8)),
      },
      body: JSON.stringify(input),
    })
    await response.text()
    return response.headers.get('connection')
  }
  t.equal(await connectionAfter({ Name: 'nobody' }), 'close')
  t.equal(await connectionAfter({ Name: TRAIL }), 'keep-alive')
})

t.test('15 the texts of AWS (R)', async (t) => {
  const { refuses } = await testSandbox(t)
  const name = async (Name: string, message: string) =>
    refuses('CreateTrail', { Name, S3BucketName: 'b' }, 'InvalidTrailNameException', message)
  await name(
    'my--trail',
    'Trail name or ARN cannot have adjacent periods (.), hyphens (-), or underscores (_).',
  )
  await name('10.0.0.1', 'Trail names must not be formatted as an IP address.')
  const selectors = async (input: object, message: string) =>
    refuses('PutEventSelectors', { TrailName: TRAIL, ...input }, INVALID, message)
  await selectors(
    { EventSelectors: [] },
    'Specify a valid number of selectors (1 to 5) for your trail',
  )
  await selectors(
    { AdvancedEventSelectors: [] },
    'Specify between 1 and 500 selectors for your trail.',
  )
  const many = Array.from({ length: 499 }, (_, at) => `Get${at}`)
  await selectors(
    put(...DATA, is('eventName', ...many)),
    'There are too many filters applied. The maximum allowed number of filters is 500.',
  )
  await selectors(
    { ...put(MANAGEMENT), EventSelectors: [{}] },
    'You can select events by using either EventSelectors or AdvancedEventSelectors, but not both.',
  )
  await selectors(
    put(is('readOnly', 'true')),
    'The following fields are required: [eventCategory].',
  )
  await selectors(
    put({ Field: 'eventCategory', StartsWith: ['Man'] }),
    'Only the following operators are valid with the eventCategory field: [Equals].',
  )
  await selectors(
    put(is('eventCategory', 'Insight')),
    'The eventCategory field value is not valid.',
  )
  for (const [category, field] of [
    ['Data', 'resources.type'],
    ['NetworkActivity', 'eventSource'],
  ] as const) {
    await selectors(
      put(is('eventCategory', category)),
      `The following selectors are required when the eventCategory field value equals ${category}: [${field}].`,
    )
  }
  await selectors(
    put(MANAGEMENT, MANAGEMENT),
    'A duplicate event selector was found for at least one field. Only one selector is allowed per field.',
  )
  const group = 'arn:aws:logs:us-east-1:111122223333:log-group:trail:*'
  const role = 'arn:aws:iam::111122223333:role/logs'
  const logs = async (
    CloudWatchLogsLogGroupArn: string,
    CloudWatchLogsRoleArn: string,
    kind: 'LogGroup' | 'Role',
    message: string,
  ) =>
    refuses(
      'UpdateTrail',
      { Name: TRAIL, CloudWatchLogsLogGroupArn, CloudWatchLogsRoleArn },
      `InvalidCloudWatchLogs${kind}ArnException`,
      message,
    )
  await logs('x', role, 'LogGroup', 'CloudTrail cannot validate the specified log group ARN.')
  await logs(group, 'x', 'Role', 'CloudTrail cannot validate the specified role ARN.')
  const elsewhere = group.replace('us-east-1', 'us-west-2')
  const region = 'You must specify a log group that is in the current region.'
  await logs(elsewhere, role, 'LogGroup', region)
  const permissions = 'Access denied. Verify in IAM that the role has adequate permissions.'
  await logs(group.replace('trail', 'missing-x'), role, 'LogGroup', permissions)
  const trust = 'Access denied. Verify in IAM that the role has adequate trust relationships.'
  await logs(group, role.replace('logs', 'denied-x'), 'Role', trust)
})
