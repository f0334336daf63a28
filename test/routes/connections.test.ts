import { writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import t from 'tap'
import { keysFile } from '../support/keys.js'
import { ACCESS_KEY, startSandboxService } from '../support/service.js'
import { testDirectory } from '../support/test-directory.js'

const HOST = 'https://cloudtrail.eu-west-1.amazonaws.com'
const ROLE = 'arn:aws:iam::444455556666:role/soar'
const SECRET = 'the-access-secret'

/** A connections file with a key of a known account, a role, and the credentials of the host. */
function connectionsFile(folder: string): string {
  const path = join(folder, 'connections.json')
  const file = {
    prod: { serverUrl: HOST, accessKey: ACCESS_KEY, accessSecret: SECRET },
    other: { serverUrl: HOST, roleArn: ROLE, externalId: 'the-external-id' },
    host: { region: 'us-west-2' },
  }
  writeFileSync(path, JSON.stringify(file))
  return path
}

t.test('lists the configured connections with region and account, and no secret', async (t) => {
  const service = await startSandboxService(t, {
    CONNECTIONS_FILE: connectionsFile(testDirectory(t)),
  })
  const response = await service.fetch('/connections')
  t.equal(response.status, 200)
  const text = await response.text()
  t.same(JSON.parse(text), {
    connections: [
      { name: 'default', region: 'us-east-1', accountId: '111122223333', sandbox: true },
      { name: 'host', region: 'us-west-2', sandbox: false },
      { name: 'other', region: 'eu-west-1', accountId: '444455556666', sandbox: false },
      { name: 'prod', region: 'eu-west-1', accountId: '111122223333', sandbox: false },
    ],
  })
  for (const secret of [SECRET, ACCESS_KEY, 'the-external-id', 'role/']) {
    t.notOk(text.includes(secret), secret)
  }
})

t.test('lists to an API key the connections that it may use, and to no key none', async (t) => {
  const { file, bearer } = keysFile(t)
  const service = await startSandboxService(t, {
    CONNECTIONS_FILE: connectionsFile(dirname(file)),
    AUTH: 'api-key',
    API_KEYS_FILE: file,
  })
  const namesFor = async (key: 'read' | 'bound') => {
    const response = await service.fetch('/connections', { headers: bearer(key) })
    const { connections } = (await response.json()) as { connections: { name: string }[] }
    return connections.map(({ name }) => name)
  }
  t.same(await namesFor('bound'), ['other'])
  t.same(await namesFor('read'), ['default', 'host', 'other', 'prod'])
  t.equal((await service.fetch('/connections')).status, 401)
})
