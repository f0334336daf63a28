import t from 'tap'
import { startSandboxService } from '../../support/service.js'

const TRAIL = 'arn:aws:cloudtrail:us-east-1:111122223333:trail/management-events'

const tagsOf = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ key: `key-${index}`, value: 'v' }))

t.test('adds tags, and returns the values that it overwrote', async (t) => {
  const service = await startSandboxService(t)
  const tags = [
    { key: 'Incident', value: 'IR-7' },
    { key: 'Owner', value: 'incident-response' },
  ]
  const planned = await service.run('add-tags', { trailArn: TRAIL, tags, dryRun: true })
  t.match(planned.body.contextData, [
    {
      dryRun: {
        operation: 'AddTags',
        input: { ResourceId: TRAIL, TagsList: [{ Key: 'Incident', Value: 'IR-7' }, {}] },
        before: { tags: [{ key: 'Owner', value: 'secops' }, { key: 'Environment' }] },
        after: { tags: [{ key: 'Environment' }, ...tags] },
      },
    },
  ])
  const { status, body } = await service.run('add-tags', { trailArn: TRAIL, tags })
  t.equal(status, 200)
  t.same(body.contextData, [
    {
      input: TRAIL,
      region: 'us-east-1',
      result: 'Successful',
      data: {
        name: 'management-events',
        trailArn: TRAIL,
        tags: [tags[0], { ...tags[1], previousValue: 'secops' }],
      },
    },
  ])
  t.match(body.keyFields, { TrailARNs: [TRAIL], TagKeys: ['Incident', 'Owner'] })
  t.same(body.rawData, {})
  const listed = await service.run('list-tags', { trailArns: [TRAIL] })
  t.same([...(listed.body.keyFields.TagKeys ?? [])].sort(), ['Environment', 'Incident', 'Owner'])
})

t.test('each rule holds just inside, and is refused just outside without a call', async (t) => {
  const service = await startSandboxService(t)
  // the trail has two tags of its own
  t.equal((await service.run('add-tags', { trailArn: TRAIL, tags: tagsOf(48) })).status, 200)
  const outside: [object, RegExp][] = [
    [{ tags: [] }, /^tags$/],
    [{ tags: tagsOf(51) }, /^tags$/],
    [{ tags: [{ key: 'aws:x', value: 'v' }] }, /^tags\[0\]\.key$/],
    [{ tags: [{ key: 'a' }, { key: 'a', value: 'b' }] }, /^tags\[1\]\.key$/],
    [{ tags: [{ key: 'a', value: '' }] }, /^tags\[0\]\.value$/],
    [{ trailArn: 'management-events', tags: tagsOf(1) }, /^trailArn$/],
    [{ tags: undefined }, /^tags$/],
  ]
  for (const [body, field] of outside) {
    const { status, body: response } = await service.run('add-tags', { trailArn: TRAIL, ...body })
    t.equal(status, 400)
    t.match(response.errors[0], { field, attempts: 0 })
    t.equal(response.meta.apiCalls, 0)
  }
  const many = await service.run('add-tags', { trailArn: TRAIL, tags: [{ key: 'one-more' }] })
  t.match(many.body, { returnData: 'Failed', errors: [{ code: 'TagsLimitExceededException' }] })
})

t.test('with an idempotency key, tags are added once', async (t) => {
  const service = await startSandboxService(t)
  const body = { trailArn: TRAIL, tags: [{ key: 'Owner', value: 'ir' }] }
  const key = { 'idempotency-key': 'tag-once' }
  const first = await service.run('add-tags', body, key)
  const second = await service.run('add-tags', body, key)
  t.match(first.body.contextData, [{ data: { tags: [{ previousValue: 'secops' }] } }])
  t.same(second.body, first.body)
  t.equal(second.headers.get('idempotency-replayed'), 'true')
})

t.test('a protected trail may be tagged: tags change nothing that it logs', async (t) => {
  const service = await startSandboxService(t, { PROTECTED_TRAILS: '*' })
  const added = await service.run('add-tags', { trailArn: TRAIL, tags: tagsOf(1) })
  t.equal(added.status, 200)
  t.equal((await service.run('remove-tags', { trailArn: TRAIL, tagKeys: ['key-0'] })).status, 200)
})
