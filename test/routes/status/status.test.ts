import { request } from 'node:http'
import t from 'tap'
import { ACCESS_KEY, startSandboxService, startServiceAt } from '../../support/service.js'
import { json, startEndpoint } from '../../support/endpoint.js'

t.test('shows a first command to copy on an unused status page', async (t) => {
  const service = await startSandboxService(t)
  const response = await service.fetch('/')
  t.equal(response.status, 200)
  t.equal(response.headers.get('content-type'), 'text/html; charset=utf-8')
  const csp = response.headers.get('content-security-policy')
  t.match(csp, /default-src 'none'/)
  t.notMatch(csp, /unsafe/)
  const page = await response.text()
  t.match(page, `curl -s ${service.url}/commands/list-trails`)
  t.match(page, '/docs')
  for (const path of ['/status/status.css', '/status/status.js']) {
    t.equal((await service.fetch(path)).status, 200, path)
  }
})

t.test('shows outcomes on the status page, and no keys, inputs or data', async (t) => {
  const endpoint = await startEndpoint(t, ({ input }, response) =>
    input.Name === 'secret-one'
      ? json(response, { Trail: { Name: 'secret-one', S3BucketName: 'secret-bucket' } })
      : json(response, { __type: 'AccessDeniedException', Message: 'secret reason' }, 400),
  )
  const service = await startServiceAt(t, endpoint.url)
  await service.run('get-trails', { trailNames: ['secret-one', 'secret-two'] })
  const page = await (await service.fetch('/')).text()
  t.match(page, /get-trails[^]*Partially Successful[^]*AccessDeniedException/)
  t.notMatch(page, /secret|not-a-secret/)
  t.notMatch(page, ACCESS_KEY)
})

t.test('shows the latest fifty commands', async (t) => {
  const service = await startSandboxService(t)
  for (let count = 0; count < 60; count += 1) await service.run('test-connection')
  const page = await (await service.fetch('/')).text()
  t.equal(page.split('test-connection').length - 1, 50)
})

t.test('puts no hostile host name into the command to copy', async (t) => {
  // on loopback without keys it would be refused
  const service = await startSandboxService(t, { HOST: '0.0.0.0', AUTH_NONE_I_KNOW: 'true' })
  const pageFor = (host: string) =>
    new Promise<string>((resolve, reject) => {
      request(`${service.url}/`, { headers: { host } }, (response) => {
        let text = ''
        response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
        response.on('end', () => resolve(text))
      })
        .on('error', reject)
        .end()
    })
  for (const host of ['a;rm -rf ~', '$(reboot)', '"><script>', 'x`id`']) {
    t.match(await pageFor(host), 'curl -s http://127.0.0.1:3000/commands/list-trails', host)
  }
})
