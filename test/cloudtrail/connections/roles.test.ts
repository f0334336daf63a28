import t from 'tap'
import type { Sandbox } from '../../../src/sandbox/sandbox.js'
import { startSandboxService, type TestService } from '../../support/service.js'

/** Keys of the sandbox's own account, with a role beside them. */
const asRole = (sandbox: Sandbox, roleArn: string, more: Record<string, string> = {}) => ({
  connection: {
    serverUrl: sandbox.url,
    accessKey: sandbox.accessKey,
    accessSecret: sandbox.accessSecret,
    roleArn,
    ...more,
  },
})

/** How many times a role was assumed, as CloudTrail of the account that assumes it says. */
async function assumed(service: TestService, roleArn: string): Promise<number> {
  const { body } = await service.run('lookup-events', {
    attributeKey: 'EventName',
    attributeValue: 'AssumeRole',
    startTime: '-15m',
    limit: 1000,
  })
  return body.contextData.filter(({ data }) => JSON.stringify(data).includes(roleArn)).length
}

t.test("a command that brings a role runs in the role's account", async (t) => {
  const { sandbox, ...service } = await startSandboxService(t)
  const role = asRole(sandbox, 'arn:aws:iam::444455556666:role/soar')
  const made = await service.run('create-trails', {
    ...role,
    trailNames: ['role-trail'],
    s3BucketName: 'my-bucket',
  })
  t.equal(made.status, 200, made.body.error)
  t.equal(made.body.meta.accountId, '444455556666')
  t.match(made.body.keyFields.TrailARNs, [/^arn:aws:cloudtrail:us-east-1:444455556666:trail\//])
  const there = await service.run('get-trails', { ...role, trailNames: ['role-trail'] })
  t.equal(there.status, 200, there.body.error)
  const here = await service.run('get-trails', { trailNames: ['role-trail'] })
  t.match(here.body.errors, [{ code: 'TrailNotFoundException' }], 'nothing of it in the own one')
})

t.test('the connection of the environment may be a role too', async (t) => {
  const { body } = await startSandboxService(t, {
    CLOUDTRAIL_ROLE_ARN: 'arn:aws:iam::444455556666:role/soar-external',
    CLOUDTRAIL_EXTERNAL_ID: 'sandbox-external-id',
  }).then((service) => service.run('test-connection'))
  t.equal(body.returnData, 'Successful', body.error)
  t.equal(body.meta.accountId, '444455556666')
})

t.test('a role that asks for an external id is assumed only with it', async (t) => {
  const { sandbox, ...service } = await startSandboxService(t)
  const roleArn = 'arn:aws:iam::444455556666:role/soar-external'
  const refused = await service.run('list-trails', asRole(sandbox, roleArn))
  t.equal(refused.status, 403)
  t.match(refused.body.errors, [
    {
      code: 'AccessDenied',
      source: 'aws',
      statusCode: 403,
      message: /^The role arn:aws:iam::444455556666:role\/soar-external was not assumed: User: /,
      hint: /externalId/,
      awsRequestId: /^[0-9a-f-]{36}$/,
      retryable: false,
    },
  ])
  t.equal(refused.body.meta.apiCalls, 0, 'CloudTrail was not asked')
  const wrong = await service.run('list-trails', asRole(sandbox, roleArn, { externalId: 'nope' }))
  t.equal(wrong.status, 403)
  const externalId = 'sandbox-external-id'
  const { status } = await service.run('list-trails', asRole(sandbox, roleArn, { externalId }))
  t.equal(status, 200)
})

t.test('a burst of requests assumes its role once, over regions too', async (t) => {
  const { sandbox, ...service } = await startSandboxService(t)
  const roleArn = 'arn:aws:iam::444455556666:role/burst'
  const answers = await Promise.all(
    Array.from({ length: 40 }, (_, index) =>
      service.run('get-trails', { ...asRole(sandbox, roleArn), trailNames: [`trail-${index}`] }),
    ),
  )
  t.same([...new Set(answers.map(({ body }) => body.errors[0]?.code))], ['TrailNotFoundException'])
  const everywhere = await service.run('list-trails', {
    ...asRole(sandbox, roleArn),
    regions: ['us-east-1', 'eu-west-1', 'ap-south-1'],
  })
  t.equal(everywhere.status, 200, everywhere.body.error)
  t.equal(await assumed(service, roleArn), 1)
})

t.test('a session that ends before its time is renewed, once for all who use it', async (t) => {
  const { sandbox, ...service } = await startSandboxService(t)
  const roleArn = 'arn:aws:iam::444455556666:role/expired'
  const role = asRole(sandbox, roleArn)
  const made = { ...role, trailNames: ['kept'], s3BucketName: 'my-bucket' }
  t.equal((await service.run('create-trails', made)).status, 200)
  await fetch(`${sandbox.url}/sandbox/expire-sessions`, { method: 'POST' })
  const answers = await Promise.all([
    service.run('stop-logging', { ...role, trailNames: ['kept'] }),
    service.run('list-trails', role),
    service.run('describe-trails', role),
    service.run('get-trail-status', { ...role, trailNames: ['kept'] }),
  ])
  for (const { body } of answers) t.equal(body.returnData, 'Successful', body.error)
  t.equal(await assumed(service, roleArn), 2)
})

t.test('reports expired temporary keys of the client as expired', async (t) => {
  const { sandbox, ...service } = await startSandboxService(t)
  const connection = {
    serverUrl: sandbox.url,
    accessKey: 'ASIARTX3GSDSQASANDBX',
    accessSecret: 'x',
    sessionToken: 'of no session',
  }
  const { status, body } = await service.run('list-trails', { connection })
  t.equal(status, 400)
  t.match(body.errors, [{ code: 'UnrecognizedClientException' }])
})

t.test('a role and a key of one account share its quota', async (t) => {
  const { sandbox, ...service } = await startSandboxService(t)
  const own = await service.run('list-trails')
  const { accountId } = own.body.meta
  const role = asRole(sandbox, `arn:aws:iam::${accountId}:role/soar`)
  t.equal((await service.run('describe-trails', role)).status, 200)
  const { quotas } = (await (await service.fetch('/quotas')).json()) as {
    quotas: { accountId: string; class: string; granted: number }[]
  }
  t.match(
    quotas.filter((quota) => quota.class === 'read'),
    [{ accountId, granted: 2 }],
  )
})

t.test('reports that STS was not reached', async (t) => {
  const closed = 'http://127.0.0.1:9'
  const { sandbox, ...service } = await startSandboxService(t, { ENDPOINT_ALLOWLIST: closed })
  const role = asRole(sandbox, 'arn:aws:iam::444455556666:role/soar', { serverUrl: closed })
  const { status, body } = await service.run('list-trails', role)
  t.equal(status, 502)
  t.match(body.errors, [
    {
      source: 'network',
      statusCode: 'N/A',
      retryable: true,
      hint: `STS was not reached at ${closed}`,
    },
  ])
})

t.test('a role that breaks a rule is refused before anything is asked', async (t) => {
  const { sandbox, ...service } = await startSandboxService(t)
  for (const [role, field, message] of [
    ['arn:aws-cn:iam::444455556666:role/soar', 'connection.roleArn', /partition aws/],
    ['arn:aws:iam::444455556666:user/soar', 'connection.roleArn', /ARN of a role/],
    ['arn:aws:iam::4444:role/soar', 'connection.roleArn', /ARN of a role/],
    ['soar', 'connection.roleArn', /ARN of a role/],
  ] as const) {
    const { status, body } = await service.run('list-trails', asRole(sandbox, role))
    t.equal(status, 400, role)
    t.match(body.errors, [{ field, message }], role)
  }
  const { roleArn: _left, ...fields } = asRole(sandbox, '', { externalId: 'alone' }).connection
  const { body } = await service.run('list-trails', { connection: fields })
  t.match(body.errors, [{ field: 'connection.externalId', message: /must come with roleArn/ }])
})

t.test('neither session keys nor external ids are logged', async (t) => {
  const { sandbox, ...service } = await startSandboxService(t)
  const role = asRole(sandbox, 'arn:aws:iam::444455556666:role/soar-external', {
    externalId: 'sandbox-external-id',
  })
  await service.run('list-trails', role)
  await service.run('list-trails', { ...role, limit: 1 })
  const log = JSON.stringify(service.log)
  t.notMatch(log, 'sandbox-external-id')
  t.notMatch(log, sandbox.accessSecret)
  t.notMatch(log, /ASIA[A-Z0-9]{12}/)
})
