import t from 'tap'

import { OPERATIONS } from '../../../src/sandbox/operations/index.js'
import { authorization, callRaw, testSandbox } from '../support/client.js'

t.test('a response has the headers of AWS and its own request id', async (t) => {
  const { call } = await testSandbox(t)
  const [first, second] = [await call('ListTrails'), await call('ListTrails')]
  t.equal(first.status, 200)
  t.equal(first.headers['content-type'], 'application/x-amz-json-1.1')
  t.match(first.headers['x-amzn-requestid'], /^[0-9a-f-]{36}$/)
  t.not(first.headers['x-amzn-requestid'], second.headers['x-amzn-requestid'])
})

t.test('accepts both target prefixes of CloudTrail', async (t) => {
  const { call } = await testSandbox(t)
  for (const prefix of [
    'CloudTrail_20131101.',
    'com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101.',
  ]) {
    const { status } = await call(
      'ListTrails',
      {},
      { headers: { 'x-amz-target': `${prefix}ListTrails` } },
    )
    t.equal(status, 200, prefix)
  }
})

t.test('an operation that CloudTrail does not have is unknown', async (t) => {
  const { sandbox } = await testSandbox(t)
  for (const target of ['CloudTrail_20131101.Nonsense', 'ListTrails', 'X.', undefined]) {
    const { status, json } = await callRaw(sandbox, '', {}, { headers: { 'x-amz-target': target } })
    t.match({ status, ...json }, { status: 400, __type: 'UnknownOperationException' })
  }
  for (const where of [{ method: 'GET', rawBody: '' }, { path: '/trails' }]) {
    const { status, json } = await callRaw(sandbox, 'ListTrails', {}, where)
    t.match({ status, ...json }, { status: 400, __type: 'UnknownOperationException' })
  }
})

t.test('returns UnsupportedOperationException for operations that only AWS has', async (t) => {
  const { sandbox } = await testSandbox(t)
  const { status, json } = await callRaw(sandbox, 'CreateEventDataStore')
  t.match(
    { status, ...json },
    {
      status: 400,
      __type: 'UnsupportedOperationException',
      Message: 'The sandbox does not carry out CreateEventDataStore.',
    },
  )
})

t.test('modelled errors have Message, those of the front door have message', async (t) => {
  const { call } = await testSandbox(t)
  t.strictSame((await call('GetTrail', { Name: 'ab' })).json, {
    __type: 'InvalidTrailNameException',
    Message:
      'Trail name too short. Minimum allowed length: 3 characters. Specified name length: 2 characters.',
  })
  t.strictSame((await call('GetTrail', {}, { headers: { authorization: undefined } })).json, {
    __type: 'MissingAuthenticationTokenException',
    message: 'Missing Authentication Token',
  })
})

t.test('returns SerializationException for a value of a wrong type at any depth', async (t) => {
  const { refuses } = await testSandbox(t)
  const wrong: [string, object, string][] = [
    ['GetTrail', { Name: 5 }, 'NUMBER_VALUE can not be converted to a String'],
    ['GetTrail', { Name: true }, 'TRUE_VALUE can not be converted to a String'],
    ['GetTrail', { Name: {} }, 'START_OBJECT can not be converted to a String'],
    ['DescribeTrails', { trailNameList: 'a' }, 'STRING_VALUE can not be converted to a List'],
    ['DescribeTrails', { trailNameList: [['a']] }, 'START_ARRAY can not be converted to a String'],
    ['DescribeTrails', { trailNameList: [null] }, 'VALUE_NULL can not be converted to a String'],
    [
      'DescribeTrails',
      { includeShadowTrails: 'true' },
      'STRING_VALUE can not be converted to a Boolean',
    ],
    ['LookupEvents', { MaxResults: '5' }, 'STRING_VALUE can not be converted to an Integer'],
    ['LookupEvents', { LookupAttributes: [5] }, 'NUMBER_VALUE can not be converted to a Structure'],
    // AWS gives no text for these
    ['LookupEvents', { StartTime: '2026-01-01T00:00:00Z' }, /^$/ as unknown as string],
    ['LookupEvents', { EndTime: 1e300 }, /^$/ as unknown as string],
  ]
  for (const [operation, input, message] of wrong) {
    await refuses(operation, input, 'SerializationException', message)
  }
})

t.test('returns SerializationException for a body that is not a JSON object', async (t) => {
  const { refuses } = await testSandbox(t)
  for (const rawBody of ['', '{', '[]', '"text"', 'null', '<xml/>']) {
    await refuses('ListTrails', {}, 'SerializationException', /.*/, { rawBody })
  }
})

t.test('unknown members, nulls and members of the prototype are ignored', async (t) => {
  const { call } = await testSandbox(t)
  const rawBody =
    '{"Name":"audit","S3BucketName":"bucket","KmsKeyId":null,"Nonsense":1,"__proto__":{"S3KeyPrefix":"x"},"constructor":1}'
  const { status, json } = await call('CreateTrail', {}, { rawBody })
  t.equal(status, 200)
  t.notOk('KmsKeyId' in json)
  t.notOk('S3KeyPrefix' in json)
})

t.test('returns {} for operations without output members', async (t) => {
  const { call } = await testSandbox(t)
  const { json } = await call('CreateTrail', { Name: 'audit', S3BucketName: 'bucket' })
  const ResourceId = json.TrailARN
  for (const [operation, input] of [
    ['StartLogging', { Name: 'audit' }],
    ['StopLogging', { Name: 'audit' }],
    ['AddTags', { ResourceId, TagsList: [{ Key: 'a' }] }],
    ['RemoveTags', { ResourceId, TagsList: [{ Key: 'a' }] }],
    ['DeleteTrail', { Name: 'audit' }],
  ] as const) {
    const { status, text, headers } = await call(operation, input)
    t.match(
      { status, text, length: headers['content-length'] },
      { status: 200, text: '{}', length: '2' },
    )
  }
})

t.test('a body of more than 1 MB is refused, with a response', async (t) => {
  const { call } = await testSandbox(t)
  const { status, json } = await call('ListTrails', { padding: 'x'.repeat(1024 * 1024) })
  t.match({ status, ...json }, { status: 413, __type: 'RequestEntityTooLargeException' })
})

t.test('region and account come from the signature', async (t) => {
  const { call } = await testSandbox(t)
  const names = async (region: string, accessKey?: string) => {
    const { json } = await call(
      'DescribeTrails',
      {},
      { region, ...(accessKey ? { accessKey } : {}) },
    )
    return json.trailList.map(({ Name }: { Name: string }) => Name)
  }
  t.same(await names('us-east-1'), ['data-events', 'insights', 'management-events'])
  t.same(await names('eu-west-1'), ['eu-audit', 'management-events'])
  t.same(await names('us-east-1', 'AKIAQNZGKIQY56JQ7WML'), [], 'another account starts empty')
  const { json } = await call(
    'CreateTrail',
    { Name: 'audit', S3BucketName: 'bucket' },
    { region: 'us-gov-west-1', accessKey: 'AKIAQNZGKIQY56JQ7WML' },
  )
  t.equal(json.TrailARN, 'arn:aws-us-gov:cloudtrail:us-gov-west-1:029608264753:trail/audit')
})

t.test('a key of the old generation belongs to an account of its own', async (t) => {
  const { call } = await testSandbox(t)
  const { json } = await call(
    'CreateTrail',
    { Name: 'audit', S3BucketName: 'bucket' },
    { accessKey: 'AKIAIOSFODNN7EXAMPLE', region: 'cn-north-1' },
  )
  t.equal(json.TrailARN, 'arn:aws-cn:cloudtrail:cn-north-1:999999999999:trail/audit')
})

t.test('a request without all parts of a signature is refused with the code of AWS', async (t) => {
  const { refuses, sandbox } = await testSandbox(t)
  const key = sandbox.accessKey
  const day = new Date().toISOString().slice(0, 10).replaceAll('-', '')
  const good = authorization('us-east-1', key, day)
  const cases: [string | undefined, string, RegExp][] = [
    [undefined, 'MissingAuthenticationTokenException', /^Missing Authentication Token$/],
    ['Basic abc', 'IncompleteSignatureException', /^Unsupported AWS 'algorithm': 'Basic'/],
    [
      'AWS4-HMAC-SHA256 x',
      'IncompleteSignatureException',
      /'Credential'.*'Signature'.*'SignedHeaders'/,
    ],
    [good.replace(/, Signature.*/, ''), 'IncompleteSignatureException', /requires 'Signature'/],
    [good.replace('/aws4_request', ''), 'IncompleteSignatureException', /5 slash-delimited/],
    [good.replace('us-east-1', 'nowhere'), 'UnrecognizedClientException', /security token/],
    [
      good.replace('cloudtrail', 's3'),
      'InvalidSignatureException',
      /correct service: 'cloudtrail'/,
    ],
    [good.replace(day, '20200101'), 'InvalidSignatureException', /^Date in Credential scope/],
  ]
  for (const [header, code, message] of cases) {
    await refuses('ListTrails', {}, code, message, { headers: { authorization: header } })
  }
  await refuses('ListTrails', {}, 'IncompleteSignatureException', /X-Amz-Date/, {
    headers: { 'x-amz-date': undefined },
  })
})

t.test('a signature older or newer than five minutes is refused', async (t) => {
  const { refuses, call, sandbox } = await testSandbox(t)
  const at = (minutes: number) => {
    const time = new Date(Date.now() + minutes * 60_000)
    const date = `${time.toISOString().slice(0, 19).replace(/[:-]/g, '')}Z`
    return {
      headers: {
        'x-amz-date': date,
        authorization: authorization('us-east-1', sandbox.accessKey, date.slice(0, 8)),
      },
    }
  }
  t.equal((await call('ListTrails', {}, at(-4.5))).status, 200)
  t.equal((await call('ListTrails', {}, at(4.5))).status, 200)
  await refuses('ListTrails', {}, 'InvalidSignatureException', /^Signature expired: /, at(-6))
  await refuses(
    'ListTrails',
    {},
    'InvalidSignatureException',
    /^Signature not yet current: /,
    at(6),
  )
})

t.test(
  'a bug of an operation is an internal failure that names it, and the sandbox goes on',
  async (t) => {
    const { call } = await testSandbox(t)
    t.intercept(OPERATIONS.get('ListTrails')!, 'run', {
      configurable: true,
      writable: true,
      value() {
        throw new TypeError('a bug')
      },
    })
    const { status, json } = await call('ListTrails')
    t.equal(status, 500)
    t.match(json, { __type: /InternalFailure/, message: /sandbox itself failed: TypeError: a bug/ })
    t.equal((await call('DescribeTrails')).status, 200)
  },
)
