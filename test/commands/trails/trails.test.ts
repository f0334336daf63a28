import t from 'tap'
import { startSandboxService } from '../../support/service.js'

const ARN = 'arn:aws:cloudtrail:us-east-1:111122223333:trail/'
const UNKNOWN = {
  code: 'TrailNotFoundException',
  statusCode: 400,
  source: 'aws',
  input: 'no-such-trail',
  region: 'us-east-1',
  attempts: 1,
  retryable: false,
  awsRequestId: String,
  hint: /home region/,
}

t.test('creates trails, and reports which of three names failed and why', async (t) => {
  const service = await startSandboxService(t)
  const { status, body } = await service.run('create-trails', {
    trailNames: ['audit-2026', 'a', 'data-events'],
    s3BucketName: 'acme-cloudtrail-logs',
  })
  t.equal(status, 207)
  t.match(body, {
    command: 'create-trails',
    returnData: 'Partially Successful',
    contextData: [
      {
        input: 'audit-2026',
        region: 'us-east-1',
        result: 'Successful',
        data: {
          name: 'audit-2026',
          trailArn: `${ARN}audit-2026`,
          s3BucketName: 'acme-cloudtrail-logs',
          includeGlobalServiceEvents: true,
          isMultiRegionTrail: false,
          logFileValidationEnabled: false,
        },
      },
      { input: 'a', result: 'Failed' },
      { input: 'data-events', result: 'Failed' },
    ],
    keyFields: { TrailNames: ['audit-2026'], TrailARNs: [`${ARN}audit-2026`] },
    rawData: [{ Name: 'audit-2026', TrailARN: `${ARN}audit-2026` }],
    errors: [
      {
        failureIndicator: 'Create Trails failed.',
        input: 'a',
        field: 'trailNames[1]',
        code: 'InvalidTrailNameException',
        statusCode: 400,
        message: /too short/,
        source: 'service',
        attempts: 0,
      },
      {
        input: 'data-events',
        code: 'TrailAlreadyExistsException',
        statusCode: 400,
        source: 'aws',
        message: /already exists for customer: 111122223333/,
      },
    ],
    meta: {
      connection: 'default',
      accountId: '111122223333',
      regions: ['us-east-1'],
      apiCalls: 2,
      sandbox: true,
    },
  })
  t.match(
    body.error,
    /^Create Trails failed\. Status Code: 400\. Message: Trail name too short\..*\nCreate Trails failed\. Status Code: 400\. Message: Trail data-events already exists/,
  )
  const fresh = await service.run('get-trail-status', { trailNames: ['audit-2026'] })
  t.match(fresh.body.contextData, [{ data: { isLogging: false } }], 'a new trail does not log')
})

t.test('Create Trails sends every setting, and its tags', async (t) => {
  const service = await startSandboxService(t)
  const { body } = await service.run('create-trails', {
    trailNames: ['everything'],
    s3BucketName: 'acme-cloudtrail-logs',
    s3KeyPrefix: 'security',
    snsTopicName: 'cloudtrail-deliveries',
    includeGlobalServiceEvents: true,
    applyTrailToAllRegions: true,
    organizationTrail: false,
    enableLogFileValidation: true,
    cloudWatchLogsLogGroupArn: 'arn:aws:logs:us-east-1:111122223333:log-group:cloudtrail:*',
    cloudWatchLogsRoleArn: 'arn:aws:iam::111122223333:role/cloudtrail-to-cloudwatch',
    kmsKeyId: 'alias/cloudtrail',
    tags: [{ key: 'Owner', value: 'secops' }, { key: 'Reviewed' }],
  })
  t.match(body, {
    returnData: 'Successful',
    contextData: [
      {
        data: {
          s3KeyPrefix: 'security',
          snsTopicArn: 'arn:aws:sns:us-east-1:111122223333:cloudtrail-deliveries',
          isMultiRegionTrail: true,
          isOrganizationTrail: false,
          logFileValidationEnabled: true,
          cloudWatchLogsRoleArn: /cloudtrail-to-cloudwatch/,
          kmsKeyId: String,
        },
      },
    ],
  })
  const tags = await service.run('list-tags', { trailArns: [`${ARN}everything`] })
  t.match(tags.body.contextData, [
    { data: { trailArn: `${ARN}everything`, tags: [{ key: 'Owner', value: 'secops' }] } },
  ])
})

t.test('reports what is wrong with the bucket of Create Trails', async (t) => {
  const service = await startSandboxService(t)
  const buckets = {
    'missing-bucket': 'S3BucketDoesNotExistException',
    'denied-bucket': 'InsufficientS3BucketPolicyException',
  }
  for (const [s3BucketName, code] of Object.entries(buckets)) {
    const { status, body } = await service.run('create-trails', {
      trailNames: ['audit-2026'],
      s3BucketName,
    })
    t.equal(status, 400)
    t.match(body, { returnData: 'Failed', errors: [{ code, source: 'aws', hint: String }] })
  }
})

t.test('Update Trails changes what is given, and leaves the rest', async (t) => {
  const service = await startSandboxService(t)
  const before = await service.run('get-trails', { trailNames: ['management-events'] })
  const { status, body } = await service.run('update-trails', {
    trailNames: ['management-events', 'no-such-trail'],
    s3BucketName: 'another-bucket',
    s3KeyPrefix: 'audit',
  })
  t.equal(status, 207)
  t.match(body, { errors: [UNKNOWN], rawData: [{ Name: 'management-events' }] })
  const after = await service.run('get-trails', { trailNames: ['management-events'] })
  t.same(after.body.contextData[0]?.data, {
    ...before.body.contextData[0]?.data,
    s3BucketName: 'another-bucket',
    s3KeyPrefix: 'audit',
  })
})

t.test('deletes trails by name and by ARN, and reports what it did not find', async (t) => {
  const service = await startSandboxService(t)
  const { status, body } = await service.run('delete-trails', {
    trailNames: ['data-events', `${ARN}insights`, 'no-such-trail'],
  })
  t.equal(status, 207)
  t.match(body, {
    contextData: [
      { input: 'data-events', data: { name: 'data-events' } },
      { input: `${ARN}insights`, data: { name: 'insights', trailArn: `${ARN}insights` } },
      { input: 'no-such-trail', result: 'Failed' },
    ],
    keyFields: { TrailNames: ['data-events', 'insights'], TrailARNs: [`${ARN}insights`] },
    rawData: [{ Name: 'data-events' }, { Name: `${ARN}insights` }],
    errors: [
      { ...UNKNOWN, message: /^Unknown trail: .*no-such-trail for the user: 111122223333$/ },
    ],
  })
  const left = await service.run('describe-trails', { includeShadowTrails: false })
  t.same(left.body.keyFields.TrailNames, ['management-events'])
})

t.test('Start Logging and Stop Logging turn a trail on and off', async (t) => {
  const service = await startSandboxService(t)
  const trailNames = ['management-events', 'no-such-trail']
  const stop = await service.run('stop-logging', { trailNames })
  t.match(stop, { status: 207, body: { errors: [UNKNOWN], rawData: [{ Name: trailNames[0] }] } })
  const stopped = await service.run('get-trail-status', { trailNames: ['management-events'] })
  t.match(stopped.body.contextData, [{ data: { isLogging: false, stopLoggingTime: /Z$/ } }])
  const start = await service.run('start-logging', { trailNames })
  t.match(start, { status: 207, body: { errors: [UNKNOWN] } })
  const started = await service.run('get-trail-status', { trailNames: ['management-events'] })
  t.match(started.body.contextData, [{ data: { isLogging: true, startLoggingTime: /Z$/ } }])
})

t.test('returns the settings of each trail', async (t) => {
  const service = await startSandboxService(t)
  const { status, body } = await service.run('get-trails', {
    trailNames: ['management-events', `${ARN}data-events`, 'no-such-trail'],
  })
  t.equal(status, 207)
  t.match(body, {
    contextData: [
      {
        input: 'management-events',
        data: { name: 'management-events', homeRegion: 'us-east-1', isMultiRegionTrail: true },
      },
      { input: `${ARN}data-events`, data: { name: 'data-events', isMultiRegionTrail: false } },
      { input: 'no-such-trail', result: 'Failed' },
    ],
    keyFields: { TrailNames: ['management-events', 'data-events'] },
    rawData: [{ Trail: { Name: 'management-events' } }, { Trail: { Name: 'data-events' } }],
    errors: [UNKNOWN],
  })
})

t.test(
  "returns the status of a trail, with ISO times in data and AWS's own in rawData",
  async (t) => {
    const service = await startSandboxService(t)
    const { status, body } = await service.run('get-trail-status', {
      trailNames: ['management-events', 'no-such-trail'],
    })
    t.equal(status, 207)
    t.match(body, {
      contextData: [
        { data: { name: 'management-events', isLogging: true, startLoggingTime: /^\d{4}-.*Z$/ } },
        { result: 'Failed' },
      ],
      rawData: [{ Name: 'management-events', IsLogging: true, StartLoggingTime: Number }],
      errors: [UNKNOWN],
    })
  },
)

t.test('returns all trails, those that are named, and shadow trails on request', async (t) => {
  const service = await startSandboxService(t, { CLOUDTRAIL_REGION: 'eu-west-1' })
  const all = await service.run('describe-trails')
  t.equal(all.status, 200)
  t.same(all.body.keyFields.TrailNames?.sort(), ['eu-audit', 'management-events'])
  t.match(all.body.rawData, { trailList: [{ TrailARN: String }, { TrailARN: String }] })
  const own = await service.run('describe-trails', { includeShadowTrails: false })
  t.same(own.body.keyFields.TrailNames, ['eu-audit'])
  t.match(own.body.contextData, [{ region: 'eu-west-1', data: { homeRegion: 'eu-west-1' } }])
  const named = await service.run('describe-trails', { trailNames: ['eu-audit', 'unknown-one'] })
  t.same(named.body.keyFields.TrailNames, ['eu-audit'], 'AWS leaves out what it does not know')
})

t.test('one region lists the trails of all regions, with their home regions', async (t) => {
  const service = await startSandboxService(t)
  const { status, body } = await service.run('list-trails')
  t.equal(status, 200)
  t.match(body, { returnData: 'Successful', error: '', errors: [] })
  const trails = (body.rawData as { Trails: { Name: string }[] }).Trails
  t.same(
    body.keyFields.TrailNames,
    trails.map(({ Name }) => Name),
  )
  const homes = body.contextData.map(({ region, data }) => [region, data?.name, data?.homeRegion])
  t.same(homes.sort(), [
    ['us-east-1', 'data-events', 'us-east-1'],
    ['us-east-1', 'eu-audit', 'eu-west-1'],
    ['us-east-1', 'insights', 'us-east-1'],
    ['us-east-1', 'management-events', 'us-east-1'],
  ])
})

t.test('Test Connection says whether keys and endpoint work', async (t) => {
  const service = await startSandboxService(t)
  const { status, body } = await service.run('test-connection')
  t.equal(status, 200)
  t.match(body.contextData, [
    { region: 'us-east-1', data: { status: 'Passed', serverUrl: service.sandbox.url } },
  ])
  const inline = await service.run('test-connection', {
    connection: {
      serverUrl: service.sandbox.url,
      accessKey: service.sandbox.accessKey,
      accessSecret: service.sandbox.accessSecret,
      region: 'ap-southeast-2',
    },
  })
  t.match(inline, {
    status: 200,
    body: { meta: { connection: 'inline', regions: ['ap-southeast-2'], sandbox: true } },
  })
})
