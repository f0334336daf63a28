import t from 'tap'
import { json, startEndpoint } from './support/endpoint.js'
import { startProcess } from './support/process.js'
import { ACCESS_KEY } from './support/service.js'
import { waitFor } from './support/wait-for.js'

/** How long the last command takes, in milliseconds: longer than Fastify allows a plugin by default. */
const COMMAND_MS = 11_000

t.test('a drain of more than ten seconds exits with 0', async (t) => {
  const endpoint = await startEndpoint(t, (_arrival, response) => {
    setTimeout(json, COMMAND_MS, response, { Trails: [] })
  })
  const service = startProcess(t, {
    AUTH: 'none',
    PORT: '0',
    CLOUDTRAIL_SERVER_URL: endpoint.url,
    ENDPOINT_ALLOWLIST: endpoint.url,
    CLOUDTRAIL_ACCESS_KEY: ACCESS_KEY,
    CLOUDTRAIL_ACCESS_SECRET: 'not-a-secret',
  })
  const url = /(http:[^"]+)/.exec(await service.line(/Server listening/))![1]!
  const running = fetch(`${url}/commands/list-trails`, { method: 'POST' })
  await waitFor('the request arrived', () => endpoint.arrivals.length === 1)
  service.child.kill('SIGTERM')
  t.equal((await running).status, 200)
  t.equal(await service.exit(), 0)
})
