import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import t from 'tap'
import { json, startEndpoint } from './support/endpoint.js'
import { startProcess } from './support/process.js'
import { ACCESS_KEY } from './support/service.js'

const ADDRESS = /Server listening at (http:\/\/127\.0\.0\.1:\d+)/

async function addressOf(line: Promise<string>): Promise<string> {
  return ADDRESS.exec(await line)?.[1] ?? ''
}

t.test('on the sandbox the process serves at once, and says that it is a sandbox', async (t) => {
  const service = startProcess(t, { SANDBOX: 'true', PORT: '0', SANDBOX_PORT: '0' })
  const url = await addressOf(service.line(ADDRESS))
  t.match(await service.line(/SANDBOX/), /embedded CloudTrail, not on AWS/)
  t.match(await (await fetch(`${url}/readyz`)).json(), {
    components: { connection: { detail: /sandbox/ } },
  })
  const answer = await fetch(`${url}/commands/list-trails`, { method: 'POST' })
  t.match(await answer.json(), { returnData: 'Successful', meta: { sandbox: true } })
  service.child.kill('SIGINT')
  t.equal(await service.exit(), 0)
})

t.test('at SIGTERM running commands finish, new ones are refused, then it exits 0', async (t) => {
  let release: () => void = () => undefined
  let arrived: () => void = () => undefined
  const arrival = new Promise<void>((resolve) => (arrived = resolve))
  const endpoint = await startEndpoint(t, (_arrival, response) => {
    release = () => {
      json(response, { Trails: [] })
    }
    arrived()
  })
  const service = startProcess(t, {
    AUTH: 'none',
    PORT: '0',
    CLOUDTRAIL_SERVER_URL: endpoint.url,
    ENDPOINT_ALLOWLIST: endpoint.url,
    CLOUDTRAIL_ACCESS_KEY: ACCESS_KEY,
    CLOUDTRAIL_ACCESS_SECRET: 'not-a-secret',
  })
  const url = await addressOf(service.line(ADDRESS))
  const running = fetch(`${url}/commands/list-trails`, { method: 'POST' })
  await arrival
  service.child.kill('SIGTERM')
  await service.line(/ending: no new requests/)
  await t.rejects(fetch(`${url}/commands/list-trails`, { method: 'POST' }), 'nothing listens')
  release()
  const answer = await running
  t.equal(answer.status, 200)
  t.match(await answer.json(), { returnData: 'Successful' })
  t.equal(await service.exit(), 0)
})

t.test('a configuration that cannot be used is told in one line, and exits 1', async (t) => {
  const taken = createServer().listen(0, '127.0.0.1')
  await once(taken, 'listening')
  t.teardown(() => taken.close())
  const port = String((taken.address() as AddressInfo).port)
  const cases: [Record<string, string>, RegExp][] = [
    [{}, /AUTH=api-key needs API_KEYS_FILE/],
    [{ AUTH: 'maybe' }, /AUTH/],
    [{ AUTH: 'none', CLOUDTRAIL_SERVER_URL: 'http://evil.example.com' }, /must use https/],
    [{ AUTH: 'none', ENDPOINT_ALLOWLIST: 'nonsense' }, /not an origin/],
    [{ AUTH: 'none', PORT: port }, /EADDRINUSE/],
    [{ SANDBOX: 'true', PORT: '0', SANDBOX_PORT: port }, new RegExp(port)],
  ]
  for (const [env, message] of cases) {
    const service = startProcess(t, env)
    t.match(await service.line(message), message)
    t.equal(await service.exit(), 1)
  }
})
