import { once } from 'node:events'
import { setTimeout as delay } from 'node:timers/promises'
import { readFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { startHeldService } from '../../support/held.js'
import { followJob } from '../../support/jobs.js'
import { keysFile } from '../../support/keys.js'
import { startProcess } from '../../support/process.js'
import { startSandboxService, type TestService } from '../../support/service.js'
import { testDirectory } from '../../support/test-directory.js'

/** A service with keys, and its audit entries. */
async function startAudited(t: Test, env: Record<string, string> = {}) {
  const keys = keysFile(t)
  const { file, bearer } = keys
  const AUDIT_FILE = `${file}.audit`
  const service = await startSandboxService(t, {
    AUTH: 'api-key',
    API_KEYS_FILE: file,
    AUDIT_FILE,
    ...env,
  })
  const lines = async () => {
    await service.audited()
    return linesOf(AUDIT_FILE)
  }
  return { keys, bearer, service, lines }
}

function linesOf(file: string): Record<string, any>[] {
  const text = readFileSync(file, 'utf8').trimEnd()
  return text === '' ? [] : text.split('\n').map((line) => JSON.parse(line) as Record<string, any>)
}

/** Sends bytes, and closes the connection as soon as the service has begun to work. */
async function sendAndLeave(service: TestService, text: string, begun: () => Promise<unknown>) {
  const { hostname, port } = new URL(service.url)
  const socket = connect(Number(port), hostname)
  socket.write(text)
  await begun()
  socket.destroy()
  await once(socket, 'close')
}

t.test('writes the caller of a write, also when the client has disconnected', async (t) => {
  const AUDIT_FILE = join(testDirectory(t), 'audit')
  const held = await startHeldService(t, { AUDIT_FILE })
  const { service } = held
  const body = JSON.stringify({ trailNames: ['trail'] })
  const head = [
    'POST /commands/stop-logging HTTP/1.1',
    'host: localhost',
    'content-type: application/json',
    `content-length: ${body.length}`,
  ]
  await sendAndLeave(service, [...head, '', body].join('\r\n'), () => held.arrived(1))
  // an end that comes now waits for it
  const closed = service.close()
  await Promise.race([closed, delay(300)])
  held.release()
  await closed
  const entry = { command: 'stop-logging', address: '127.0.0.1', inputs: [{ input: 'trail' }] }
  t.match(linesOf(AUDIT_FILE), [
    { ...entry, phase: 'intent' },
    { ...entry, phase: 'outcome', inputs: [{ result: 'Successful' }] },
  ])
})

t.test('writes an audit entry for every spelling of the path', async (t) => {
  const { service, bearer, lines } = await startAudited(t)
  for (const path of ['/commands/stop%2Dlogging', '/%63ommands/stop-logging']) {
    for (const headers of [{}, bearer('read')]) {
      const before = (await lines()).length
      const response = await service.fetch(path, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: '{"trailNames": ["data-events"]}',
      })
      t.ok([401, 403].includes(response.status), path)
      t.match(await response.json(), { command: 'stop-logging' })
      t.match((await lines()).slice(before).at(-1), {
        command: 'stop-logging',
        status: response.status,
      })
    }
  }
  t.equal((await lines()).length, 4)
})

t.test('writes an audit entry for a refused request, with its inputs', async (t) => {
  const { service, bearer, lines } = await startAudited(t)
  const last = async () => (await lines()).at(-1)
  await service.run('stop-logging', '{"trailNames": [', bearer('write'))
  t.match(await last(), {
    key: 'writer',
    command: 'stop-logging',
    errors: [{ code: 'InvalidJson' }],
  })
  await service.run('stop-logging', 'x', { ...bearer('write'), 'content-type': 'text/plain' })
  t.match(await last(), { command: 'stop-logging', errors: [{ code: 'UnsupportedMediaType' }] })
  const asked = { trailNames: ['data-events'], connection: 'prod' }
  await service.run('stop-logging', asked, bearer('bound'))
  t.match(await last(), {
    key: 'bound',
    connection: 'prod',
    inputs: [{ input: 'data-events', result: 'Failed' }],
    errors: [{ code: 'ConnectionNotAllowed' }],
  })
  await service.run('stop-logging', { ...asked, nonsense: 1 }, bearer('write'))
  t.match(await last(), { status: 400, connection: 'prod', inputs: [{ input: 'data-events' }] })
})

t.test('writes one more audit entry for a write that finishes after its response', async (t) => {
  const AUDIT_FILE = join(testDirectory(t), 'audit')
  const held = await startHeldService(t, { AUDIT_FILE })
  const { service } = held
  const headers = { 'x-deadline-ms': '300' }
  const answer = service.run('stop-logging', { trailNames: ['trail'] }, headers)
  await held.arrived(1)
  t.match((await answer).body.errors, [{ code: 'OutcomeUnknown' }])
  held.release()
  await service.close()
  t.match(linesOf(AUDIT_FILE), [
    { command: 'stop-logging', phase: 'intent' },
    { command: 'stop-logging', errors: [{ code: 'OutcomeUnknown' }] },
    {
      late: true,
      operation: 'StopLogging',
      caller: '127.0.0.1',
      inputs: [{ input: 'trail', result: 'Successful' }],
      awsRequestIds: [String],
    },
  ])
})

t.test('sends no more writes of a revoked key, nor of its jobs', async (t) => {
  const { service, keys, bearer, lines } = await startAudited(t, { QUOTA_WRITE_TPS: '0.3' })
  const trailNames = ['data-events', 'management-events', 'insights']
  const headers = { prefer: 'respond-async', ...bearer('write') }
  const started = await service.run('stop-logging', { trailNames }, headers)
  const path = started.headers.get('location')!
  // a file without keys revokes them all
  keys.write('[]')
  while (!service.log.some(({ msg }) => String(msg).includes('was read again'))) {
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  t.equal((await service.run('list-trails', {}, bearer('write'))).status, 401)
  keys.write(JSON.stringify([{ ...keys.made.write.entry, scope: 'read' }]))
  while (service.log.filter(({ msg }) => String(msg).includes('was read again')).length < 2) {
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  const followed = {
    ...service,
    fetch: (one: string) => service.fetch(one, { headers: bearer('write') }),
  }
  const job = await followJob(followed, path)
  t.ok(job.errors.length >= 1)
  for (const error of job.errors) t.match(error, { code: 'KeyRevoked', statusCode: 403 })
  t.ok((await lines()).some(({ errors }) => errors?.some(({ code }: any) => code === 'KeyRevoked')))
})

t.test('writes the caller who cancels a job', async (t) => {
  const { service, bearer, lines } = await startAudited(t, { QUOTA_WRITE_TPS: '0.2' })
  const headers = { prefer: 'respond-async', ...bearer('write') }
  const trailNames = ['data-events', 'management-events', 'insights']
  const started = await service.run('stop-logging', { trailNames }, headers)
  const path = started.headers.get('location')!
  await service.fetch(path, { method: 'DELETE', headers: bearer('write') })
  t.ok(
    (await lines()).some(
      ({ result, key, cancelled }) =>
        result === 'Cancelled' && key === 'writer' && cancelled === started.body.meta.requestId,
    ),
  )
})

t.test('runs no write command when standard output has lost its reader', async (t) => {
  const started = startProcess(t, {
    SANDBOX: 'true',
    PORT: '0',
    LOG_LEVEL: 'info',
    // the search for secrets holds on to standard output
    NODE_OPTIONS: '',
  })
  const url = /(http:[^"]+)/.exec(await started.line(/Server listening/))![1]!
  const stop = async () => {
    const response = await fetch(`${url}/commands/stop-logging`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"trailNames": ["data-events"]}',
    })
    return response.status
  }
  t.equal(await stop(), 200)
  started.child.stdout!.destroy()
  await once(started.child.stdout!, 'close')
  // the first line that fails shows that the reader is gone
  await stop()
  t.equal(await stop(), 503)
  t.equal((await fetch(`${url}/commands/list-trails`, { method: 'POST' })).status, 200)
})
