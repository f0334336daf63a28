import { readFileSync } from 'node:fs'

import t from 'tap'

import { accessKeyIdOf } from '../../src/sandbox/wire/access-key.js'
import type { Sandbox } from '../../src/sandbox/sandbox.js'
import type { WireResult } from './support/client.js'
import { testSandbox } from './support/client.js'

/*
 * Responses recorded from AWS (the public test data of Cloud Custodian, 2016 to 2023) are replayed: each
 * test puts the sandbox into the state that the response shows, sends the same request, and expects the
 * same members and values.
 */

type Json = Record<string, any>
interface RecordedResponse {
  op: string
  status: number
  data: Json
  src: string
}
type Call = (operation: string, input?: object, wire?: Json) => Promise<WireResult>

const records: RecordedResponse[] = readFileSync('test/fixtures/cloudtrail-recorded.ndjson', 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line))

/** Members that CloudTrail did not have yet when the older responses were recorded. */
const NEWER = [
  'ExcludeManagementEventSources',
  'HasCustomEventSelectors',
  'HasInsightSelectors',
  'IsOrganizationTrail',
  'RecursiveLogging',
]

/** A response without the newer members that the recorded one lacks, at every depth. */
function asOld(response: any, recorded: any): any {
  if (Array.isArray(response)) return response.map((item, at) => asOld(item, recorded?.[at]))
  if (typeof response !== 'object' || response === null) return response
  return Object.fromEntries(
    Object.entries(response)
      .filter(([name]) => !NEWER.includes(name) || (recorded && name in recorded))
      .map(([name, member]) => [name, asOld(member, recorded?.[name])]),
  )
}

/** The parts of the first trail ARN in a response. */
function ownerOf(data: Json): { region: string; accountId: string; name: string } {
  const [, region, accountId, name] =
    /arn:aws:cloudtrail:([a-z0-9-]+):(\d{12}):trail\/([\w.-]+)/.exec(JSON.stringify(data)) ?? []
  return {
    region: region ?? 'us-east-1',
    accountId: accountId ?? '644160558196',
    name: name ?? 'audit',
  }
}

const wireOf = ({ region, accountId }: { region: string; accountId: string }) => ({
  region,
  accessKey: accessKeyIdOf('AKIA', accountId),
})

/** A trail for a state file, from a recorded description. */
function trailState(described: Json, logging: Json = {}): Json {
  const { HasCustomEventSelectors: custom, HasInsightSelectors: insights, ...settings } = described
  return {
    settings: { IsOrganizationTrail: false, ...settings },
    isLogging: false,
    ...(custom === true
      ? {
          advancedEventSelectors: [
            { FieldSelectors: [{ Field: 'eventCategory', Equals: ['Management'] }] },
          ],
        }
      : {}),
    insightSelectors: insights === true ? [{ InsightType: 'ApiCallRateInsight' }] : [],
    tags: [],
    ...logging,
  }
}

async function putState({ url }: Sandbox, accounts: Record<string, Json[]>) {
  const state = {
    version: 1,
    accounts: Object.entries(accounts).map(([accountId, trails]) => ({
      accountId,
      trails,
      events: {},
    })),
  }
  const response = await fetch(`${url}/sandbox/state`, {
    method: 'PUT',
    body: JSON.stringify(state),
  })
  if (!response.ok) throw new Error(await response.text())
}

/** DescribeTrails: the trails recorded, as seen by the account and region that saw them. */
async function replayDescribeTrails(call: Call, sandbox: Sandbox, data: Json) {
  // the bucket names of one recording have been cut out of it
  let text = JSON.stringify(data)
  const owners = new Set(
    [...text.matchAll(/cloudtrail:[a-z0-9-]+:(\d{12}):trail/g)].map(([, id]) => id),
  )
  let { accountId } = ownerOf(data)
  if (owners.size > 1) {
    // a member of an organization sees its organization's trail: in the sandbox two certain accounts
    const organization = data.trailList.find((trail: Json) => trail.IsOrganizationTrail)
    const managing = ownerOf(organization).accountId
    accountId = [...owners].find((id) => id !== managing)!
    text = text.replaceAll(managing, '111122223333').replaceAll(accountId, '444455556666')
    accountId = '444455556666'
  }
  const recorded: Json = JSON.parse(text)
  const accounts: Record<string, Json[]> = { [accountId]: [] }
  for (const trail of recorded.trailList) {
    const owner = ownerOf(trail).accountId
    accounts[owner] = [...(accounts[owner] ?? []), trailState({ S3BucketName: '', ...trail })]
  }
  await putState(sandbox, accounts)
  const local = recorded.trailList.find((trail: Json) => trail.IsMultiRegionTrail === false)
  const region = local?.HomeRegion ?? 'us-east-1'
  // the recordings of one account were filtered by name now and then: asked for by ARN, all are shown
  const { json } = await call('DescribeTrails', {}, wireOf({ region, accountId }))
  for (const [at, trail] of recorded.trailList.entries()) {
    if (!('S3BucketName' in trail)) delete json.trailList[at].S3BucketName
  }
  return { response: json, recorded }
}

/** CreateTrail and UpdateTrail: the request has the settings that the recorded response shows. */
async function replaySettings(call: Call, op: string, data: Json) {
  const { TrailARN: _, SnsTopicARN: __, LogFileValidationEnabled, ...settings } = data
  const input = { ...settings, EnableLogFileValidation: LogFileValidationEnabled }
  const wire = wireOf(ownerOf(data))
  if (op === 'UpdateTrail') {
    await call('CreateTrail', { Name: data.Name, S3BucketName: 'some-bucket' }, wire)
  }
  return { response: (await call(op, input, wire)).json, recorded: data }
}

/** Get- and PutEventSelectors: the selectors recorded are put, the default ones are not. */
async function replaySelectors(call: Call, op: string, data: Json) {
  const owner = ownerOf(data)
  const wire = wireOf(owner)
  const { name } = owner
  await call('CreateTrail', { Name: name, S3BucketName: 'some-bucket' }, wire)
  const { EventSelectors: basic, AdvancedEventSelectors } = data
  const isDefault =
    basic?.[0].ReadWriteType === 'All' &&
    basic[0].IncludeManagementEvents &&
    basic[0].DataResources.length === 0
  let { json } = await call('GetEventSelectors', { TrailName: name }, wire)
  if (!isDefault) {
    const input = { TrailName: name, EventSelectors: basic, AdvancedEventSelectors }
    json = (await call('PutEventSelectors', input, wire)).json
    if (op === 'GetEventSelectors') {
      json = (await call('GetEventSelectors', { TrailName: name }, wire)).json
    }
  }
  return { response: json, recorded: data }
}

/** The kind of a status member: its times differ from the recorded ones, its form does not. */
function form(value: unknown): unknown {
  if (typeof value === 'number' || (value as Json).__datetime__ !== undefined) return 'a time'
  if (typeof value === 'string')
    return value.replace(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/, 'ISO text')
  return value
}

/** GetTrailStatus: a trail that logs as long, and delivers to the same destinations, as the recorded one. */
async function replayStatus(call: Call, sandbox: Sandbox, data: Json) {
  const HOUR = 3_600_000
  const hasDelivered = 'LatestDeliveryTime' in data
  const now = Date.now()
  const wire = wireOf(ownerOf(data))
  const account = '644160558196'
  const trail = {
    Name: 'audit',
    S3BucketName: 'some-bucket',
    IncludeGlobalServiceEvents: true,
    IsMultiRegionTrail: false,
    HomeRegion: 'us-east-1',
    TrailARN: `arn:aws:cloudtrail:us-east-1:${account}:trail/audit`,
    LogFileValidationEnabled: 'LatestDigestDeliveryTime' in data,
    ...('LatestCloudWatchLogsDeliveryTime' in data ? { CloudWatchLogsLogGroupArn: 'a group' } : {}),
    ...('LatestNotificationTime' in data ? { SnsTopicARN: 'a topic' } : {}),
  }
  const startedAt = now - (hasDelivered ? 5 * HOUR : 60_000)
  await putState(sandbox, {
    [account]: [
      trailState(trail, {
        isLogging: data.IsLogging,
        ...('StartLoggingTime' in data ? { startedAt } : {}),
        ...('StopLoggingTime' in data ? { stoppedAt: now - 30_000 } : {}),
      }),
    ],
  })
  const { json } = await call('GetTrailStatus', { Name: 'audit' }, wire)
  const forms = (status: Json) =>
    Object.fromEntries(Object.entries(status).map(([name, value]) => [name, form(value)]))
  return { response: forms(json), recorded: forms(data) }
}

/** The operations without output members, and the one recorded error. */
async function replayEffect(call: Call, { op, status, data }: RecordedResponse) {
  const wire = wireOf({ region: 'us-east-1', accountId: '644160558196' })
  const Name = 'delete-me'
  if (status === 200) {
    await call('CreateTrail', { Name, S3BucketName: 'some-bucket' }, wire)
    const { status: returned, text } = await call(op, { Name }, wire)
    return { response: { returned, text }, recorded: { returned: 200, text: '{}' } }
  }
  const result = await call(op, { Name }, wire)
  const { Code, Message } = data.Error
  return {
    response: { status: result.status, ...result.json },
    recorded: { status, __type: Code, Message },
  }
}

t.test('returns each of the 96 recorded responses again', async (t) => {
  t.equal(records.length, 96)
  const { sandbox, call } = await testSandbox(t)
  for (const [at, record] of records.entries()) {
    const { op, data } = record
    await putState(sandbox, {})
    const { response, recorded } = await (op === 'DescribeTrails'
      ? replayDescribeTrails(call, sandbox, data)
      : op === 'GetTrailStatus'
        ? replayStatus(call, sandbox, data)
        : /TrailS?$/.test(op) && op !== 'DeleteTrail'
          ? replaySettings(call, op, data)
          : op.endsWith('EventSelectors')
            ? replaySelectors(call, op, data)
            : replayEffect(call, record))
    t.strictSame(asOld(response, recorded), recorded, `${at + 1}: ${record.src}`)
  }
})
