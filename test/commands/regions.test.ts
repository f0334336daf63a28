import t from 'tap'
import { json, startEndpoint } from '../support/endpoint.js'
import { startSandboxService, startServiceAt } from '../support/service.js'
import { PARTITION_REGIONS } from '../../src/aws/partitions.js'

const EU_AUDIT = 'arn:aws:cloudtrail:eu-west-1:111122223333:trail/eu-audit'

/** The region that a request is signed for. */
const signedFor = (headers: Record<string, unknown>) =>
  String(headers.authorization).split('/')[2] ?? ''

t.test('list-trails reads the regions given, rows carry theirs', async (t) => {
  const service = await startSandboxService(t)
  const { status, body } = await service.run('list-trails', { regions: ['us-east-1', 'eu-west-1'] })
  t.equal(status, 200)
  t.same(body.meta.regions, ['us-east-1', 'eu-west-1'])
  const rows = body.contextData.map(({ region, data }) => `${region} ${String(data?.name)}`)
  t.ok(rows.includes('us-east-1 data-events'))
  t.ok(rows.includes('eu-west-1 eu-audit'))
  t.ok(body.keyFields.TrailARNs!.includes(EU_AUDIT))
  t.equal(new Set(body.keyFields.TrailARNs).size, body.keyFields.TrailARNs!.length)
  t.equal((body.rawData as { Trails: object[] }).Trails.length, rows.length)
})

t.test('"all" asks every region of the partition at the same time', async (t) => {
  const waiting: (() => void)[] = []
  const endpoint = await startEndpoint(t, (_arrival, response) => {
    waiting.push(() => json(response, { trailList: [] }))
    // nobody gets a response before everybody has asked
    if (waiting.length === PARTITION_REGIONS.aws.length) for (const answer of waiting) answer()
  })
  const service = await startServiceAt(t, endpoint.url)
  const { status, body } = await service.run('describe-trails', { regions: 'all' })
  t.equal(status, 200)
  t.same(body.meta.regions, PARTITION_REGIONS.aws)
  t.same(
    endpoint.arrivals.map(({ headers }) => signedFor(headers)).sort(),
    [...PARTITION_REGIONS.aws].sort(),
  )
})

t.test('a region that denies is an error of its own', async (t) => {
  const endpoint = await startEndpoint(t, ({ headers }, response) =>
    signedFor(headers) === 'me-south-1'
      ? json(response, { __type: 'UnrecognizedClientException', message: 'not enabled' }, 400)
      : json(response, { Trails: [{ Name: 'one', TrailARN: 'arn', HomeRegion: 'us-east-1' }] }),
  )
  const service = await startServiceAt(t, endpoint.url)
  const { status, body } = await service.run('list-trails', {
    regions: ['us-east-1', 'me-south-1', 'cn-north-1'],
  })
  t.equal(status, 207)
  t.match(body, {
    returnData: 'Partially Successful',
    contextData: [{ region: 'us-east-1', data: { name: 'one' } }],
    errors: [
      {
        code: 'UnrecognizedClientException',
        region: 'me-south-1',
        hint: /not enabled this region/,
      },
      { code: 'RegionNotReachable', region: 'cn-north-1', attempts: 0 },
    ],
  })
  t.equal(endpoint.arrivals.length, 2)
})

t.test('returns a row for each trail and region', async (t) => {
  const service = await startSandboxService(t)
  const { status, body } = await service.run('get-trail-status', {
    trailNames: ['management-events'],
    regions: ['us-east-1', 'eu-west-1'],
  })
  t.equal(status, 207, 'a shadow trail is not found by its name')
  t.match(body.contextData, [
    { region: 'us-east-1', result: 'Successful' },
    { region: 'eu-west-1', result: 'Failed', input: 'management-events' },
  ])
  t.match(body.errors, [{ region: 'eu-west-1', hint: /home of management-events is us-east-1/ }])
})

t.test('regions that are none are refused, each with its field', async (t) => {
  const service = await startSandboxService(t)
  for (const [regions, field] of [
    [['us-east-1', 'us-east-9'], 'regions[1]'],
    ['some', 'regions'],
    [[], 'regions'],
    [['us-east-1', 'us-east-1'], 'regions'],
    [5, 'regions'],
    [['x.evil.example'], 'regions[0]'],
  ]) {
    const { status, body } = await service.run('list-trails', { regions })
    t.equal(status, 400, JSON.stringify(regions))
    t.match(body.errors, [{ field }])
  }
})
