import t from 'tap'
import { json, startEndpoint } from '../support/endpoint.js'
import { ACCESS_KEY, startServiceAt } from '../support/service.js'

t.test('shows the use of the quota in /quotas, headers, meta and metrics', async (t) => {
  const endpoint = await startEndpoint(t, ({ operation }, response, count) => {
    if (count === 1) json(response, { __type: 'ThrottlingException', message: 'no' }, 400)
    else json(response, operation === 'StopLogging' ? undefined : { Trails: [] })
  })
  const service = await startServiceAt(t, endpoint.url, {
    QUOTA_READ_TPS: '10',
    QUOTA_WRITE_TPS: '0.5',
  })
  const read = await service.run('list-trails')
  t.match(read.body.meta, { apiCalls: 2, throttled: 1, queuedMs: Number })
  t.equal(read.headers.get('ratelimit-policy'), '"read";q=10;w=1')
  t.match(read.headers.get('ratelimit'), /^"read";r=\d+;t=\d+$/)
  const change = await service.run('stop-logging', { trailNames: ['audit'] })
  t.equal(change.headers.get('ratelimit-policy'), '"write";q=1;w=2')
  t.equal(change.headers.get('ratelimit'), '"write";r=0;t=2')

  const { quotas } = (await (await service.fetch('/quotas')).json()) as { quotas: object[] }
  t.match(quotas, [
    {
      accountId: '111122223333',
      region: 'us-east-1',
      class: 'read',
      limit: 10,
      share: Number,
      running: Number,
      waiting: 0,
      estimatedWaitMs: Number,
      granted: 2,
      throttled: 1,
    },
    { class: 'write', limit: 0.5, share: 1, running: 1, estimatedWaitMs: Number },
  ])

  const metrics = await service.fetch('/metrics')
  t.match(metrics.headers.get('content-type'), /^text\/plain/)
  const text = await metrics.text()
  for (const line of [
    'cloudtrail_attempts_total{class="read",region="us-east-1",outcome="throttled"} 1',
    'cloudtrail_attempts_total{class="read",region="us-east-1",outcome="responded"} 1',
    'cloudtrail_throttles_total{class="read",region="us-east-1"} 1',
    'cloudtrail_quota_wait_seconds_count{class="read",region="us-east-1"} 2',
    'cloudtrail_quota_running{class="write",region="us-east-1"} 1',
    'cloudtrail_quota_waiting{class="read",region="us-east-1"} 0',
  ]) {
    t.ok(text.includes(line), line)
  }
  t.notOk(text.includes(ACCESS_KEY) || text.includes('111122223333'), 'no key, no account')
})

t.test('gives each operation its own limiter with QUOTA_SCOPE=operation', async (t) => {
  const endpoint = await startEndpoint(t, ({ operation }, response) =>
    json(response, operation === 'ListTrails' ? { Trails: [] } : { trailList: [] }),
  )
  const service = await startServiceAt(t, endpoint.url, {
    QUOTA_READ_TPS: '1',
    QUOTA_SCOPE: 'operation',
  })
  const both = await Promise.all([service.run('list-trails'), service.run('describe-trails')])
  t.ok(
    both.every(({ body }) => body.meta.queuedMs < 900),
    'neither waits for the other',
  )
  const { quotas } = (await (await service.fetch('/quotas')).json()) as { quotas: any[] }
  t.same(quotas.map(({ operation }) => operation).sort(), ['DescribeTrails', 'ListTrails'])
})

t.test(
  'shares one limiter over all keys of an account, also once the account is learned',
  async (t) => {
    const arrivals: number[] = []
    const endpoint = await startEndpoint(t, ({ input }, response) => {
      arrivals.push(performance.now())
      const TrailARN = `arn:aws:cloudtrail:us-east-1:111122223333:trail/${String(input.Name)}`
      json(response, { Name: input.Name, TrailARN })
    })
    const service = await startServiceAt(t, endpoint.url, { QUOTA_WRITE_TPS: '2' })
    const connection = (accessKey: string) => ({
      serverUrl: endpoint.url,
      accessKey,
      accessSecret: 'x',
    })
    const update = (trail: string, accessKey: string) =>
      service.run('update-trails', {
        trailNames: [trail],
        s3BucketName: 'acme-logs',
        connection: connection(accessKey),
      })
    // the last two hold no account: it is learned from the ARN in the response
    const keys = [
      ACCESS_KEY,
      'AKIARTX3GSDSQASANDBY',
      'AKIAIOSFODNN7EXAMPLE',
      'AKIAJAAAAAAAAAAAAAAA',
    ]
    await Promise.all(keys.map((key, index) => update(`first-${index}`, key)))
    const known = arrivals.length
    await Promise.all(keys.map((key, index) => update(`second-${index}`, key)))
    const { quotas } = (await (await service.fetch('/quotas')).json()) as { quotas: any[] }
    t.same(
      quotas.map(({ accountId }) => accountId),
      ['111122223333'],
    )
    const times = arrivals.slice(known)
    t.equal(times.length, 4)
    t.ok(times[2]! - times[0]! >= 995, 'two in any second, over all keys')
  },
)
