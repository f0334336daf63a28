import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { json, startEndpoint } from '../../support/endpoint.js'
import { startProcess } from '../../support/process.js'
import { ACCESS_KEY, connectionTo, startServiceAt } from '../../support/service.js'
import { testDirectory } from '../../support/test-directory.js'

const TRAILS = { Trails: [] }

t.test('calls no endpoint that is not allowed, whatever the request says', async (t) => {
  const allowed = await startEndpoint(t, (_arrival, response) => json(response, TRAILS))
  const forbidden = await startEndpoint(t, (_arrival, response) => json(response, TRAILS))
  const service = await startServiceAt(t, allowed.url)
  const { port } = new URL(forbidden.url)
  for (const serverUrl of [
    forbidden.url,
    `http://localhost:${port}`,
    `http://127.1:${port}`,
    `http://2130706433:${port}`,
    `http://0x7f000001:${port}`,
    `http://[::ffff:127.0.0.1]:${port}`,
    `http://x@127.0.0.1:${port}`,
    `${allowed.url}@127.0.0.1:${port}`,
    `${allowed.url}#@127.0.0.1:${port}`,
    `${allowed.url}/../..//127.0.0.1:${port}`,
  ]) {
    const { status, body } = await service.run('list-trails', {
      connection: { serverUrl, accessKey: ACCESS_KEY, accessSecret: 'x' },
    })
    t.equal(status, 400, serverUrl)
    t.match(body.errors, [{ field: 'connection.serverUrl', attempts: 0 }], serverUrl)
  }
  t.equal(forbidden.arrivals.length + allowed.arrivals.length, 0, 'nothing was called')
  t.equal((await service.run('list-trails')).status, 200)
})

t.test('follows no redirect of the endpoint', async (t) => {
  const elsewhere = await startEndpoint(t, (_arrival, response) => json(response, TRAILS))
  for (const status of [301, 302, 303, 307, 308]) {
    const endpoint = await startEndpoint(t, (_arrival, response) =>
      response.writeHead(status, { location: elsewhere.url }).end(),
    )
    const service = await startServiceAt(t, endpoint.url)
    const { body, status: answered } = await service.run('list-trails')
    t.equal(answered, 502, String(status))
    t.match(body.errors, [{ code: 'InvalidUpstreamResponse', statusCode: status }])
  }
  t.equal(elsewhere.arrivals.length, 0)
})

t.test("ignores the SDK's own environment variables for endpoints", async (t) => {
  const endpoint = await startEndpoint(t, (_arrival, response) => json(response, TRAILS))
  const elsewhere = await startEndpoint(t, (_arrival, response) => json(response, TRAILS))
  const config = join(testDirectory(t), 'config')
  writeFileSync(
    config,
    `[default]\nendpoint_url = ${elsewhere.url}\nregion = eu-north-1\nuse_fips_endpoint = true\nretry_mode = adaptive\n`,
  )
  const service = startProcess(t, {
    AUTH: 'none',
    PORT: '0',
    ...connectionTo(endpoint.url),
    AWS_ENDPOINT_URL: elsewhere.url,
    AWS_ENDPOINT_URL_CLOUDTRAIL: elsewhere.url,
    AWS_ENDPOINT_URL_STS: elsewhere.url,
    AWS_CONFIG_FILE: config,
    AWS_USE_FIPS_ENDPOINT: 'true',
    AWS_USE_DUALSTACK_ENDPOINT: 'true',
    AWS_REGION: 'eu-north-1',
    HTTP_PROXY: elsewhere.url,
    HTTPS_PROXY: elsewhere.url,
    http_proxy: elsewhere.url,
    ALL_PROXY: elsewhere.url,
  })
  const url = /Server listening at (http:[^"]+)/.exec(await service.line(/Server listening/))?.[1]
  for (const body of ['{}', JSON.stringify({ connection: roleAt(endpoint.url) })]) {
    await fetch(`${String(url)}/commands/list-trails`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    })
  }
  // the second asks the endpoint, in STS's place, for the role
  t.equal(endpoint.arrivals.length >= 2, true)
  t.match(endpoint.arrivals[0]?.headers.authorization, /\/us-east-1\/cloudtrail\//)
  t.equal(elsewhere.arrivals.length, 0)
})

const roleAt = (serverUrl: string) => ({
  serverUrl,
  accessKey: ACCESS_KEY,
  accessSecret: 'x',
  roleArn: 'arn:aws:iam::111122223333:role/soar',
})
