import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { makeApiKey } from '../src/auth/api-key.js'
import { json, startEndpoint } from './support/endpoint.js'
import { startProcess } from './support/process.js'
import { connectionTo } from './support/service.js'
import { waitFor } from './support/wait-for.js'
import { testDirectory } from './support/test-directory.js'

const OPEN = { AUTH: 'none', AUTH_NONE_I_KNOW: 'true', PORT: '0' }
const ADDRESS = /Server listening at (http:\/\/127\.0\.0\.1:\d+)/

async function addressOf(line: Promise<string>): Promise<string> {
  return ADDRESS.exec(await line)?.[1] ?? ''
}

/** A port of loopback that is in use. */
async function busyPort(t: Test): Promise<string> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => server.close())
  return String((server.address() as AddressInfo).port)
}

t.test('serves on the sandbox without configuration, and logs that it is a sandbox', async (t) => {
  const service = startProcess(t, { SANDBOX: 'true', PORT: '0', SANDBOX_PORT: '0' })
  const url = await addressOf(service.line(ADDRESS))
  t.match(await service.line(/SANDBOX/), `not on AWS; try them at ${url}/docs`)
  t.match(await (await fetch(`${url}/readyz`)).json(), {
    components: { connection: { detail: /sandbox/ } },
  })
  const answer = await fetch(`${url}/commands/list-trails`, { method: 'POST' })
  t.match(await answer.json(), { returnData: 'Successful', meta: { sandbox: true } })
  service.child.kill('SIGINT')
  t.equal(await service.exit(), 0)
})

t.test('names an address that a browser opens when it listens on every address', async (t) => {
  const everywhere = { HOST: '0.0.0.0', SANDBOX_HOST: '0.0.0.0' }
  const service = startProcess(t, { ...OPEN, ...everywhere, SANDBOX: 'true', SANDBOX_PORT: '0' })
  const line = await service.line(/try them at/)
  const [, url = ''] = /try them at (http:\/\/localhost:\d+\/docs)"/.exec(line) ?? []
  t.equal((await fetch(url)).status, 200, line)
})

t.test('finishes commands and jobs at SIGTERM, and responds to all but new commands', async (t) => {
  let release: () => void = () => undefined
  const released = new Promise<void>((resolve) => (release = resolve))
  const endpoint = await startEndpoint(t, (_arrival, response) => {
    void released.then(() => {
      json(response, { Trails: [] })
    })
  })
  const service = startProcess(t, {
    AUTH: 'none',
    PORT: '0',
    ...connectionTo(endpoint.url),
  })
  const url = await addressOf(service.line(ADDRESS))
  const list = (headers = {}) => fetch(`${url}/commands/list-trails`, { method: 'POST', headers })
  const running = list()
  const job = await list({ prefer: 'respond-async' })
  t.equal(job.status, 202)
  await waitFor('a request arrived', () => endpoint.arrivals.length > 0)
  service.child.kill('SIGTERM')
  await service.line(/shutting down: new commands are refused/)
  const refused = await list()
  t.equal(refused.status, 503)
  t.match(await refused.json(), { errors: [{ code: 'ShuttingDown' }] })
  t.equal((await fetch(`${url}/livez`)).status, 200)
  const readyz = await fetch(`${url}/readyz`)
  t.equal(readyz.status, 503)
  t.match(await readyz.json(), { components: { shutdown: { ready: false } } })
  t.equal((await fetch(`${url}/metrics`)).status, 200)
  t.equal((await fetch(url + job.headers.get('location')!)).status, 202)
  release()
  const response = await running
  t.equal(response.status, 200)
  t.match(await response.json(), { returnData: 'Successful' })
  await waitFor(
    'the job is finished',
    async () => (await fetch(url + job.headers.get('location')!)).status === 200,
  )
  t.equal(await service.exit(), 0)
  await t.rejects(fetch(`${url}/livez`), 'nothing listens')
})

/** A service that drains while a job of it waits for AWS. */
async function startDraining(t: Test, env: Record<string, string> = {}) {
  let release: () => void = () => undefined
  const endpoint = await startEndpoint(t, (_arrival, response) => {
    release = () => {
      json(response, { Trails: [] })
    }
  })
  const service = startProcess(t, { ...OPEN, ...connectionTo(endpoint.url), ...env })
  const url = await addressOf(service.line(ADDRESS))
  const started = await fetch(`${url}/commands/list-trails`, {
    method: 'POST',
    headers: { prefer: 'respond-async' },
  })
  await waitFor('the job has called AWS', () => endpoint.arrivals.length === 1)
  service.child.kill('SIGTERM')
  await service.line(/shutting down: new commands are refused/)
  return { service, url, job: url + started.headers.get('location')!, release: () => release() }
}

t.test(
  'keeps the response of a job that finished during the drain until it is fetched',
  async (t) => {
    const { service, url, job, release } = await startDraining(t)
    t.equal((await fetch(job)).status, 202)
    release()
    await waitFor('the job is finished', async () =>
      (await (await fetch(`${url}/metrics`)).text()).includes('cloudtrail_jobs_running 0'),
    )
    t.equal(service.child.exitCode, null)
    const response = await fetch(job)
    t.equal(response.status, 200)
    t.match(await response.json(), { returnData: 'Successful', job: { status: 'finished' } })
    t.equal(await service.exit(), 0)
  },
)

t.test('exits at the end of the drain although nobody fetched the response of a job', async (t) => {
  const { service, release } = await startDraining(t, {
    DEADLINE_MS: '3000',
    MAX_DEADLINE_MS: '3000',
    // a shutdown that takes longer than these exits with 1
    AWS_TIMEOUT_MS: '1000',
  })
  release()
  t.equal(await service.exit(), 0)
})

t.test('logs how many lines were dropped when standard output is read again', async (t) => {
  const AUDIT_FILE = join(testDirectory(t), 'audit')
  const sandbox = { SANDBOX: 'true', SANDBOX_PORT: '0' }
  const service = startProcess(t, { ...OPEN, ...sandbox, AUDIT_FILE })
  const url = await addressOf(service.line(ADDRESS))
  service.child.stdout!.pause()
  // the line of such a command has 20 KB, since it names each of the trails and nothing is sent for them
  const body = JSON.stringify({
    trailNames: Array.from({ length: 100 }, (_, index) => `trail-${index}-`),
    regions: ['us-east-1', 'us-west-2', 'eu-west-1', 'eu-west-2'],
  })
  const headers = { 'content-type': 'application/json' }
  for (let sent = 0; sent < 80; sent += 1) {
    const response = await fetch(`${url}/commands/get-trail-status`, {
      method: 'POST',
      headers,
      body,
    })
    await response.text()
  }
  const metrics = await (await fetch(`${url}/metrics`)).text()
  const [, dropped] = /^cloudtrail_log_lines_dropped_total (\d+)$/m.exec(metrics) ?? []
  t.ok(Number(dropped) > 0, `${dropped} lines`)
  service.child.stdout!.resume()
  const line = await service.line(/log lines were dropped/)
  t.match(JSON.parse(line), { level: 40, count: Number(dropped) })
  service.child.kill('SIGTERM')
  t.equal(await service.exit(), 0)
})

t.test(
  'exits with 1 and one line on standard error when a file, a port or an address cannot be used',
  async (t) => {
    const port = await busyPort(t)
    const dir = testDirectory(t, { file: '' })
    const fifo = join(dir, 'fifo')
    execFileSync('mkfifo', [fifo])
    const audit = (path: string) => ({ AUTH: 'none', PORT: '0', AUDIT_FILE: path })
    const cases: [Record<string, string>, RegExp][] = [
      [{}, /AUTH=api-key needs API_KEYS_FILE/],
      [{ AUTH: 'none', PORT: port }, /^PORT \d+ is in use on 127\.0\.0\.1: .* set PORT to/],
      [{ SANDBOX: 'true', PORT: '0', SANDBOX_PORT: port }, /^SANDBOX_PORT \d+ is in use/],
      [
        { SANDBOX: 'true', PORT: '0', SANDBOX_HOST: '192.0.2.1' },
        /^SANDBOX_HOST 192\.0\.2\.1 is no/,
      ],
      [{ ...OPEN, HOST: '192.0.2.1' }, /^HOST 192\.0\.2\.1 is no address .*EADDRNOTAVAIL.* set/],
      [
        { API_KEYS_FILE: '/nope' },
        /^API_KEYS_FILE \/nope cannot be read \(ENOENT\); npm run api-key/,
      ],
      [
        { ...OPEN, PROTECTED_TRAILS_FILE: '/nope' },
        /^PROTECTED_TRAILS_FILE \/nope cannot be read \(ENOENT\)$/,
      ],
      [audit(fifo), /^AUDIT_FILE must be a file, .* FIFO$/],
      [
        audit(join(dir, 'none', 'audit.log')),
        /^AUDIT_FILE .* \(ENOENT\): make its directory, or set/,
      ],
      [audit(dir), /^AUDIT_FILE .* \(EISDIR\): it is a directory; set AUDIT_FILE to a file$/],
    ]
    for (const [env, message] of cases) {
      const service = startProcess(t, env)
      let output = ''
      service.child.stderr!.on('data', (text: string) => (output += text))
      t.match(await service.line(message), message)
      t.equal(await service.exit(), 1)
      t.notMatch(output, /^ {4}at /m, 'no stack trace')
    }
  },
)

t.test(
  'exits by itself when the start fails: everything that it had opened is closed',
  async (t) => {
    const dir = testDirectory(t, {
      'broken.json': '[{"name": ',
      'empty.json': '[]',
      'good.json': '',
    })
    const { entry } = makeApiKey('reader', 'read')
    writeFileSync(join(dir, 'good.json'), JSON.stringify([entry]))
    // a Redis that is not reached keeps a timer, the sandbox a server, the collector a queue
    const opened = {
      SANDBOX: 'true',
      SANDBOX_PORT: '0',
      PORT: '0',
      AUTH: 'api-key',
      API_KEYS_FILE: join(dir, 'good.json'),
      REDIS_URL: 'redis://127.0.0.1:1',
      OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1',
    }
    const cases: [Record<string, string>, RegExp][] = [
      [{ API_KEYS_FILE: join(dir, 'broken.json') }, /API_KEYS_FILE is not valid JSON/],
      [{ API_KEYS_FILE: join(dir, 'empty.json') }, /at least one key/],
      [{ CONNECTIONS_FILE: join(dir, 'broken.json') }, /broken.json/],
      [{ PORT: await busyPort(t) }, /^PORT \d+ is in use/],
    ]
    for (const [env, message] of cases) {
      const service = startProcess(t, { ...opened, ...env })
      t.match(await service.line(message), message)
      t.equal(await service.exit(), 1, `${String(message)}: nothing keeps the process alive`)
    }
  },
)

t.test('exits with 0 after a drain longer than Fastify allows a plugin by default', async (t) => {
  const endpoint = await startEndpoint(t, (_arrival, response) => {
    setTimeout(json, 11_000, response, { Trails: [] })
  })
  const service = startProcess(t, { AUTH: 'none', PORT: '0', ...connectionTo(endpoint.url) })
  const url = await addressOf(service.line(ADDRESS))
  const running = fetch(`${url}/commands/list-trails`, { method: 'POST' })
  await waitFor('the request arrived', () => endpoint.arrivals.length === 1)
  service.child.kill('SIGTERM')
  t.equal((await running).status, 200)
  t.equal(await service.exit(), 0)
})
