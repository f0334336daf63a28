import { CloudTrailClient, ListTrailsCommand } from '@aws-sdk/client-cloudtrail'
import t from 'tap'

import { accountIdOfAccessKey } from '../../../src/aws/account-id.js'
import type { Sandbox } from '../../../src/sandbox/sandbox.js'
import { startSandbox } from '../../../src/sandbox/sandbox.js'
import { Sessions } from '../../../src/sandbox/state/sessions.js'
import { amzDate, authorization, send, testSandbox } from '../support/client.js'

const ROLE = 'arn:aws:iam::029608264753:role/path/auditor'

/** Asks the sandbox's STS for something, as the STS clients of the SDKs do. */
async function sts(sandbox: Sandbox, parameters: Record<string, string>, token?: string) {
  const date = amzDate()
  const headers = {
    'content-type': 'application/x-www-form-urlencoded; charset=utf-8',
    'x-amz-date': date,
    authorization: authorization('us-east-1', sandbox.accessKey, date.slice(0, 8), 'sts'),
    ...(token === undefined ? {} : { 'x-amz-security-token': token }),
  }
  const body = new URLSearchParams({ Version: '2011-06-15', ...parameters }).toString()
  const { status, text, headers: answered } = await send(`${sandbox.url}/`, 'POST', headers, body)
  const tag = (name: string) => new RegExp(`<${name}>([^<]*)</${name}>`).exec(text)?.[1]
  return { status, text, tag, type: answered['content-type'] }
}

const assume = (sandbox: Sandbox, parameters: Record<string, string> = {}, token?: string) =>
  sts(
    sandbox,
    { Action: 'AssumeRole', RoleArn: ROLE, RoleSessionName: 'playbook', ...parameters },
    token,
  )

t.test('AssumeRole gives credentials of the account of the role', async (t) => {
  const { sandbox, call } = await testSandbox(t)
  const { status, tag, type, text } = await assume(sandbox, { DurationSeconds: '900' })
  t.equal(status, 200)
  t.equal(type, 'text/xml')
  t.match(text, /^<AssumeRoleResponse xmlns="https:\/\/sts.amazonaws.com\/doc\/2011-06-15\/">/)
  const accessKey = tag('AccessKeyId')!
  t.match(accessKey, /^ASIA[A-Z2-7]{16}$/)
  t.equal(accountIdOfAccessKey(accessKey), '029608264753')
  t.equal(tag('Arn'), 'arn:aws:sts::029608264753:assumed-role/auditor/playbook')
  const left = Date.parse(tag('Expiration')!) - Date.now()
  t.ok(left > 840_000 && left <= 900_000)
  const session = { accessKey, sessionToken: tag('SessionToken')! }
  const { json } = await call('CreateTrail', { Name: 'audit', S3BucketName: 'bucket' }, session)
  t.match(json.TrailARN, /:029608264753:/)
  const [row] = (await call('LookupEvents', {}, session)).json.Events
  t.equal(row.Username, 'playbook')
  t.match(JSON.parse(row.CloudTrailEvent).userIdentity, {
    type: 'AssumedRole',
    arn: 'arn:aws:sts::029608264753:assumed-role/auditor/playbook',
    sessionContext: { sessionIssuer: { arn: ROLE, userName: 'auditor' } },
  })
  const [asked] = (await call('LookupEvents', {})).json.Events
  t.match(asked, { EventName: 'AssumeRole', EventSource: 'sts.amazonaws.com' })
})

t.test('roles can be closed, or ask for an external id', async (t) => {
  const { sandbox, call } = await testSandbox(t)
  const refused = async (parameters: Record<string, string>) => {
    const { status, tag } = await assume(sandbox, parameters)
    t.match({ status, code: tag('Code') }, { status: 403, code: 'AccessDenied' })
    t.match(tag('Message'), /is not authorized to perform: sts:AssumeRole on resource: /)
  }
  await refused({ RoleArn: 'arn:aws:iam::029608264753:role/denied-role' })
  const RoleArn = 'arn:aws:iam::029608264753:role/audit-external'
  await refused({ RoleArn })
  await refused({ RoleArn, ExternalId: 'wrong' })
  t.equal((await assume(sandbox, { RoleArn, ExternalId: 'sandbox-external-id' })).status, 200)
  const rows = (await call('LookupEvents', {})).json.Events
  t.equal(JSON.parse(rows[1].CloudTrailEvent).errorCode, 'AccessDenied')
})

t.test('AssumeRole returns ValidationError for invalid input', async (t) => {
  const { sandbox } = await testSandbox(t)
  for (const parameters of [
    { RoleArn: 'auditor' },
    { RoleArn: '' },
    { RoleSessionName: 'a' },
    { RoleSessionName: 'a <b>' },
    { DurationSeconds: '899' },
    { DurationSeconds: '43201' },
    { DurationSeconds: 'x' },
  ]) {
    const { status, tag } = await assume(sandbox, parameters)
    t.match({ status, code: tag('Code') }, { status: 400, code: 'ValidationError' })
  }
  t.match((await assume(sandbox, { RoleSessionName: 'a <b>' })).text, /a &lt;b&gt;/)
  t.equal((await assume(sandbox, { DurationSeconds: '43200' })).status, 200)
  t.equal((await sts(sandbox, { Action: 'GetFederationToken' })).tag('Code'), 'InvalidAction')
})

t.test('a session cannot be chained for more than an hour', async (t) => {
  const { sandbox } = await testSandbox(t)
  const first = await assume(sandbox)
  const chained = { ...sandbox, accessKey: first.tag('AccessKeyId')! }
  const token = first.tag('SessionToken')!
  t.equal((await assume(chained, { DurationSeconds: '3600' }, token)).status, 200)
  const { tag } = await assume(chained, { DurationSeconds: '3601' }, token)
  t.match(tag('Message'), /role chaining/)
})

t.test('STS has its own codes for signature errors', async (t) => {
  const { sandbox } = await testSandbox(t)
  const { status, tag } = await assume(sandbox, {}, 'unknown-token')
  t.match({ status, code: tag('Code') }, { status: 403, code: 'InvalidClientTokenId' })
})

t.test('session tokens that are unknown, foreign, missing or expired are refused', async (t) => {
  const { sandbox, refuses, call } = await testSandbox(t)
  const { tag } = await assume(sandbox)
  const [accessKey, sessionToken] = [tag('AccessKeyId')!, tag('SessionToken')!]
  const code = 'UnrecognizedClientException'
  const message = 'The security token included in the request is invalid.'
  await refuses('ListTrails', {}, code, message, { accessKey })
  await refuses('ListTrails', {}, code, message, { accessKey, sessionToken: 'x' })
  await refuses('ListTrails', {}, code, message, { sessionToken })
  await refuses('ListTrails', {}, code, message, { accessKey: 'ASIAQNZGKIQY56JQ7WML' })
  t.equal((await call('ListTrails', {}, { accessKey, sessionToken })).status, 200)
  await fetch(`${sandbox.url}/sandbox/expire-sessions`, { method: 'POST' })
  await refuses(
    'ListTrails',
    {},
    'ExpiredTokenException',
    'The security token included in the request is expired',
    { accessKey, sessionToken },
  )
  await fetch(`${sandbox.url}/sandbox/reset`, { method: 'POST' })
  await refuses('ListTrails', {}, code, message, { accessKey, sessionToken })
})

t.test('checks signatures when a key and a secret are configured', async (t) => {
  const accessKey = 'AKIAQNZGKIQY56JQ7WML'
  const sandbox = await startSandbox({ port: 0, events: 0, accessKey, accessSecret: 'right' })
  const list = async (secretAccessKey: string, accessKeyId = accessKey, sessionToken?: string) => {
    const client = new CloudTrailClient({
      region: 'us-east-1',
      endpoint: sandbox.url,
      credentials: { accessKeyId, secretAccessKey, ...(sessionToken ? { sessionToken } : {}) },
    })
    try {
      return await client.send(new ListTrailsCommand({}))
    } finally {
      client.destroy()
    }
  }
  t.teardown(() => sandbox.close())
  t.equal(sandbox.accountId, '029608264753')
  t.equal((await list('right')).Trails?.length, 4, 'the seed is in the account of the key')
  const message = /^The request signature we calculated does not match/
  await t.rejects(list('wrong'), { name: 'InvalidSignatureException', message })
  await t.rejects(list('right', 'AKIARTX3GSDSQASANDBX'), { name: 'UnrecognizedClientException' })
})

t.test('a key without its secret is refused at the start', async (t) => {
  await t.rejects(startSandbox({ port: 0, accessKey: 'AKIAQNZGKIQY56JQ7WML' }), {
    message: 'The sandbox needs accessKey and accessSecret together, or neither.',
  })
})

t.test('a bug of STS is an internal failure that names it', async (t) => {
  const { sandbox } = await testSandbox(t)
  t.intercept(Sessions.prototype, 'open', {
    configurable: true,
    writable: true,
    value() {
      throw new TypeError('a bug')
    },
  })
  const { status, text } = await assume(sandbox)
  t.equal(status, 500)
  t.match(text, /sandbox itself failed: TypeError: a bug/)
})
