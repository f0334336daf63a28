import t from 'tap'
import { startSandboxService } from '../../support/service.js'

t.test(
  'each setting of a trail holds just inside its rule, and is refused just outside',
  async (t) => {
    const service = await startSandboxService(t)
    const logs = {
      cloudWatchLogsLogGroupArn: 'arn:aws:logs:us-east-1:111122223333:log-group:cloudtrail:*',
      cloudWatchLogsRoleArn: 'arn:aws:iam::111122223333:role/cloudtrail-to-cloudwatch',
    }
    const bucket = { s3BucketName: 'acme-cloudtrail-logs' }
    const inside: object[] = [
      bucket,
      { s3BucketName: 'abc' },
      { s3BucketName: 'a'.repeat(63) },
      { s3BucketName: 'a.b-c' },
      { ...bucket, s3KeyPrefix: 'p'.repeat(200) },
      { ...bucket, ...logs },
      { ...bucket, includeGlobalServiceEvents: false },
      { ...bucket, applyTrailToAllRegions: true, includeGlobalServiceEvents: true },
    ]
    for (const settings of inside) {
      const { status, body } = await service.run('update-trails', {
        trailNames: ['data-events'],
        ...settings,
      })
      t.equal(status, 200, `${JSON.stringify(settings)} ${body.error}`)
    }
    const outside: [object, string, RegExp][] = [
      [{}, 's3BucketName', /is required/],
      [{ s3BucketName: 'ab' }, 's3BucketName', /3 characters; it has 2/],
      [{ s3BucketName: 'a'.repeat(64) }, 's3BucketName', /63 characters; it has 64/],
      [{ s3BucketName: 'Upper' }, 's3BucketName', /rule/],
      [{ s3BucketName: 'a..b' }, 's3BucketName', /rule/],
      [{ s3BucketName: '-abc' }, 's3BucketName', /rule/],
      [{ ...bucket, s3KeyPrefix: 'p'.repeat(201) }, 's3KeyPrefix', /200 characters/],
      [{ ...bucket, s3KeyPrefix: '' }, 's3KeyPrefix', /1 character/],
      [{ ...bucket, snsTopicName: 's'.repeat(257) }, 'snsTopicName', /256 characters/],
      [{ ...bucket, kmsKeyId: 'not a key' }, 'kmsKeyId', /KMS key/],
      [{ ...bucket, cloudWatchLogsLogGroupArn: 'x' }, 'cloudWatchLogsLogGroupArn', /log/i],
      [
        { ...bucket, cloudWatchLogsRoleArn: logs.cloudWatchLogsRoleArn },
        'cloudWatchLogsLogGroupArn',
        /go together/,
      ],
      [
        { ...bucket, cloudWatchLogsLogGroupArn: logs.cloudWatchLogsLogGroupArn },
        'cloudWatchLogsRoleArn',
        /go together/,
      ],
      [
        { ...bucket, applyTrailToAllRegions: true, includeGlobalServiceEvents: false },
        'includeGlobalServiceEvents',
        /Multi-Region trail must include global service events/,
      ],
      [{ ...bucket, tags: [{ key: 'a' }] }, 'tags', /is not a field of this command/],
    ]
    for (const [settings, field, message] of outside) {
      const { status, body } = await service.run('update-trails', {
        trailNames: ['data-events'],
        ...settings,
      })
      t.equal(status, 400, JSON.stringify(settings).slice(0, 100))
      t.ok(
        body.errors.some((error) => error.field === field && message.test(error.message)),
        `${field} in ${body.error}`,
      )
      t.equal(body.meta.apiCalls, 0)
    }
  },
)

t.test('a new trail has a name, not an ARN', async (t) => {
  const service = await startSandboxService(t)
  const { status, body } = await service.run('create-trails', {
    trailNames: ['arn:aws:cloudtrail:us-east-1:111122223333:trail/audit'],
    s3BucketName: 'acme-cloudtrail-logs',
  })
  t.equal(status, 400)
  t.match(body.errors, [{ field: 'trailNames[0]', message: /a new trail has no ARN/ }])
})

t.test(
  'accepts a name of 128 characters, and refuses one of 129 and one in Cyrillic',
  async (t) => {
    const service = await startSandboxService(t)
    const trailNames = ['n'.repeat(128), 'n'.repeat(129), 'аудит']
    const { status, body } = await service.run('create-trails', {
      trailNames,
      s3BucketName: 'acme-cloudtrail-logs',
    })
    t.equal(status, 207)
    t.match(
      body.contextData.map(({ result }) => result),
      ['Successful', 'Failed', 'Failed'],
    )
    t.match(body.errors, [
      { field: 'trailNames[1]', message: /too long/ },
      { field: 'trailNames[2]', message: /can only contain/ },
    ])
  },
)

t.test('Update Trails removes the settings that are null, and leaves the others', async (t) => {
  const service = await startSandboxService(t)
  const trailNames = ['data-events']
  const bucket = { trailNames, s3BucketName: 'acme-cloudtrail-logs' }
  const settings = {
    s3KeyPrefix: 'security',
    snsTopicName: 'cloudtrail-deliveries',
    kmsKeyId: 'alias/cloudtrail',
    cloudWatchLogsLogGroupArn: 'arn:aws:logs:us-east-1:111122223333:log-group:cloudtrail:*',
    cloudWatchLogsRoleArn: 'arn:aws:iam::111122223333:role/cloudtrail-to-cloudwatch',
    recursiveLogging: false,
  }
  const read = async () => {
    const { body } = await service.run('get-trails', { trailNames })
    return body.contextData[0]?.data as Record<string, unknown>
  }
  const set = await service.run('update-trails', { ...bucket, ...settings })
  t.equal(set.status, 200, set.body.error)
  t.match(await read(), { s3KeyPrefix: 'security', kmsKeyId: String, recursiveLogging: false })
  for (const [cleared, gone] of [
    [{ s3KeyPrefix: null }, ['s3KeyPrefix']],
    [{ snsTopicName: null }, ['snsTopicName', 'snsTopicArn']],
    [{ kmsKeyId: null }, ['kmsKeyId']],
    [{ cloudWatchLogsRoleArn: null }, ['cloudWatchLogsLogGroupArn', 'cloudWatchLogsRoleArn']],
  ] as const) {
    const before = await read()
    const { status, body } = await service.run('update-trails', { ...bucket, ...cleared })
    t.equal(status, 200, body.error)
    for (const setting of gone) t.ok(setting in before, `${setting} was there`)
    const kept = Object.entries(before).filter(([name]) => !gone.some((one) => one === name))
    t.same(await read(), Object.fromEntries(kept))
  }
  const planned = await service.run('update-trails', { ...bucket, kmsKeyId: null, dryRun: true })
  t.match(planned.body.contextData, [{ dryRun: { input: { KmsKeyId: '' } } }])
})

t.test('null is for Update Trails alone, and half of the CloudWatch pair is refused', async (t) => {
  const service = await startSandboxService(t)
  const body = { trailNames: ['audit'], s3BucketName: 'acme-cloudtrail-logs' }
  const created = await service.run('create-trails', { ...body, kmsKeyId: null })
  t.match(created, { status: 400, body: { errors: [{ field: 'kmsKeyId' }] } })
  const half = {
    cloudWatchLogsLogGroupArn: 'arn:aws:logs:us-east-1:111122223333:log-group:cloudtrail:*',
    cloudWatchLogsRoleArn: null,
  }
  const updated = await service.run('update-trails', { ...body, ...half })
  t.match(updated, { status: 400, body: { errors: [{ message: /go together/ }] } })
})
