import { request } from 'node:http'
import { once } from 'node:events'
import t from 'tap'
import { keysFile } from '../support/keys.js'
import { startSandboxService } from '../support/service.js'

/** A request whose headers are sent as they are, as no fetch() would. */
async function send(url: string, headers: Record<string, string>, method = 'POST') {
  const sent = request(`${url}${method === 'POST' ? '/commands/list-trails' : '/readyz'}`, {
    method,
    headers,
  })
  sent.end()
  const [response] = await once(sent, 'response')
  const chunks: Buffer[] = []
  for await (const chunk of response) chunks.push(chunk)
  const body = JSON.parse(Buffer.concat(chunks).toString())
  return { status: response.statusCode as number, body }
}

t.test('refuses pages of other sites where no API key is asked for', async (t) => {
  const service = await startSandboxService(t)
  const { host } = new URL(service.url)
  const foreign: Record<string, string>[] = [
    { origin: 'https://evil.example' },
    { origin: 'null' },
    { origin: 'http://127.0.0.1:1' },
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
    { host: 'evil.example' },
    { host: `evil.example:${new URL(service.url).port}` },
    { host: '127.0.0.1.evil.example' },
    { host: '169.254.169.254' },
  ]
  for (const headers of foreign) {
    const { status, body } = await send(service.url, headers)
    t.equal(status, 403, JSON.stringify(headers))
    t.match(body.errors, [{ code: 'CrossSiteRequest' }])
  }
  t.equal((await send(service.url, { host: 'evil.example' }, 'GET')).status, 403, 'nor read it')
  const own: Record<string, string>[] = [
    {},
    { origin: service.url, 'sec-fetch-site': 'same-origin' },
    { 'sec-fetch-site': 'none' },
    { host: `localhost:${new URL(service.url).port}` },
    { host: '[::1]:3000' },
    { host, origin: `http://${host}` },
  ]
  for (const headers of own) {
    t.equal((await send(service.url, headers)).status, 200, JSON.stringify(headers))
  }
})

t.test('lets in any origin that has an API key', async (t) => {
  const { file, bearer } = keysFile(t)
  const service = await startSandboxService(t, { AUTH: 'api-key', API_KEYS_FILE: file })
  const headers = { origin: 'https://soar.example', host: 'cloudtrail.internal' }
  t.equal((await send(service.url, { ...headers, ...bearer('read') })).status, 200)
})
