import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { parseConnectionsFile } from '../../../src/cloudtrail/connections/connections-file.js'
import { readConfig } from '../../../src/config.js'
import { createConnections } from '../../../src/cloudtrail/connections/connections.js'
import { tokenSecret } from '../../../src/commands/events/token-secret.js'
import { startSandbox } from '../../../src/sandbox/sandbox.js'
import { startServiceAt, type TestService } from '../../support/service.js'
import { testDirectory } from '../../support/test-directory.js'

const SERVER = 'https://cloudtrail.eu-west-1.amazonaws.com'
const SECRET = 'the-access-secret'
const KEYS = { accessKey: 'AKIARTX3GSDSQASANDBX', accessSecret: SECRET }

/** Writes a connections file into the test's own folder. */
function write(t: Test, connections: unknown): string {
  const path = join(testDirectory(t), 'connections.json')
  writeFileSync(path, typeof connections === 'string' ? connections : JSON.stringify(connections))
  return path
}

/** What the service would say when it starts with that file. */
function faultOf(t: Test, connections: unknown, config = {}, env: NodeJS.ProcessEnv = {}): string {
  const path = write(t, connections)
  const logger = { info: () => undefined, error: () => undefined }
  try {
    createConnections(readConfig({ AUTH: 'none', CONNECTIONS_FILE: path, ...config }), {
      logger,
      env,
      sandbox: undefined,
    }).close()
  } catch (error) {
    return (error as Error).message
  }
  return ''
}

/** Waits until the service has logged a line. */
async function logged(service: TestService, message: RegExp): Promise<Record<string, unknown>> {
  for (;;) {
    const line = service.log.find(({ msg }) => message.test(String(msg)))
    if (line) return line
    await delay(50)
  }
}

t.test('values are texts, variables of the environment, or files beside the file', async (t) => {
  const path = write(t, {})
  writeFileSync(join(path, '..', 'secret'), `${SECRET}\n`)
  const text = JSON.stringify({
    prod: {
      serverUrl: SERVER,
      accessKey: { env: 'PROD_KEY' },
      accessSecret: { file: 'secret' },
    },
    host: {},
  })
  const connections = parseConnectionsFile(text, {
    path,
    env: { PROD_KEY: KEYS.accessKey },
    readFile: (file) => readFileSync(file, 'utf8'),
  })
  t.same(Object.fromEntries(connections), { prod: { serverUrl: SERVER, ...KEYS }, host: {} })
})

t.test('reports every error of every connection at the start, and no value', async (t) => {
  const fault = faultOf(t, {
    'not a name': {},
    inline: {},
    list: [],
    text: 'x',
    prod: { serverUrl: SERVER, accessKey: 'short', accessSecret: SECRET, password: SECRET },
    dev: { accessKey: { env: 'NOT_SET' }, accessSecret: { file: 'missing' } },
    odd: { accessKey: 7, region: { env: 'A', file: 'B' }, sessionToken: null },
    ['__proto__']: {},
  })
  for (const told of [
    /^CONNECTIONS_FILE \S+connections\.json is not valid: /,
    /"not a name" is no name/,
    /"inline" is no name/,
    /list must be an object/,
    /text must be an object/,
    /prod\.accessKey must be 16 to 128 letters, digits or underscores/,
    /prod\.password is no field: there are serverUrl, accessKey/,
    /dev\.accessKey needs the environment variable NOT_SET, which is not set/,
    /dev\.accessSecret needs the file missing, which cannot be read \(ENOENT\)/,
    /odd\.accessKey must be a text, \{"env": "NAME"\} or \{"file": "path"\}/,
    /odd\.region must be a text/,
    /odd\.sessionToken must be a text/,
  ]) {
    t.match(fault, told)
  }
  t.notMatch(fault, SECRET)
})

t.test('reports fields that contradict each other', async (t) => {
  const fault = faultOf(t, {
    evil: { serverUrl: 'https://evil.example', ...KEYS },
    half: { serverUrl: SERVER, accessKey: KEYS.accessKey },
    other: { serverUrl: SERVER, accessSecret: SECRET, sessionToken: SECRET },
    moved: { serverUrl: SERVER, region: 'us-east-1', ...KEYS },
    alone: { serverUrl: SERVER, externalId: 'x1', ...KEYS },
  })
  for (const told of [
    /evil\.serverUrl must be a CloudTrail endpoint of AWS/,
    /half\.accessSecret must come with accessKey/,
    /other\.accessSecret must come with accessKey/,
    /other\.sessionToken must come with accessKey/,
    /moved\.region must not contradict the serverUrl, whose region is eu-west-1/,
    /alone\.externalId must come with roleArn/,
  ]) {
    t.match(fault, told)
  }
  t.notMatch(fault, SECRET)
})

t.test('refuses a text that is no JSON object without quoting it', async (t) => {
  t.match(
    faultOf(t, `{"prod": "${SECRET}`),
    /^CONNECTIONS_FILE \S+ is not valid: is not valid JSON$/,
  )
  t.match(faultOf(t, '[]'), /must hold a JSON object of connections/)
  t.match(faultOf(t, 'null'), /must hold a JSON object of connections/)
})

t.test('refuses a connection default in both the file and the environment', async (t) => {
  const file = { default: { serverUrl: SERVER, ...KEYS } }
  t.equal(faultOf(t, file), '')
  const region = { CLOUDTRAIL_REGION: 'eu-west-1' }
  t.match(faultOf(t, file, region), /default is given by the environment/)
})

t.test('uses the connection that a request names, or the default', async (t) => {
  const sandbox = await startSandbox({ port: 0, quotas: false })
  t.teardown(() => sandbox.close())
  const { accessKey, accessSecret } = sandbox
  const here = { serverUrl: sandbox.url, accessKey, accessSecret }
  const path = write(t, {
    paris: { ...here, region: 'eu-west-3' },
    role: { ...here, roleArn: 'arn:aws:iam::444455556666:role/soar' },
  })
  const service = await startServiceAt(t, sandbox.url, {
    CONNECTIONS_FILE: path,
    CLOUDTRAIL_ACCESS_KEY: accessKey,
    CLOUDTRAIL_ACCESS_SECRET: accessSecret,
  })
  const paris = await service.run('list-trails', { connection: 'paris' })
  t.match(paris.body.meta, { connection: 'paris', regions: ['eu-west-3'] })
  const role = await service.run('list-trails', { connection: 'role' })
  t.match(role.body.meta, { connection: 'role', accountId: '444455556666' })
  t.match((await service.run('list-trails')).body.meta, { connection: 'default' })
  const { status, body } = await service.run('list-trails', { connection: 'pairs' })
  t.equal(status, 400)
  t.match(body.errors, [{ field: 'connection', message: /there are: default, paris, role/ }])
  t.equal((await service.run('list-trails', { connection: 'constructor' })).status, 400)
})

t.test('takes over a changed file; reports a broken one, which changes nothing', async (t) => {
  const sandbox = await startSandbox({
    port: 0,
    quotas: false,
    accessKey: KEYS.accessKey,
    accessSecret: SECRET,
  })
  t.teardown(() => sandbox.close())
  const { accessKey, accessSecret } = sandbox
  const here = { serverUrl: sandbox.url, accessKey, accessSecret: { file: 'secret' } }
  const path = write(t, '')
  const secret = join(path, '..', 'secret')
  writeFileSync(secret, 'not the secret')
  writeFileSync(path, JSON.stringify({ one: here }))
  const service = await startServiceAt(t, sandbox.url, { CONNECTIONS_FILE: path })
  const test = async (connection: string) =>
    (await service.run('test-connection', { connection })).body
  t.equal((await test('one')).returnData, 'Failed', 'the secret is wrong')

  // as Kubernetes does it: a new file takes the place of the old one
  writeFileSync(`${secret}.new`, `${accessSecret}\n`)
  renameSync(`${secret}.new`, secret)
  await logged(service, /changed and was read again/)
  t.equal((await test('one')).returnData, 'Successful', 'the secret was rotated')

  writeFileSync(path, '{"one": ')
  const line = await logged(service, /broken: the old one stays/)
  t.match(line, { level: 50, reason: /is not valid JSON/ })
  t.equal((await test('one')).returnData, 'Successful', 'what was there stays')

  service.log.splice(0)
  writeFileSync(path, JSON.stringify({ two: here }))
  await logged(service, /changed and was read again/)
  t.match((await test('one')).errors, [{ field: 'connection' }])
  t.equal((await test('two')).returnData, 'Successful')
  t.notMatch(JSON.stringify(service.log), accessSecret)
})

t.test(
  "search tokens are sealed with the connections' secrets, not with where they are",
  async (t) => {
    const file = (place: string) =>
      write(t, { prod: { serverUrl: SERVER, ...KEYS, accessSecret: { env: place } } })
    const of = (path: string, env: NodeJS.ProcessEnv) =>
      tokenSecret(readConfig({ AUTH: 'none', CONNECTIONS_FILE: path }), env)
    const one = of(file('A'), { A: SECRET })
    t.equal(of(file('B'), { B: SECRET }), one, 'another place, the same secret')
    t.not(of(file('A'), { A: 'another' }), one)
    const none = write(t, { prod: { serverUrl: SERVER } })
    t.not(of(none, {}), of(none, {}), 'without secrets each process has its own')
  },
)
