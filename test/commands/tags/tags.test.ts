import t from 'tap'
import { json, startEndpoint } from '../../support/endpoint.js'
import { startSandboxService, startServiceAt } from '../../support/service.js'

const ARN = 'arn:aws:cloudtrail:us-east-1:111122223333:trail/'

t.test('returns the tags of each trail', async (t) => {
  const service = await startSandboxService(t)
  const { status, body } = await service.run('list-tags', {
    trailArns: [`${ARN}management-events`, `${ARN}data-events`],
  })
  t.equal(status, 200)
  t.match(body, {
    contextData: [
      { data: { trailArn: `${ARN}management-events`, tags: [{ key: 'Owner', value: 'secops' }] } },
      { data: { trailArn: `${ARN}data-events`, tags: [] } },
    ],
    rawData: { ResourceTagList: [{ TagsList: [{ Key: 'Owner' }] }, {}] },
  })
  t.ok(body.keyFields.TagKeys?.includes('Environment'))
})

t.test(
  'keeps the pages that were fetched before an error in the response, and says so',
  async (t) => {
    const endpoint = await startEndpoint(t, ({ input }, response) => {
      const [trailArn] = input.ResourceIdList as string[]
      if (input.NextToken === undefined) {
        const tagged = [{ ResourceId: trailArn, TagsList: [{ Key: 'team', Value: 'security' }] }]
        json(response, { ResourceTagList: tagged, NextToken: 'more' })
      } else {
        json(response, { __type: 'AccessDeniedException', message: 'no more' }, 400)
      }
    })
    const service = await startServiceAt(t, endpoint.url)
    const { status, body } = await service.run('list-tags', {
      trailArns: ['arn:aws:cloudtrail:us-east-1:111122223333:trail/management-events'],
    })
    t.equal(status, 207)
    t.match(body.contextData, [{ data: { tags: [{ key: 'team' }] } }])
    t.match(body.errors, [{ code: 'AccessDeniedException' }])
    t.match(body.meta.truncated, { message: body.errors[0]!.message, code: body.errors[0]!.code })
  },
)

t.test('List Tags takes 1 to 20 trail ARNs', async (t) => {
  const service = await startSandboxService(t)
  const arns = (count: number) =>
    Array.from({ length: count }, (_, index) => `${ARN}trail-${index}`)
  const many = await service.run('list-tags', { trailArns: arns(21) })
  t.match(many, { status: 400, body: { errors: [{ field: 'trailArns', message: /20 items/ }] } })
  const twenty = await service.run('list-tags', { trailArns: arns(20) })
  t.not(twenty.body.meta.apiCalls, 0, '20 ARNs reach AWS')
  for (const arn of ['management-events', 'lll', `${ARN}-x-`, `${ARN}a`]) {
    const { status, body } = await service.run('list-tags', { trailArns: [arn] })
    t.equal(status, 400)
    t.match(body.errors, [{ field: 'trailArns[0]', attempts: 0 }], arn)
  }
})

t.test('Remove Tags removes tags; one that is not there is no error', async (t) => {
  const service = await startSandboxService(t)
  const trailArn = `${ARN}management-events`
  const { status, body } = await service.run('remove-tags', {
    trailArn,
    tagKeys: ['Environment', 'NeverThere'],
  })
  t.equal(status, 200)
  t.match(body, {
    contextData: [{ input: trailArn, data: { name: 'management-events', trailArn } }],
    keyFields: { TagKeys: ['Environment', 'NeverThere'] },
    rawData: {},
  })
  const left = await service.run('list-tags', { trailArns: [trailArn] })
  t.same(left.body.keyFields.TagKeys, ['Owner'])
})

t.test('Remove Tags fails as AWS says when the trail is not there', async (t) => {
  const service = await startSandboxService(t)
  const { status, body } = await service.run('remove-tags', {
    trailArn: `${ARN}no-such-trail`,
    tagKeys: ['Owner'],
  })
  t.equal(status, 400)
  t.match(body, { returnData: 'Failed', errors: [{ source: 'aws', statusCode: 400 }] })
})

t.test('each rule for tags holds just inside, and refuses just outside', async (t) => {
  const service = await startSandboxService(t)
  const trailArn = `${ARN}management-events`
  const keys = (count: number) => Array.from({ length: count }, (_, index) => `key-${index}`)
  for (const tagKeys of [['k'], ['k'.repeat(128)], keys(50), ['Größe: 1/2 +a@b']]) {
    t.equal((await service.run('remove-tags', { trailArn, tagKeys })).status, 200)
  }
  for (const tagKeys of [[], [''], ['k'.repeat(129)], keys(51), ['aws:x'], ['a', 'a'], ['a*b']]) {
    const { status, body } = await service.run('remove-tags', { trailArn, tagKeys })
    t.equal(status, 400)
    t.match(body.errors[0], { field: /^tagKeys/ })
  }
  const create = (tags: unknown) =>
    service.run('create-trails', { trailNames: ['tagged'], s3BucketName: 'acme-logs', tags })
  const refusedTags: [unknown, RegExp][] = [
    [[], /^tags$/],
    [keys(51).map((key) => ({ key })), /^tags$/],
    [[{ key: 'a' }, { key: 'a', value: 'b' }], /^tags\[1\]\.key$/],
    [[{ key: 'a', value: 'v'.repeat(257) }], /^tags\[0\]\.value$/],
    [[{ key: 'a', value: '' }], /^tags\[0\]\.value$/],
    [[{ value: 'a' }], /^tags\[0\]\.key$/],
    [[{ key: 'a', colour: 'red' }], /^tags\[0\]\.colour$/],
  ]
  for (const [tags, field] of refusedTags) {
    t.match(await create(tags), { status: 400, body: { errors: [{ field }] } })
  }
  const most = keys(50).map((key) => ({ key, value: 'v'.repeat(256) }))
  t.equal((await create(most)).status, 200)
})
