import t from 'tap'

import { accessKeyIdOf } from '../../../src/sandbox/wire/access-key.js'
import { testSandbox } from '../support/client.js'

const ARN = 'arn:aws:cloudtrail:us-east-1:111122223333:trail'
const BUCKET = { S3BucketName: 'audit-logs' }

t.test('CreateTrail checks the name by every rule of AWS', async (t) => {
  const { refuses, call } = await testSandbox(t)
  const bad: [string | undefined, string | RegExp][] = [
    [undefined, 'Trail name cannot be blank!'],
    ['', 'Trail name cannot be blank!'],
    [
      'ab',
      'Trail name too short. Minimum allowed length: 3 characters. Specified name length: 2 characters.',
    ],
    [
      'a'.repeat(129),
      'Trail name too long. Maximum allowed length: 128 characters. Specified name length: 129 characters.',
    ],
    ['-abc', 'Trail name must starts with a letter or number.'],
    ['abc.', 'Trail name must ends with a letter or number.'],
    ['a b', /^Trail name or ARN can only contain uppercase letters, /],
    ['ärger', /^Trail name must starts with/],
    ['my-_name', /adjacent/],
    ['my--name', /adjacent/],
    ['192.168.5.4', 'Trail names must not be formatted as an IP address.'],
  ]
  for (const [Name, message] of bad) {
    await refuses('CreateTrail', { Name, ...BUCKET }, 'InvalidTrailNameException', message)
  }
  for (const Name of ['abc', 'a'.repeat(128)]) {
    t.equal((await call('CreateTrail', { Name, ...BUCKET })).status, 200, Name)
  }
})

t.test('a new trail has the defaults of AWS, does not log, and omits unset members', async (t) => {
  const { call } = await testSandbox(t)
  const { json } = await call('CreateTrail', { Name: 'audit', ...BUCKET })
  const settings = {
    Name: 'audit',
    S3BucketName: 'audit-logs',
    IncludeGlobalServiceEvents: true,
    IsMultiRegionTrail: false,
    TrailARN: `${ARN}/audit`,
    LogFileValidationEnabled: false,
    IsOrganizationTrail: false,
    RecursiveLogging: true,
  }
  t.strictSame(json, settings)
  t.strictSame((await call('GetTrail', { Name: 'audit' })).json.Trail, {
    ...settings,
    HomeRegion: 'us-east-1',
    HasCustomEventSelectors: false,
    HasInsightSelectors: false,
  })
  t.strictSame((await call('GetTrailStatus', { Name: 'audit' })).json, {
    IsLogging: false,
    LatestDeliveryAttemptTime: '',
    LatestNotificationAttemptTime: '',
    LatestNotificationAttemptSucceeded: '',
    LatestDeliveryAttemptSucceeded: '',
    TimeLoggingStarted: '',
    TimeLoggingStopped: '',
  })
})

t.test('refuses a name in use, also by a shadow trail', async (t) => {
  const { refuses } = await testSandbox(t)
  const message = 'Trail management-events already exists for customer: 111122223333'
  const taken = { Name: 'management-events', ...BUCKET }
  await refuses('CreateTrail', taken, 'TrailAlreadyExistsException', message)
  await refuses('CreateTrail', taken, 'TrailAlreadyExistsException', message, {
    region: 'ap-south-1',
  })
  await refuses(
    'CreateTrail',
    { Name: 'eu-audit', IsMultiRegionTrail: true, ...BUCKET },
    'TrailAlreadyExistsException',
    'Trail eu-audit already exists for customer: 111122223333',
  )
})

t.test('a region holds five trails, shadows included', async (t) => {
  const { refuses, call } = await testSandbox(t)
  const code = 'MaximumNumberOfTrailsExceededException'
  for (const Name of ['four', 'five']) await call('CreateTrail', { Name, ...BUCKET })
  const message = 'User: 111122223333 already has 5 trails in us-east-1.'
  await refuses('CreateTrail', { Name: 'six', ...BUCKET }, code, message)
  // eu-west-1 has room, but the shadow of a multi-region trail would be the sixth in us-east-1
  const wide = { Name: 'wide', IsMultiRegionTrail: true, ...BUCKET }
  await refuses('CreateTrail', wide, code, message, { region: 'eu-west-1' })
  const { status } = await call('CreateTrail', { Name: 'wide', ...BUCKET }, { region: 'eu-west-1' })
  t.equal(status, 200)
  await call('DeleteTrail', { Name: 'four' })
  t.equal((await call('CreateTrail', { Name: 'six', ...BUCKET })).status, 200)
})

t.test('a multi-region trail must include global events, checked before its bucket', async (t) => {
  const { refuses, call } = await testSandbox(t)
  const code = 'InvalidParameterCombinationException'
  const message = 'Multi-Region trail must include global service events.'
  const input = { IsMultiRegionTrail: true, IncludeGlobalServiceEvents: false }
  await refuses(
    'CreateTrail',
    { Name: 'audit', S3BucketName: 'missing-b', ...input },
    code,
    message,
  )
  await refuses(
    'UpdateTrail',
    { Name: 'management-events', IncludeGlobalServiceEvents: false },
    code,
    message,
  )
  const { json } = await call('UpdateTrail', {
    Name: 'management-events',
    IncludeGlobalServiceEvents: false,
    IsMultiRegionTrail: false,
  })
  t.match(json, { IncludeGlobalServiceEvents: false, IsMultiRegionTrail: false })
})

t.test('refuses buckets with bad names, missing ones and those without permission', async (t) => {
  const { refuses } = await testSandbox(t)
  for (const S3BucketName of [undefined, '', 'AB', 'Upper', 'a..b', 'a'.repeat(64), 'a_b']) {
    await refuses(
      'CreateTrail',
      { Name: 'audit', S3BucketName },
      'InvalidS3BucketNameException',
      /bucket/,
    )
  }
  for (const [operation, Name] of [
    ['CreateTrail', 'audit'],
    ['UpdateTrail', 'data-events'],
  ] as const) {
    await refuses(
      operation,
      { Name, S3BucketName: 'missing-bucket' },
      'S3BucketDoesNotExistException',
      'S3 bucket missing-bucket does not exist!',
    )
    await refuses(
      operation,
      { Name, S3BucketName: 'denied-bucket' },
      'InsufficientS3BucketPolicyException',
      'Incorrect S3 bucket policy is detected for bucket: denied-bucket',
    )
  }
})

t.test('the prefix of log files has at most 200 characters', async (t) => {
  const { refuses, call } = await testSandbox(t)
  const S3KeyPrefix = 'p'.repeat(200)
  const { json } = await call('CreateTrail', { Name: 'audit', S3KeyPrefix, ...BUCKET })
  t.equal(json.S3KeyPrefix, S3KeyPrefix)
  await refuses(
    'UpdateTrail',
    { Name: 'audit', S3KeyPrefix: `${S3KeyPrefix}p` },
    'InvalidS3PrefixException',
    `S3 prefix is longer than maximum length:${S3KeyPrefix}p`,
  )
})

t.test('an SNS topic is given by name or ARN, and removed by an empty name', async (t) => {
  const { refuses, call } = await testSandbox(t)
  const topicArn = 'arn:aws:sns:us-east-1:111122223333:topic'
  const { json } = await call('CreateTrail', { Name: 'audit', SnsTopicName: 'topic', ...BUCKET })
  t.match(json, { SnsTopicName: 'topic', SnsTopicARN: topicArn })
  t.match((await call('UpdateTrail', { Name: 'audit', SnsTopicName: topicArn })).json, {
    SnsTopicName: topicArn,
    SnsTopicARN: topicArn,
  })
  t.match((await call('UpdateTrail', { Name: 'audit', SnsTopicName: '' })).json, {
    SnsTopicName: '',
    SnsTopicARN: '',
  })
  t.notOk('SnsTopicARN' in (await call('GetTrail', { Name: 'audit' })).json.Trail)
  const code = 'InsufficientSnsTopicPolicyException'
  const message = 'SNS Topic does not exist or the topic policy is incorrect!'
  await refuses('UpdateTrail', { Name: 'audit', SnsTopicName: 'missing-topic' }, code, message)
  for (const SnsTopicName of ['a b', 'a'.repeat(257), 'arn:aws:sns:us-east-1:1:topic']) {
    await refuses(
      'UpdateTrail',
      { Name: 'audit', SnsTopicName },
      'InvalidSnsTopicNameException',
      /SNS/,
    )
  }
})

t.test('a log group and its role are given together, in the right form', async (t) => {
  const { refuses, call } = await testSandbox(t)
  const group = 'arn:aws:logs:us-east-1:111122223333:log-group:trail:*'
  const role = 'arn:aws:iam::111122223333:role/service/logs'
  const badGroup = 'InvalidCloudWatchLogsLogGroupArnException'
  const badRole = 'InvalidCloudWatchLogsRoleArnException'
  const cases: [string | undefined, string | undefined, string, string | RegExp][] = [
    [undefined, role, badGroup, 'You must specify a log group and a role ARN.'],
    [group, undefined, badRole, 'You must specify a log group and a role ARN.'],
    [group.slice(0, -2), role, badGroup, 'CloudTrail cannot validate the specified log group ARN.'],
    [
      group.replace('us-east-1', 'eu-west-1'),
      role,
      badGroup,
      'You must specify a log group that is in the current region.',
    ],
    [
      group.replace('111122223333', '444455556666'),
      role,
      badGroup,
      'CloudTrail cannot validate the specified log group ARN.',
    ],
    [
      group.replace('trail', 'missing-group'),
      role,
      badGroup,
      'Access denied. Verify in IAM that the role has adequate permissions.',
    ],
    [group, 'logs', badRole, 'CloudTrail cannot validate the specified role ARN.'],
    [
      group,
      role.replace('logs', 'denied-logs'),
      badRole,
      'Access denied. Verify in IAM that the role has adequate trust relationships.',
    ],
  ]
  for (const [CloudWatchLogsLogGroupArn, CloudWatchLogsRoleArn, code, message] of cases) {
    const input = { Name: 'audit', ...BUCKET, CloudWatchLogsLogGroupArn, CloudWatchLogsRoleArn }
    await refuses('CreateTrail', input, code, message)
  }
  const logs = { CloudWatchLogsLogGroupArn: group, CloudWatchLogsRoleArn: role }
  t.match((await call('CreateTrail', { Name: 'audit', ...BUCKET, ...logs })).json, logs)
  const { json } = await call('UpdateTrail', {
    Name: 'audit',
    CloudWatchLogsLogGroupArn: '',
    CloudWatchLogsRoleArn: '',
  })
  t.notOk('CloudWatchLogsLogGroupArn' in json)
})

t.test('a KMS key is given by id, alias or ARN, and returned as the ARN of a key', async (t) => {
  const { refuses, call } = await testSandbox(t)
  const key = '36812ccf-daaf-49b1-a24b-0eef254ffe41'
  const arn = `arn:aws:kms:us-east-1:111122223333:key/${key}`
  await call('CreateTrail', { Name: 'audit', ...BUCKET })
  const update = async (KmsKeyId: string) =>
    (await call('UpdateTrail', { Name: 'audit', KmsKeyId })).json.KmsKeyId
  t.equal(await update(key), arn)
  t.equal(await update(arn), arn)
  t.equal(await update(`mrk-${'0'.repeat(32)}`), `${arn.replace(key, '')}mrk-${'0'.repeat(32)}`)
  const ofAlias = await update('alias/logs')
  t.match(ofAlias, /^arn:aws:kms:us-east-1:111122223333:key\/[0-9a-f]{8}-/)
  t.equal(await update('arn:aws:kms:us-east-1:111122223333:alias/logs'), ofAlias)
  t.equal(await update(''), undefined)
  const refusesKey = (KmsKeyId: string, code: string, message: RegExp) =>
    refuses('UpdateTrail', { Name: 'audit', KmsKeyId }, code, message)
  await refusesKey('nonsense', 'KmsKeyNotFoundException', /nonsense does not exist/)
  await refusesKey('arn:aws:kms:us-east-1:1:key/x', 'KmsKeyNotFoundException', /does not exist/)
  await refusesKey('alias/missing-key', 'InsufficientEncryptionPolicyException', /audit-logs/)
  await refusesKey(
    'alias/denied-key',
    'InsufficientEncryptionPolicyException',
    /^Insufficient permissions to access S3 bucket audit-logs or KMS key arn:aws:kms:.*\.$/,
  )
})

t.test('UpdateTrail keeps absent settings, and changes nothing when it fails', async (t) => {
  const { refuses, call } = await testSandbox(t)
  await call('CreateTrail', { Name: 'audit', S3KeyPrefix: 'p', RecursiveLogging: false, ...BUCKET })
  const { json } = await call('UpdateTrail', { Name: 'audit', EnableLogFileValidation: true })
  t.match(json, {
    S3KeyPrefix: 'p',
    LogFileValidationEnabled: true,
    RecursiveLogging: false,
    ...BUCKET,
  })
  const bad = { Name: 'audit', S3KeyPrefix: 'q', KmsKeyId: 'nonsense' }
  await refuses('UpdateTrail', bad, 'KmsKeyNotFoundException', /nonsense/)
  t.equal((await call('GetTrail', { Name: 'audit' })).json.Trail.S3KeyPrefix, 'p')
  t.notOk('S3KeyPrefix' in (await call('UpdateTrail', { Name: 'audit', S3KeyPrefix: '' })).json)
})

t.test(
  'an unknown trail is refused by every operation, with its name as AWS shows it',
  async (t) => {
    const { refuses } = await testSandbox(t)
    const code = 'TrailNotFoundException'
    const shown = `Unknown trail: ${ARN}/nobody for the user: 111122223333`
    for (const operation of [
      'DeleteTrail',
      'GetTrailStatus',
      'StartLogging',
      'StopLogging',
      'UpdateTrail',
    ]) {
      await refuses(operation, { Name: 'nobody' }, code, shown)
      await refuses(operation, { Name: `${ARN}/nobody` }, code, shown)
    }
    for (const operation of ['GetEventSelectors', 'GetInsightSelectors', 'PutEventSelectors']) {
      await refuses(operation, { TrailName: 'nobody' }, code, shown)
    }
    await refuses('PutInsightSelectors', { TrailName: 'nobody', InsightSelectors: [] }, code, shown)
    await refuses(
      'GetTrail',
      { Name: 'nobody' },
      code,
      'Unknown trail: nobody for the user: 111122223333',
    )
  },
)

t.test('refuses malformed ARNs and those of other accounts and regions', async (t) => {
  const { refuses } = await testSandbox(t)
  const code = 'CloudTrailARNInvalidException'
  for (const Name of [
    'arn:aws:s3:::bucket',
    'arn:aws:cloudtrail:us-east-1:1111:trail/audit',
    'arn:aws-cn:cloudtrail:us-east-1:111122223333:trail/audit',
    'arn:',
  ]) {
    await refuses('GetTrail', { Name }, code, `The ARN ${Name} is invalid.`)
    await refuses('DescribeTrails', { trailNameList: [Name] }, code, `The ARN ${Name} is invalid.`)
  }
  await refuses(
    'GetTrail',
    { Name: ARN.replace('111122223333', '029608264753') + '/audit' },
    code,
    'AccountID in ARN is wrong, you can only access resources with AccountID 111122223333.',
  )
  await refuses(
    'GetTrail',
    { Name: `${ARN}/data-events` },
    code,
    'Region in ARN is wrong, you can only access resources in region eu-west-1.',
    { region: 'eu-west-1' },
  )
})

t.test(
  'a multi-region trail is read from every region by its ARN, and changed only at home',
  async (t) => {
    const { refuses, call } = await testSandbox(t)
    const Name = `${ARN}/management-events`
    const away = { region: 'ap-south-1' }
    t.equal((await call('GetTrail', { Name }, away)).json.Trail.HomeRegion, 'us-east-1')
    t.equal((await call('GetTrailStatus', { Name }, away)).json.IsLogging, true)
    t.equal((await call('GetEventSelectors', { TrailName: Name }, away)).status, 200)
    for (const operation of ['DeleteTrail', 'StartLogging', 'StopLogging', 'UpdateTrail']) {
      await refuses(operation, { Name }, 'InvalidHomeRegionException', /us-east-1/, away)
    }
    await refuses('PutEventSelectors', { TrailName: Name }, 'InvalidHomeRegionException', /./, away)
    // by its name it is unknown outside its home
    await refuses(
      'StopLogging',
      { Name: 'management-events' },
      'TrailNotFoundException',
      `Unknown trail: ${Name.replace('us-east-1', 'ap-south-1')} for the user: 111122223333`,
      away,
    )
  },
)

t.test('DescribeTrails shows what a region sees, by name in order', async (t) => {
  const { call, refuses } = await testSandbox(t)
  const names = async (input: object, region = 'eu-west-1') =>
    (await call('DescribeTrails', input, { region })).json.trailList.map(
      (trail: { Name: string }) => trail.Name,
    )
  const shadow = `${ARN}/management-events`
  t.same(await names({}), ['eu-audit', 'management-events'])
  t.same(await names({ includeShadowTrails: false }), ['eu-audit'])
  t.same(await names({ trailNameList: [] }), ['eu-audit', 'management-events'])
  t.same(await names({ trailNameList: ['eu-audit', 'nobody'] }), ['eu-audit'])
  t.same(await names({ trailNameList: ['eu-audit', 'eu-audit'] }), ['eu-audit'])
  t.same(await names({ trailNameList: ['management-events'] }), [], 'a name means a home trail')
  t.same(await names({ trailNameList: [shadow] }), ['management-events'])
  t.same(await names({ trailNameList: [shadow], includeShadowTrails: false }), [])
  await refuses(
    'DescribeTrails',
    { trailNameList: ['a'] },
    'InvalidTrailNameException',
    /too short/,
  )
})

t.test('ListTrails lists every region, once each, over pages', async (t) => {
  const { call, refuses } = await testSandbox(t)
  t.strictSame((await call('ListTrails', {}, { region: 'sa-east-1' })).json, {
    Trails: [
      ['eu-west-1', 'eu-audit'],
      ['us-east-1', 'data-events'],
      ['us-east-1', 'insights'],
      ['us-east-1', 'management-events'],
    ].map(([HomeRegion, Name]) => ({
      TrailARN: `arn:aws:cloudtrail:${HomeRegion}:111122223333:trail/${Name}`,
      Name,
      HomeRegion,
    })),
  })
  const account = { accessKey: 'AKIAQNZGKIQY56JQ7WML' }
  for (let at = 0; at < 105; at += 1) {
    const region = `us-test-${Math.floor(at / 5)}`
    await call('CreateTrail', { Name: `trail${at}`, ...BUCKET }, { ...account, region })
  }
  const first = (await call('ListTrails', {}, account)).json
  t.equal(first.Trails.length, 100)
  const second = (await call('ListTrails', { NextToken: first.NextToken }, account)).json
  t.equal(second.Trails.length, 5)
  t.notOk('NextToken' in second)
  const arns = [...first.Trails, ...second.Trails].map((trail) => trail.TrailARN)
  t.equal(new Set(arns).size, 105)
  await refuses('ListTrails', { NextToken: 'made-up' }, 'ValidationException', /NextToken/)
})

t.test('StartLogging and StopLogging set their times, and can be repeated', async (t) => {
  const { call } = await testSandbox(t)
  await call('CreateTrail', { Name: 'audit', ...BUCKET })
  const status = async () => (await call('GetTrailStatus', { Name: 'audit' })).json
  await call('StopLogging', { Name: 'audit' })
  t.notOk('StopLoggingTime' in (await status()), 'it never logged')
  await call('StartLogging', { Name: 'audit' })
  const started = await status()
  await call('StartLogging', { Name: 'audit' })
  t.same(await status(), started)
  t.equal(started.IsLogging, true)
  t.ok(Math.abs(started.StartLoggingTime - Date.now() / 1000) < 30, 'seconds since 1970')
  t.equal(
    started.TimeLoggingStarted,
    `${new Date(started.StartLoggingTime * 1000).toISOString().slice(0, 19)}Z`,
  )
  await call('StopLogging', { Name: 'audit' })
  t.match(await status(), { IsLogging: false, StopLoggingTime: Number, TimeLoggingStopped: /Z$/ })
})

t.test('only the management account of the organization has organization trails', async (t) => {
  const { call, refuses } = await testSandbox(t)
  const input = {
    Name: 'organization',
    IsOrganizationTrail: true,
    IsMultiRegionTrail: true,
    ...BUCKET,
  }
  const member = { accessKey: accessKeyIdOf('AKIA', '444455556666') }
  const outside = { accessKey: 'AKIAQNZGKIQY56JQ7WML' }
  await refuses('CreateTrail', input, 'NotOrganizationMasterAccountException', /./, member)
  await refuses('CreateTrail', input, 'OrganizationsNotInUseException', /./, outside)
  const { json } = await call('CreateTrail', input)
  t.equal(json.IsOrganizationTrail, true)
  const Name = json.TrailARN
  const seen = (await call('DescribeTrails', {}, member)).json.trailList
  t.same(seen, [(await call('GetTrail', { Name })).json.Trail])
  t.equal((await call('GetTrailStatus', { Name }, member)).json.IsLogging, false)
  await refuses('StartLogging', { Name }, 'NotOrganizationMasterAccountException', /./, member)
  t.same((await call('DescribeTrails', {}, outside)).json.trailList, [])
  await refuses(
    'UpdateTrail',
    { Name: 'audit', IsOrganizationTrail: true },
    'TrailNotFoundException',
    /./,
    outside,
  )
  await call('CreateTrail', { Name: 'audit', ...BUCKET }, outside)
  await refuses(
    'UpdateTrail',
    { Name: 'audit', IsOrganizationTrail: true },
    'OrganizationsNotInUseException',
    /./,
    outside,
  )
})
