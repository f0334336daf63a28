import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import t, { type Test } from 'tap'
import type { FailureError } from '../../../src/envelope/failure.js'
import { RoleSession } from '../../../src/cloudtrail/connections/role-session.js'

/** An STS that responds as the test says, once per call; `padding` is sent before the XML. */
async function startSts(
  t: Test,
  answer: (call: number) => {
    status: number
    lasts?: number
    padding?: string
    hasKeys?: boolean
  },
) {
  let calls = 0
  const server = createServer((request, response) => {
    request.resume().once('end', () => {
      calls += 1
      const { status, lasts = 0, padding = '', hasKeys = true } = answer(calls)
      response.writeHead(status, { 'content-type': 'text/xml' })
      const expiration = new Date(Date.now() + lasts).toISOString()
      response.write(padding)
      response.end(
        status === 200
          ? `<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials>
             <AccessKeyId>ASIAEXAMPLE${calls}</AccessKeyId>${hasKeys ? '<SecretAccessKey>s</SecretAccessKey>' : ''}
             <SessionToken>t</SessionToken><Expiration>${expiration}</Expiration>
             </Credentials></AssumeRoleResult></AssumeRoleResponse>`
          : `<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type>
             <Code>AccessDenied</Code><Message>no</Message></Error><RequestId>r</RequestId></ErrorResponse>`,
      )
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => {
    server.closeAllConnections()
    server.close()
  })
  const { port } = server.address() as AddressInfo
  const session = new RoleSession({
    roleArn: 'arn:aws:iam::111122223333:role/soar',
    externalId: undefined,
    stsEndpoint: `http://127.0.0.1:${port}`,
    region: 'us-east-1',
    source: () => Promise.resolve({ accessKeyId: 'AKIAEXAMPLE', secretAccessKey: 'secret' }),
  })
  return { session, calls: () => calls }
}

const HOUR = 3_600_000

t.test('one call of STS serves all who ask at once, and those who come later', async (t) => {
  const { session, calls } = await startSts(t, () => ({ status: 200, lasts: HOUR }))
  const keys = await Promise.all(Array.from({ length: 100 }, () => session.credentials()))
  t.equal(new Set(keys.map(({ accessKeyId }) => accessKeyId)).size, 1)
  await session.credentials()
  t.equal(calls(), 1)
})

t.test('a session is renewed before it ends', async (t) => {
  const { session, calls } = await startSts(t, (call) => ({
    status: 200,
    lasts: call === 1 ? 240_000 : HOUR,
  }))
  t.equal((await session.credentials()).accessKeyId, 'ASIAEXAMPLE1')
  t.equal((await session.credentials()).accessKeyId, 'ASIAEXAMPLE2', 'four minutes are too few')
  await session.credentials()
  t.equal(calls(), 2)
})

t.test('a session that cannot be renewed is used as long as it lasts', async (t) => {
  const { session } = await startSts(t, (call) =>
    call === 1 ? { status: 200, lasts: 240_000 } : { status: 403 },
  )
  await session.credentials()
  t.equal((await session.credentials()).accessKeyId, 'ASIAEXAMPLE1')
})

t.test('a refusal is not remembered', async (t) => {
  const { session } = await startSts(t, (call) =>
    call === 1 ? { status: 403 } : { status: 200, lasts: HOUR },
  )
  const { failure } = await session.credentials().then(
    () => assert.fail('it was not refused'),
    (error: unknown) => error as FailureError,
  )
  t.match(failure, {
    code: 'AccessDenied',
    source: 'aws',
    statusCode: 403,
    httpStatus: 403,
    message: 'The role arn:aws:iam::111122223333:role/soar was not assumed: no',
    hint: /trust policy/,
  })
  t.equal((await session.credentials()).accessKeyId, 'ASIAEXAMPLE2')
})

t.test('only a session from before it was found to have expired is given up', async (t) => {
  const { session, calls } = await startSts(t, () => ({ status: 200, lasts: HOUR }))
  const before = performance.now()
  await session.credentials()
  session.expiredAt(before)
  await session.credentials()
  t.equal(calls(), 1, 'it is newer than that')
  session.expiredAt(performance.now())
  await session.credentials()
  t.equal(calls(), 2)
})

t.test('refuses a response of STS that is larger than 64 KiB', async (t) => {
  const { session } = await startSts(t, () => ({
    status: 200,
    lasts: HOUR,
    padding: ' '.repeat(70_000),
  }))
  await assert.rejects(session.credentials(), ({ failure }: FailureError) => {
    t.match(failure, { code: 'InvalidUpstreamResponse', message: /more than 65536 bytes/ })
    return true
  })
})

t.test('refuses a response of STS without all of the keys', async (t) => {
  const { session } = await startSts(t, () => ({ status: 200, lasts: HOUR, hasKeys: false }))
  await assert.rejects(session.credentials(), ({ failure }: FailureError) => {
    t.match(failure, { message: /was not assumed: .*STS responded without credentials/ })
    return true
  })
})
