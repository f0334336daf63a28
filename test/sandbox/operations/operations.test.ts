import {
  AddTagsCommand,
  CloudTrailClient,
  CreateTrailCommand,
  DeleteTrailCommand,
  DescribeTrailsCommand,
  GetEventSelectorsCommand,
  GetInsightSelectorsCommand,
  GetTrailCommand,
  GetTrailStatusCommand,
  ListTagsCommand,
  ListTrailsCommand,
  LookupEventsCommand,
  PutEventSelectorsCommand,
  PutInsightSelectorsCommand,
  RemoveTagsCommand,
  StartLoggingCommand,
  StopLoggingCommand,
  UpdateTrailCommand,
} from '@aws-sdk/client-cloudtrail'
import t from 'tap'

import { startSandbox } from '../../../src/sandbox/sandbox.js'

t.test('the SDK runs all 17 operations against the sandbox', async (t) => {
  const sandbox = await startSandbox({ port: 0, quotas: false })
  const client = new CloudTrailClient({
    region: 'us-east-1',
    endpoint: sandbox.url,
    credentials: { accessKeyId: sandbox.accessKey, secretAccessKey: sandbox.accessSecret },
  })
  t.teardown(async () => {
    client.destroy()
    await sandbox.close()
  })
  const created = await client.send(
    new CreateTrailCommand({ Name: 'audit', S3BucketName: 'audit-logs', SnsTopicName: 'topic' }),
  )
  t.equal(created.TrailARN, 'arn:aws:cloudtrail:us-east-1:111122223333:trail/audit')
  await client.send(new StartLoggingCommand({ Name: 'audit' }))
  t.match(await client.send(new GetTrailStatusCommand({ Name: 'audit' })), { IsLogging: true })
  await client.send(new StopLoggingCommand({ Name: 'audit' }))
  t.match(await client.send(new GetTrailStatusCommand({ Name: 'audit' })), {
    IsLogging: false,
    StopLoggingTime: Date,
  })
  await client.send(new UpdateTrailCommand({ Name: 'audit', S3KeyPrefix: 'prefix' }))
  t.match((await client.send(new GetTrailCommand({ Name: 'audit' }))).Trail, {
    S3KeyPrefix: 'prefix',
    HomeRegion: 'us-east-1',
  })
  const TrailARN = created.TrailARN!
  await client.send(
    new AddTagsCommand({ ResourceId: TrailARN, TagsList: [{ Key: 'a', Value: 'b' }] }),
  )
  t.same((await client.send(new ListTagsCommand({ ResourceIdList: [TrailARN] }))).ResourceTagList, [
    { ResourceId: TrailARN, TagsList: [{ Key: 'a', Value: 'b' }] },
  ])
  await client.send(new RemoveTagsCommand({ ResourceId: TrailARN, TagsList: [{ Key: 'a' }] }))
  t.match(await client.send(new GetEventSelectorsCommand({ TrailName: 'audit' })), {
    EventSelectors: [{ ReadWriteType: 'All', IncludeManagementEvents: true }],
  })
  await client.send(
    new PutEventSelectorsCommand({
      TrailName: 'audit',
      EventSelectors: [{ ReadWriteType: 'WriteOnly' }],
    }),
  )
  await client.send(
    new PutInsightSelectorsCommand({
      TrailName: 'audit',
      InsightSelectors: [{ InsightType: 'ApiCallRateInsight' }],
    }),
  )
  t.match(await client.send(new GetInsightSelectorsCommand({ TrailName: 'audit' })), {
    InsightSelectors: [{ InsightType: 'ApiCallRateInsight' }],
  })
  t.same(
    (await client.send(new DescribeTrailsCommand({}))).trailList?.map(({ Name }) => Name),
    ['audit', 'data-events', 'insights', 'management-events'],
  )
  t.equal((await client.send(new ListTrailsCommand({}))).Trails?.length, 5)
  const page = await client.send(new LookupEventsCommand({ MaxResults: 3 }))
  t.same(
    page.Events?.map(({ EventName }) => EventName),
    ['ListTrails', 'DescribeTrails', 'GetInsightSelectors'],
  )
  t.ok(page.NextToken)
  await client.send(new DeleteTrailCommand({ Name: 'audit' }))
  await t.rejects(client.send(new DeleteTrailCommand({ Name: 'audit' })), {
    name: 'TrailNotFoundException',
    message: `Unknown trail: ${TrailARN} for the user: 111122223333`,
    $metadata: { httpStatusCode: 400 },
  })
})
