import t, { type Test } from 'tap'
import type { CloudTrail } from '../../../src/cloudtrail/cloudtrail.js'
import { alreadyCreated } from '../../../src/commands/trails/already-created.js'
import { FailureError } from '../../../src/envelope/failure.js'
import { serviceFailure } from '../../../src/envelope/service-failure.js'
import type { Fault } from '../../../src/sandbox/state/faults.js'
import { json, startEndpoint } from '../../support/endpoint.js'
import { startSandboxService, startServiceAt } from '../../support/service.js'

/** A service on a sandbox that does what it is asked, and then loses its response where a fault is planned. */
async function startFailing(t: Test) {
  const service = await startSandboxService(t)
  const fault = async (operation: string, more: Partial<Fault> = {}) => {
    const planned = { operation, kind: 'reset', ...more }
    const url = `${service.sandbox.url}/sandbox/faults`
    t.equal((await fetch(url, { method: 'POST', body: JSON.stringify(planned) })).status, 201)
  }
  return { ...service, fault }
}

const LOST = { afterEffect: true }

const SETTINGS = {
  s3BucketName: 'acme-cloudtrail-logs',
  s3KeyPrefix: 'security',
  snsTopicName: 'cloudtrail-deliveries',
  applyTrailToAllRegions: true,
  enableLogFileValidation: true,
  kmsKeyId: 'alias/cloudtrail',
  tags: [
    { key: 'Owner', value: 'secops' },
    { key: 'Cost', value: '7' },
  ],
}

for (const kind of ['reset', 'html', 'half-body', 'error'] as const) {
  t.test(
    `reports a trail that was created although the response was lost (${kind}) as created`,
    async (t) => {
      const service = await startFailing(t)
      await service.fault('CreateTrail', { ...LOST, kind })
      const { status, body } = await service.run('create-trails', {
        trailNames: ['audit', 'forensics'],
        ...SETTINGS,
      })
      t.equal(status, 200)
      t.match(body, { returnData: 'Successful', error: '', errors: [] })
      const recovered = body.contextData.filter((row) => row.recovered)
      t.equal(recovered.length, 1, 'one answer was lost')
      t.match(recovered[0], {
        result: 'Successful',
        note: /earlier attempt, whose response was lost/,
        data: { s3BucketName: 'acme-cloudtrail-logs', isMultiRegionTrail: true },
      })
      t.equal(body.contextData.filter((row) => !('recovered' in row) && !('note' in row)).length, 1)
      t.match(body.rawData, [
        { Name: 'audit', TrailARN: /trail\/audit$/, S3BucketName: 'acme-cloudtrail-logs' },
        { Name: 'forensics', TrailARN: /trail\/forensics$/ },
      ])
      t.match(body.keyFields, { TrailNames: ['audit', 'forensics'], TrailARNs: [/audit$/, /fore/] })
    },
  )
}

t.test('recognizes a write whose response was lost twice', async (t) => {
  const service = await startFailing(t)
  await service.fault('CreateTrail', { ...LOST, times: 2 })
  const { body } = await service.run('create-trails', { trailNames: ['audit'], ...SETTINGS })
  t.match(body, { returnData: 'Successful', contextData: [{ recovered: true }] })
})

t.test('keeps a trail of that name with other settings an error that names them', async (t) => {
  const service = await startFailing(t)
  await service.run('create-trails', { trailNames: ['audit'], ...SETTINGS })
  for (const [change, named] of [
    [{ s3BucketName: 'another-bucket' }, 's3BucketName'],
    [{ s3KeyPrefix: 'other' }, 's3KeyPrefix'],
    [{ snsTopicName: 'deliveries' }, 'snsTopicName'],
    [{ snsTopicName: undefined }, 'snsTopicName'],
    [{ applyTrailToAllRegions: false }, 'applyTrailToAllRegions'],
    [{ enableLogFileValidation: false }, 'enableLogFileValidation'],
    [{ kmsKeyId: undefined }, 'kmsKeyId'],
    [{ tags: [{ key: 'Owner', value: 'secops' }] }, 'tags'],
    [{ s3KeyPrefix: undefined, tags: undefined }, 's3KeyPrefix'],
    [{ s3BucketName: 'another-bucket', s3KeyPrefix: 'a' }, 's3BucketName, s3KeyPrefix'],
  ] as const) {
    await service.fault('CreateTrail')
    const asked = { trailNames: ['audit'], ...SETTINGS, ...change }
    const { status, body } = await service.run('create-trails', asked)
    t.equal(status, 400)
    t.match(body.errors, [
      { code: 'TrailAlreadyExistsException', hint: new RegExp(`differs .* in ${named}: Update`) },
    ])
  }
  await service.fault('CreateTrail')
  await service.fault('ListTags', { kind: 'access-denied' })
  const { body } = await service.run('create-trails', { trailNames: ['audit'], ...SETTINGS })
  t.match(body.errors, [{ code: 'TrailAlreadyExistsException', hint: /could not be read/ }])
})

t.test('takes no defect for a trail that cannot be read', async (t) => {
  const exists = { ...serviceFailure('InternalError', ''), code: 'TrailAlreadyExistsException' }
  const defect = new TypeError('a defect')
  const cloudTrail = { send: () => Promise.reject(defect) } as unknown as CloudTrail
  const asked = { Name: 'audit', S3BucketName: 'acme-cloudtrail-logs' }
  await t.rejects(alreadyCreated(new FailureError(exists, true), asked, cloudTrail), defect)
})

t.test('returns the error of AWS where no response was lost', async (t) => {
  const service = await startFailing(t)
  await service.run('create-trails', { trailNames: ['audit'], ...SETTINGS })
  const again = () => service.run('create-trails', { trailNames: ['audit'], ...SETTINGS })
  const refused = [await again()]
  await service.fault('CreateTrail', { kind: 'throttle' })
  refused.push(await again())
  for (const { body } of refused) {
    t.match(body, { returnData: 'Failed', errors: [{ code: 'TrailAlreadyExistsException' }] })
    t.match(body.errors[0]?.hint, /^Update Trails/)
  }
  const unknown = await service.run('delete-trails', { trailNames: ['no-such-trail'] })
  t.match(unknown.body.errors, [{ code: 'TrailNotFoundException' }])
})

t.test('reports a trail that was deleted although the response was lost as deleted', async (t) => {
  const service = await startFailing(t)
  await service.fault('DeleteTrail', LOST)
  const { status, body } = await service.run('delete-trails', { trailNames: ['data-events'] })
  t.equal(status, 200)
  t.match(body, {
    returnData: 'Successful',
    contextData: [{ input: 'data-events', recovered: true, note: /does not exist/ }],
    rawData: [{ Name: 'data-events' }],
    errors: [],
  })
})

t.test(
  'does not report a trail of another region as deleted, nor one that is still there',
  async (t) => {
    const service = await startFailing(t)
    await service.fault('DeleteTrail')
    const wrongRegion = await service.run('delete-trails', { trailNames: ['eu-audit'] })
    t.match(wrongRegion.body, {
      returnData: 'Failed',
      errors: [{ code: 'TrailNotFoundException', hint: /eu-west-1/ }],
    })
    await service.fault('DeleteTrail')
    const deleted = await service.run('delete-trails', { trailNames: ['data-events'] })
    t.match(deleted.body, { returnData: 'Successful' })
    t.notOk('recovered' in deleted.body.contextData[0]!, 'the first attempt did nothing')
  },
)

t.test('does not report a trail as deleted that GetTrail finds again', async (t) => {
  const endpoint = await startEndpoint(t, ({ operation }, response, count) => {
    if (count === 1) response.destroy()
    else if (operation === 'DeleteTrail') {
      json(response, { __type: 'TrailNotFoundException', Message: 'Unknown trail' }, 400)
    } else json(response, operation === 'GetTrail' ? { Trail: { Name: 'audit' } } : { Trails: [] })
  })
  const service = await startServiceAt(t, endpoint.url)
  const { body } = await service.run('delete-trails', { trailNames: ['audit'] })
  t.match(body, { returnData: 'Failed', errors: [{ code: 'TrailNotFoundException' }] })
  t.same(
    endpoint.arrivals.slice(0, 3).map(({ operation }) => operation),
    ['DeleteTrail', 'DeleteTrail', 'GetTrail'],
  )
})

t.test('where List Trails fails, a trail that is not there is no success', async (t) => {
  const service = await startFailing(t)
  await service.fault('DeleteTrail')
  await service.fault('ListTrails', { kind: 'access-denied' })
  const { body } = await service.run('delete-trails', { trailNames: ['eu-audit'] })
  t.match(body, { returnData: 'Failed', errors: [{ code: 'TrailNotFoundException' }] })
})

t.test('writes that are safe to repeat succeed after a lost response', async (t) => {
  const service = await startFailing(t)
  const arn = (await service.run('list-trails')).body.keyFields.TrailARNs?.[0] ?? ''
  for (const [command, operation, body] of [
    ['start-logging', 'StartLogging', { trailNames: ['data-events'] }],
    ['stop-logging', 'StopLogging', { trailNames: ['data-events'] }],
    ['put-insight-selectors', 'PutInsightSelectors', { trailNames: ['management-events'] }],
    ['put-event-selectors', 'PutEventSelectors', { trailNames: ['management-events'] }],
    ['remove-tags', 'RemoveTags', { trailArn: arn, tagKeys: ['Owner'] }],
    ['add-tags', 'AddTags', { trailArn: arn, tags: [{ key: 'Owner', value: 'ir' }] }],
    [
      'update-trails',
      'UpdateTrail',
      { trailNames: ['data-events'], s3BucketName: 'acme-cloudtrail-logs' },
    ],
  ] as const) {
    await service.fault(operation, LOST)
    const answer = await service.run(command, body)
    t.match(answer.body, { returnData: 'Successful', errors: [] }, command)
  }
})
