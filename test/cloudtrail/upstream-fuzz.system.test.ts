import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import t from 'tap'
import type { Operation } from '../../src/aws/operations.js'
import { CATALOG } from '../../src/commands/catalog.js'
import { json, startEndpoint } from '../support/endpoint.js'
import { ACCESS_KEY, startServiceAt, type ServiceResponse } from '../support/service.js'
import { testDirectory } from '../support/test-directory.js'

const ARN = 'arn:aws:cloudtrail:us-east-1:111122223333:trail/audit'
const KEYS = { accessKey: ACCESS_KEY, accessSecret: 'not-a-secret' }

/** Commands that run at the same time, each with an endpoint of its own. */
const LANES = 8

const TRAIL = {
  Name: 'audit',
  S3BucketName: 'bucket',
  TrailARN: ARN,
  HomeRegion: 'us-east-1',
  IncludeGlobalServiceEvents: true,
  IsMultiRegionTrail: true,
  LogFileValidationEnabled: false,
  IsOrganizationTrail: false,
}
const SELECTORS = {
  TrailARN: ARN,
  EventSelectors: [
    {
      ReadWriteType: 'All',
      IncludeManagementEvents: true,
      DataResources: [{ Type: 'AWS::S3::Object', Values: ['arn:aws:s3'] }],
    },
  ],
  AdvancedEventSelectors: [
    { Name: 'one', FieldSelectors: [{ Field: 'eventCategory', Equals: ['Data'] }] },
  ],
}
const INSIGHTS = { TrailARN: ARN, InsightSelectors: [{ InsightType: 'ApiCallRateInsight' }] }

/** A response of CloudTrail for each operation. */
const RESPONSES: Record<Operation, object> = {
  AddTags: {},
  CreateTrail: TRAIL,
  DeleteTrail: {},
  DescribeTrails: { trailList: [TRAIL] },
  GetEventSelectors: SELECTORS,
  GetInsightSelectors: INSIGHTS,
  GetTrail: { Trail: TRAIL },
  GetTrailStatus: { IsLogging: true, StartLoggingTime: 1_700_000_000, LatestDeliveryTime: 1e9 },
  ListTags: { ResourceTagList: [{ ResourceId: ARN, TagsList: [{ Key: 'a', Value: 'b' }] }] },
  ListTrails: { Trails: [{ TrailARN: ARN, Name: 'audit', HomeRegion: 'us-east-1' }] },
  LookupEvents: {
    Events: [
      {
        EventId: 'one',
        EventName: 'StopLogging',
        EventTime: 1_700_000_000,
        ReadOnly: 'false',
        Resources: [{ ResourceType: 'AWS::CloudTrail::Trail', ResourceName: ARN }],
        CloudTrailEvent: '{"eventVersion":"1.08"}',
      },
    ],
  },
  PutEventSelectors: SELECTORS,
  PutInsightSelectors: INSIGHTS,
  RemoveTags: {},
  StartLogging: {},
  StopLogging: {},
  UpdateTrail: TRAIL,
}
const ERROR = { __type: 'TrailNotFoundException', message: 'Unknown trail: audit' }

/** A valid body of each command. */
const names = { trailNames: ['audit'] }
const settings = { ...names, s3BucketName: 'bucket' }
const BODIES: Record<string, object> = {
  'create-trails': { ...settings, tags: [{ key: 'a', value: 'b' }] },
  'update-trails': settings,
  'list-tags': { trailArns: [ARN] },
  'add-tags': { trailArn: ARN, tags: [{ key: 'a', value: 'b' }] },
  'remove-tags': { trailArn: ARN, tagKeys: ['a'] },
  'list-trails': {},
  'describe-trails': {},
  'test-connection': {},
  'lookup-events': { startTime: '2023-11-14T00:00:00Z', endTime: '2023-11-15T00:00:00Z', limit: 5 },
}

const junk = fc.oneof(
  fc.constantFrom(null, true, 0, -1, 1e300, '', 'x', [], {}, [null], [[]], { a: null }),
  fc.integer(),
  fc.string(),
  fc.jsonValue({ maxDepth: 2 }),
)

/** A command, whether its endpoint reports errors, and the places and values that are replaced in each response. */
const fuzzCase = fc.record({
  command: fc.constantFrom(...CATALOG.map(({ name }) => name)),
  isError: fc.nat(5).map((number) => number === 0),
  changes: fc.array(fc.tuple(fc.nat(1000), junk), { minLength: 1, maxLength: 3 }),
})
type FuzzCase = typeof fuzzCase extends fc.Arbitrary<infer Value> ? Value : never

/** Every place of a value: its container and its key. */
function placesOf(value: unknown): [any, string][] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, inner]) => [
    [value, key] as [any, string],
    ...placesOf(inner),
  ])
}

function fuzzed(valid: object, changes: FuzzCase['changes']): unknown {
  const root = { body: structuredClone(valid) as unknown }
  for (const [index, value] of changes) {
    const places = placesOf(root)
    const [container, key] = places[index % places.length]!
    container[key] = structuredClone(value)
  }
  return root.body
}

t.test(
  'survives 2,000 responses with members of random types, and audits each command',
  async (t) => {
    t.setTimeout(300_000)
    const seed = 20261125
    t.comment(`fast-check seed ${seed}`)
    const cases = fc.sample(fuzzCase, { numRuns: 2000, seed })
    const lanes = await Promise.all(
      Array.from({ length: LANES }, async (_, lane) => {
        const state: { current: FuzzCase | undefined } = { current: undefined }
        const endpoint = await startEndpoint(t, ({ operation }, response) => {
          const { isError, changes } = state.current!
          const valid = isError ? ERROR : RESPONSES[operation as Operation]
          json(response, fuzzed(valid, changes), isError ? 400 : 200)
        })
        return { name: `lane-${lane}`, url: endpoint.url, state }
      }),
    )
    const dir = testDirectory(t, {
      'connections.json': JSON.stringify(
        Object.fromEntries(lanes.map(({ name, url }) => [name, { serverUrl: url, ...KEYS }])),
      ),
    })
    const auditFile = join(dir, 'audit.ndjson')
    const service = await startServiceAt(t, lanes[0]!.url, {
      ENDPOINT_ALLOWLIST: lanes.map(({ url }) => url).join(','),
      CONNECTIONS_FILE: join(dir, 'connections.json'),
      AUDIT_FILE: auditFile,
    })
    const failed: string[] = []
    const statuses = new Map<number, number>()
    let next = 0
    const runLane = async ({ name, state }: (typeof lanes)[number]) => {
      for (let index = next++; index < cases.length; index = next++) {
        const one = cases[index]!
        state.current = one
        const body = { ...(BODIES[one.command] ?? names), connection: name }
        const headers = { 'x-request-id': `fuzz-${index}`, 'x-deadline-ms': '20000' }
        const { status, body: envelope } = await service.run(one.command, body, headers)
        statuses.set(status, (statuses.get(status) ?? 0) + 1)
        if (isDefect(status, envelope)) failed.push(JSON.stringify({ index, ...one, envelope }))
      }
    }
    await Promise.all(lanes.map(runLane))
    t.comment(JSON.stringify(Object.fromEntries(statuses)))
    t.same(failed, [], `seed ${seed}`)
    t.ok((statuses.get(502) ?? 0) > 500, 'the checks of responses are reached')
    t.ok((statuses.get(200) ?? 0) > 50, 'valid responses still succeed')
    await service.close()
    const audited = new Set(
      readFileSync(auditFile, 'utf8')
        .trim()
        .split('\n')
        .map((line) => (JSON.parse(line) as { requestId: string }).requestId),
    )
    t.equal(cases.filter((_, index) => !audited.has(`fuzz-${index}`)).length, 0, 'all are audited')
  },
)

/** Whether the service failed by a defect of its own. */
function isDefect(status: number, { errors }: ServiceResponse['body']): boolean {
  return (
    status === 500 ||
    errors.some(
      ({ code, statusCode, source }) =>
        code === 'InternalError' || (source === 'service' && statusCode === 500),
    )
  )
}
