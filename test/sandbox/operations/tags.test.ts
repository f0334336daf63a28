import t from 'tap'

import { testSandbox } from '../support/client.js'

const ARN = 'arn:aws:cloudtrail:us-east-1:111122223333:trail'
const ResourceId = `${ARN}/insights`

t.test('tags are added, replaced by key, listed and removed', async (t) => {
  const { call } = await testSandbox(t)
  const list = async () =>
    (await call('ListTags', { ResourceIdList: [ResourceId] })).json.ResourceTagList
  t.strictSame(await list(), [{ ResourceId, TagsList: [] }])
  await call('AddTags', { ResourceId, TagsList: [{ Key: 'a', Value: '1' }, { Key: 'b' }] })
  await call('AddTags', { ResourceId, TagsList: [{ Key: 'a', Value: '2' }] })
  t.strictSame(await list(), [{ ResourceId, TagsList: [{ Key: 'a', Value: '2' }, { Key: 'b' }] }])
  const { status } = await call('RemoveTags', {
    ResourceId,
    TagsList: [{ Key: 'a' }, { Key: 'zz' }],
  })
  t.equal(status, 200, 'an unknown key is passed over')
  t.strictSame(await list(), [{ ResourceId, TagsList: [{ Key: 'b' }] }])
})

t.test('CreateTrail sets the tags of a trail', async (t) => {
  const { call, refuses } = await testSandbox(t)
  const TagsList = [{ Key: 'Owner', Value: 'secops' }]
  await call('CreateTrail', { Name: 'audit', S3BucketName: 'bucket', TagsList })
  t.strictSame((await call('ListTags', { ResourceIdList: [`${ARN}/audit`] })).json, {
    ResourceTagList: [{ ResourceId: `${ARN}/audit`, TagsList }],
  })
  await refuses(
    'CreateTrail',
    { Name: 'other', S3BucketName: 'bucket', TagsList: [{ Key: '' }] },
    'InvalidTagParameterException',
    /key/,
  )
})

t.test('checks keys, values and the limit of 50 tags', async (t) => {
  const { call, refuses } = await testSandbox(t)
  const bad: object[][] = [
    [{}],
    [{ Key: '' }],
    [{ Key: 'k'.repeat(129) }],
    [{ Key: 'a\u0000b' }],
    [{ Key: 'aws:owner' }],
    [{ Key: 'AWS:owner' }],
    [{ Key: 'a', Value: 'v'.repeat(257) }],
    [{ Key: 'a', Value: 'a<b' }],
    [{ Key: 'a' }, { Key: 'a' }],
  ]
  for (const TagsList of bad) {
    await refuses('AddTags', { ResourceId, TagsList }, 'InvalidTagParameterException', /./)
  }
  const longest = [{ Key: 'k'.repeat(128), Value: 'ü'.repeat(256) }]
  t.equal((await call('AddTags', { ResourceId, TagsList: longest })).status, 200)
  const more = (count: number) => Array.from({ length: count }, (_, at) => ({ Key: `key${at}` }))
  t.equal((await call('AddTags', { ResourceId, TagsList: more(49) })).status, 200)
  await refuses(
    'AddTags',
    { ResourceId, TagsList: [{ Key: 'one-more' }] },
    'TagsLimitExceededException',
    /50/,
  )
  t.equal((await call('AddTags', { ResourceId, TagsList: more(49) })).status, 200, 'replaced')
})

t.test('ListTags takes one to twenty ARNs of one owner', async (t) => {
  const { call, refuses } = await testSandbox(t)
  const list = (...ResourceIdList: string[]) => ({ ResourceIdList })
  const twenty = Array<string>(20).fill(ResourceId)
  t.equal((await call('ListTags', list(...twenty))).json.ResourceTagList.length, 20)
  await refuses('ListTags', list(), 'ValidationException', /between 1 and 20/)
  await refuses('ListTags', list(...twenty, ResourceId), 'ValidationException', /between 1 and 20/)
  const foreign = ResourceId.replace('111122223333', '444455556666')
  const code = 'CloudTrailARNInvalidException'
  await refuses(
    'ListTags',
    list(ResourceId, foreign),
    code,
    'You cannot have resources belonging to multiple owners',
  )
  await refuses('ListTags', { ...list(ResourceId), NextToken: 'x' }, 'InvalidTokenException', /./)
})

t.test('tag operations accept only trails of the account and region of the caller', async (t) => {
  const { refuses } = await testSandbox(t)
  const code = 'CloudTrailARNInvalidException'
  const each = async (id: string, errorCode: string, message: string | RegExp, region?: string) => {
    const where = region === undefined ? {} : { region }
    await refuses('ListTags', { ResourceIdList: [id] }, errorCode, message, where)
    await refuses(
      'AddTags',
      { ResourceId: id, TagsList: [{ Key: 'a' }] },
      errorCode,
      message,
      where,
    )
    await refuses(
      'RemoveTags',
      { ResourceId: id, TagsList: [{ Key: 'a' }] },
      errorCode,
      message,
      where,
    )
  }
  await each('lll', code, 'The ARN lll is invalid.')
  await each('arn:aws:s3:::bucket', code, 'The ARN arn:aws:s3:::bucket is invalid.')
  await each(`${ARN}/nobody`, 'ResourceNotFoundException', /nobody/)
  await each(
    ResourceId.replace('111122223333', '444455556666'),
    code,
    'AccountID in ARN is wrong, you can only access resources with AccountID 111122223333.',
  )
  // the shadow of a multi-region trail has no tags of its own
  await each(
    `${ARN}/management-events`,
    code,
    'Region in ARN is wrong, you can only access resources in region eu-west-1.',
    'eu-west-1',
  )
  await each(
    'arn:aws:cloudtrail:us-east-1:111122223333:eventdatastore/1',
    'ResourceTypeNotSupportedException',
    /eventdatastore/,
  )
  await refuses('AddTags', {}, code, 'The ARN  is invalid.')
})
