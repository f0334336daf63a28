import { request } from 'node:http'
import t from 'tap'
import { keysFile } from '../../support/keys.js'
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

t.test(
  'shows refusals, dry runs and jobs with API key and request id, and failures alone',
  async (t) => {
    const { file, bearer } = keysFile(t)
    const service = await startSandboxService(t, { AUTH: 'api-key', API_KEYS_FILE: file })
    const id = (name: string) => ({ 'x-request-id': name })
    const stop = { trailNames: ['management-events'] }
    await service.run('list-trails', {}, id('without-key'))
    await service.run('stop-logging', stop, { ...bearer('read'), ...id('without-scope') })
    await service.run('get-trails', { trailNames: [] }, { ...bearer('read'), ...id('invalid') })
    const connection = { ...stop, connection: 'default' }
    await service.run('stop-logging', connection, {
      ...bearer('bound'),
      ...id('without-connection'),
    })
    await service.run(
      'stop-logging',
      { ...stop, dryRun: true },
      { ...bearer('write'), ...id('dry') },
    )
    const prefer = { prefer: 'wait=60' }
    await service.run('list-trails', {}, { ...bearer('read'), ...id('as-job'), ...prefer })
    const pageAt = async (path: string) =>
      (await (await service.fetch(path, { headers: bearer('admin') })).text()).replace(/\s+/g, ' ')
    const page = await pageAt('/')
    const rowOf = (text: string, name: string) =>
      text.split('<tr>').find((row) => row.includes(`>${name}<`)) ?? ''
    t.match(rowOf(page, 'without-key'), /401 NoApiKey/)
    t.match(rowOf(page, 'without-scope'), /403 ScopeNotAllowed.*reader/)
    t.match(rowOf(page, 'without-connection'), /403 ConnectionNotAllowed.*bound/)
    t.match(rowOf(page, 'invalid'), /400 ValidationError.*reader/)
    t.match(rowOf(page, 'dry'), /dry run.*Successful.*writer/)
    t.match(rowOf(page, 'as-job'), />job<.*Successful.*reader/)
    t.match(page, /Redis.*not configured.*Audit log.*works.*Jobs.*0 running/)
    const failures = await pageAt('/?show=failures')
    t.ok(rowOf(failures, 'without-key'))
    t.notOk(rowOf(failures, 'dry'))
  },
)

t.test('does not call a local endpoint AWS', async (t) => {
  const endpoint = await startEndpoint(t, (_arrival, response) => json(response, { Trails: [] }))
  const service = await startServiceAt(t, endpoint.url)
  const page = await (await service.fetch('/')).text()
  t.match(page, 'Other endpoint')
  t.notMatch(page, />AWS</)
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
