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

t.test('names of 128 and 129 characters, and one in Cyrillic, are told apart', async (t) => {
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
})
