import t from 'tap'
import { CATALOG } from '../../../src/commands/catalog.js'
import { startSandboxService } from '../../support/service.js'

const TRAIL = 'management-events'
const ARN = `arn:aws:cloudtrail:us-east-1:111122223333:trail/${TRAIL}`

const TRAILS: Record<string, [command: string, body: object]> = {
  'Insights on data events': [
    'put-insight-selectors',
    {
      insightTypes: ['ApiCallRateInsight', 'ApiErrorRateInsight'],
      eventCategories: ['Management', 'Data'],
      replaceExisting: true,
    },
  ],
  'three basic selectors': [
    'put-event-selectors',
    {
      replaceExisting: true,
      eventSelectors: [
        { readWriteType: 'ReadOnly' },
        {
          readWriteType: 'WriteOnly',
          dataResources: [{ type: 'AWS::S3::Object', values: ['arn:aws:s3:::acme-secrets/'] }],
        },
        {
          includeManagementEvents: false,
          dataResources: [{ type: 'AWS::Lambda::Function', values: ['arn:aws:lambda'] }],
        },
      ],
    },
  ],
  'advanced selectors': [
    'put-event-selectors',
    {
      replaceExisting: true,
      advancedEventSelectors: [
        {
          name: 'management',
          fieldSelectors: [{ field: 'eventCategory', equals: ['Management'] }],
        },
        {
          name: 'tables',
          fieldSelectors: [
            { field: 'eventCategory', equals: ['Data'] },
            { field: 'resources.type', equals: ['AWS::DynamoDB::Table'] },
          ],
        },
      ],
    },
  ],
}

/** The least that each write takes: requests that say nothing of the existing selectors. */
const WRITES: Record<string, object> = {
  'create-trails': { trailNames: [TRAIL], s3BucketName: 'acme-cloudtrail-logs' },
  'update-trails': { trailNames: [TRAIL], s3BucketName: 'acme-cloudtrail-logs' },
  'start-logging': { trailNames: [TRAIL] },
  'stop-logging': { trailNames: [TRAIL] },
  'put-event-selectors': { trailNames: [TRAIL], readWriteType: 'All' },
  'put-insight-selectors': { trailNames: [TRAIL] },
  'add-tags': { trailArn: ARN, tags: [{ key: 'team', value: 'soc' }] },
  'remove-tags': { trailArn: ARN, tagKeys: ['team'] },
}

for (const [title, [command, body]] of Object.entries(TRAILS)) {
  t.test(`no write makes a trail with ${title} poorer unless the request says so`, async (t) => {
    const service = await startSandboxService(t)
    // Insights on data events need a trail that logs some
    const s3 = { trailNames: [TRAIL], dataEventsS3: ['arn:aws:s3:::acme-secrets/'] }
    t.equal((await service.run('put-event-selectors', s3)).status, 200)
    const setUp = await service.run(command, { trailNames: [TRAIL], ...body })
    t.equal(setUp.status, 200, setUp.body.error)
    const selectors = async () => {
      const read = command.replace('put-', 'get-')
      return (await service.run(read, { trailNames: [TRAIL] })).body.rawData
    }
    const before = await selectors()
    const writes = CATALOG.filter(({ scope }) => scope === 'write').map(({ name }) => name)
    t.same(Object.keys(WRITES).sort(), writes.filter((name) => name !== 'delete-trails').sort())
    for (const [name, request] of Object.entries(WRITES)) {
      await service.run(name, request)
      t.same(await selectors(), before, name)
    }
    const replaced = await service.run(command, {
      trailNames: [TRAIL],
      replaceExisting: true,
      ...(command === 'put-event-selectors' && { readWriteType: 'All' }),
    })
    t.equal(replaced.status, 200, 'the request that says so')
    t.not(JSON.stringify(await selectors()), JSON.stringify(before))
  })
}
