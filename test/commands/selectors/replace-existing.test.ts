import t from 'tap'
import { startSandboxService } from '../../support/service.js'

type Service = Awaited<ReturnType<typeof startSandboxService>>

const S3 = { type: 'AWS::S3::Object', values: ['arn:aws:s3:::acme-secrets/'] }
const LAMBDA = { type: 'AWS::Lambda::Function', values: ['arn:aws:lambda'] }

/** Three selectors that no single one can say. */
const THREE = [
  { readWriteType: 'ReadOnly' },
  { readWriteType: 'WriteOnly', dataResources: [S3] },
  { readWriteType: 'WriteOnly', includeManagementEvents: false, dataResources: [LAMBDA] },
]

const ADVANCED = [
  { name: 'management', fieldSelectors: [{ field: 'eventCategory', equals: ['Management'] }] },
  {
    name: 'secrets',
    fieldSelectors: [
      { field: 'eventCategory', equals: ['Data'] },
      { field: 'resources.type', equals: ['AWS::S3::Object'] },
      { field: 'resources.ARN', startsWith: ['arn:aws:s3:::acme-secrets/'] },
    ],
  },
]

/** The event selectors of a trail, as Get Event Selectors returns them. */
async function eventSelectors(service: Service, trail: string): Promise<unknown> {
  return (await service.run('get-event-selectors', { trailNames: [trail] })).body.rawData
}

const put = (service: Service, body: object) =>
  service.run('put-event-selectors', { trailNames: ['management-events'], ...body })

t.test('returns 409, and writes nothing, when basic selectors would be dropped', async (t) => {
  const service = await startSandboxService(t)
  t.equal((await put(service, { eventSelectors: THREE })).status, 200)
  const before = await eventSelectors(service, 'management-events')
  const dropping: [object, RegExp][] = [
    [{}, /3 event selectors would become 1/],
    [{ readWriteType: 'All', dataEventsS3: S3.values }, /3 event selectors would become 1/],
    [{ eventSelectors: [{}, {}, {}] }, /AWS::S3::Object arn:aws:s3:::acme-secrets\/; AWS::Lambda/],
    [{ eventSelectors: [{}, { dataResources: [LAMBDA] }, {}] }, /AWS::S3::Object/],
    [{ advancedEventSelectors: ADVANCED }, /AWS::Lambda::Function arn:aws:lambda/],
    [{ advancedEventSelectors: [ADVANCED[1]] }, /management events/],
  ]
  for (const [body, message] of dropping) {
    for (const dryRun of [true, false]) {
      const { status, body: response } = await put(service, { ...body, dryRun })
      t.equal(status, 409, JSON.stringify(body))
      t.match(response.errors, [{ code: 'WouldDropSelectors', message, hint: /replaceExisting/ }])
    }
  }
  t.same(await eventSelectors(service, 'management-events'), before)
})

t.test('writes basic selectors that name the existing ones, and shows both', async (t) => {
  const service = await startSandboxService(t)
  await put(service, { eventSelectors: THREE })
  const more = [...THREE, { includeManagementEvents: false, dataResources: [S3] }]
  const planned = await put(service, { eventSelectors: more, dryRun: true })
  t.match(planned.body.contextData, [
    {
      dryRun: {
        operation: 'PutEventSelectors',
        before: { eventSelectors: THREE },
        after: { eventSelectors: more },
      },
    },
  ])
  const { eventSelectors } = planned.body.contextData[0]!.dryRun!.before as {
    eventSelectors: object[]
  }
  t.equal(eventSelectors.length, 3)
  const { status, body } = await put(service, { eventSelectors: more })
  t.equal(status, 200)
  t.match(body.contextData, [{ data: { eventSelectors: more, before: { eventSelectors: THREE } } }])
})

t.test('a bucket is included in all buckets, and in a shorter prefix', async (t) => {
  const service = await startSandboxService(t)
  const bucket = ['arn:aws:s3:::acme-secrets/2026/']
  t.equal((await put(service, { dataEventsS3: bucket })).status, 200)
  t.equal((await put(service, { dataEventsS3: ['arn:aws:s3:::acme-secrets/'] })).status, 200)
  t.equal((await put(service, { dataEventsS3: ['arn:aws:s3'] })).status, 200)
  t.equal((await put(service, { dataEventsS3: bucket })).status, 409)
})

t.test('returns 409 when advanced selectors would be dropped or changed', async (t) => {
  const service = await startSandboxService(t)
  t.equal((await put(service, { advancedEventSelectors: ADVANCED })).status, 200)
  const before = await eventSelectors(service, 'management-events')
  for (const body of [
    {},
    { readWriteType: 'All' },
    { eventSelectors: THREE },
    { advancedEventSelectors: [ADVANCED[0]] },
    { advancedEventSelectors: [ADVANCED[1]] },
  ]) {
    const { status, body: response } = await put(service, body)
    t.equal(status, 409, JSON.stringify(body))
    t.match(response.errors, [{ message: /advanced event selector (management|secrets)/ }])
  }
  t.same(await eventSelectors(service, 'management-events'), before)
  t.equal((await put(service, { advancedEventSelectors: [...ADVANCED].reverse() })).status, 200)
  const replaced = await put(service, { readWriteType: 'All', replaceExisting: true })
  t.equal(replaced.status, 200)
  t.match(replaced.body.contextData, [{ data: { before: { advancedEventSelectors: [{}, {}] } } }])
})

t.test('without trailNames each trail is guarded, and its row has the difference', async (t) => {
  const service = await startSandboxService(t)
  const { status, body } = await service.run('put-event-selectors', { readWriteType: 'All' })
  t.equal(status, 207)
  const row = (name: string) => body.contextData.find(({ input }) => input?.endsWith(`/${name}`))
  t.match(row('data-events'), { result: 'Failed' })
  t.match(body.errors, [{ code: 'WouldDropSelectors', input: /data-events/ }])
  t.match(row('management-events'), {
    data: { eventSelectors: [{ readWriteType: 'All' }], before: { eventSelectors: [{}] } },
  })
})

t.test('returns 409 when Insights that the request does not name would be dropped', async (t) => {
  const service = await startSandboxService(t)
  await put(service, { dataEventsS3: S3.values })
  const run = (more: object) =>
    service.run('put-insight-selectors', { trailNames: ['management-events'], ...more })
  const both = ['ApiCallRateInsight', 'ApiErrorRateInsight']
  const data = { insightTypes: both, eventCategories: ['Management', 'Data'] }
  const set = await run(data)
  t.equal(set.status, 200, set.body.error)
  const read = () => service.run('get-insight-selectors', { trailNames: ['management-events'] })
  const before = (await read()).body.rawData
  for (const [more, message] of [
    [{}, /ApiCallRateInsight on data events; ApiErrorRateInsight on management events/],
    [{ insightTypes: both }, /ApiCallRateInsight on data events/],
    [{ insightTypes: both, eventCategories: ['Data'] }, /ApiCallRateInsight on management events/],
  ] as const) {
    const { status, body } = await run(more)
    t.equal(status, 409)
    t.match(body.errors, [{ code: 'WouldDropSelectors', message }])
  }
  t.same((await read()).body.rawData, before)
  const planned = await run({ replaceExisting: true, dryRun: true })
  t.match(planned.body.contextData, [
    {
      dryRun: {
        before: { insightSelectors: [{ eventCategories: ['Management', 'Data'] }, {}] },
        after: { insightSelectors: [{ insightType: 'ApiCallRateInsight' }] },
      },
    },
  ])
  t.equal((await run(data)).status, 200, 'the same again drops nothing')
  t.equal((await run({ replaceExisting: true })).status, 200)
  const off = await run({ insightTypes: [] })
  t.match(off, { status: 200, body: { contextData: [{ data: { insightSelectors: [] } }] } })
})

t.test('a protected trail loses no Insights, and may get more', async (t) => {
  const service = await startSandboxService(t, { PROTECTED_TRAILS: 'insights' })
  const run = (more: object) =>
    service.run('put-insight-selectors', { trailNames: ['insights'], ...more })
  for (const more of [
    { insightTypes: [] },
    { insightTypes: ['ApiErrorRateInsight'], replaceExisting: true },
    { insightTypes: [], dryRun: true },
  ]) {
    const { status, body } = await run(more)
    t.equal(status, 403)
    t.match(body.errors, [{ code: 'ProtectedTrail' }])
  }
  t.equal((await run({ insightTypes: ['ApiCallRateInsight', 'ApiErrorRateInsight'] })).status, 200)
})
