import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import t from 'tap'
import { CATALOG } from '../../src/commands/catalog.js'
import { describeError } from '../../src/log.js'
import { keysFile } from '../support/keys.js'
import { SEARCH_LEAKS, startProcess } from '../support/process.js'
import { testDirectory } from '../support/test-directory.js'

/** Runs a script with everything that it writes searched; its exit code, or the signal that ended it. */
async function searched(script: string): Promise<number | string> {
  const child = spawn(process.execPath, ['--input-type=module', '--eval', script], {
    env: { ...process.env, NODE_OPTIONS: `--import=${SEARCH_LEAKS}`, SEARCH_OUTPUT: 'true' },
    stdio: 'ignore',
  })
  const [code, signal] = (await once(child, 'close')) as [number, null] | [null, string]
  return code ?? signal
}

t.test('finds a secret in every output that the tests search', async (t) => {
  const folder = testDirectory(t)
  const scripts = {
    nothing: `console.log('AKIA************NDBX')`,
    'the output': `console.log('sandbox-not-a-secret')`,
    'the error output': `console.error({ key: 'ctk_${'x'.repeat(43)}' })`,
    'the log': `import { pino } from 'pino'; pino().info({ a: 'marked-secret' })`,
    'the audit log': `import { pino } from 'pino'
      pino.destination({ fd: 1, sync: true }).write('marked-token')`,
    'a file': `import { open } from 'node:fs/promises'
      await (await open('${folder}/audit', 'a')).write(Buffer.from('not-a-secret'))`,
    'a response': `import fastify from 'fastify'
      const app = fastify()
      app.get('/', (_, reply) => reply.header('x-request-id', '1').send('marked-secret'))
      const url = await app.listen({ port: 0, host: '127.0.0.1' })
      await (await fetch(url)).text()
      await app.close()`,
    'a crash': `throw new Error('marked-secret')`,
    'a thread': `import { Worker } from 'node:worker_threads'
      new Worker("import fs from 'node:fs'; fs.writeSync(1, 'marked-secret')", { eval: true })`,
  }
  const expected: Record<string, number | string> = { nothing: 0, 'a thread': 'SIGKILL' }
  for (const [where, script] of Object.entries(scripts)) {
    t.equal(await searched(script), expected[where] ?? 86, where)
  }
})

t.test('logs an error without the objects that it carries', async (t) => {
  const carried = { keys: 'marked-secret', $response: { body: 'marked-token' } }
  const cause = Object.assign(new Error('below'), carried, { code: 'ECONNRESET' })
  const error = Object.assign(new Error('above', { cause }), carried)
  const told = describeError(new AggregateError([error], 'all'))
  t.notMatch(JSON.stringify(told), 'marked-')
  t.match(told, {
    type: 'AggregateError',
    message: 'all',
    errors: [{ message: 'above', cause: { message: 'below', code: 'ECONNRESET' } }],
  })
  t.match(describeError('marked-secret'), { type: 'string', message: /not an Error/ })
})

t.test('writes no secret at log level trace, nor when it crashes', async (t) => {
  const { file, bearer } = keysFile(t)
  const connections = join(dirname(file), 'connections.json')
  writeFileSync(join(dirname(file), 'token'), 'marked-token-of-a-file\n')
  const aws = { accessKey: 'AKIARTX3GSDSQASANDBX', accessSecret: { env: 'NAMED_SECRET' } }
  const roleArn = 'arn:aws:iam::444455556666:role/soar'
  const serverUrl = 'http://127.0.0.1:1'
  writeFileSync(
    connections,
    JSON.stringify({
      named: { ...aws, sessionToken: { file: 'token' } },
      role: { serverUrl, ...aws, roleArn, externalId: 'marked-secret-id' },
    }),
  )
  const crash = `process.on('SIGUSR2', () => {
    throw Object.assign(new Error('a defect'), { environment: process.env })
  })`
  const service = startProcess(t, {
    AUTH: 'api-key',
    API_KEYS_FILE: file,
    CONNECTIONS_FILE: connections,
    NAMED_SECRET: 'marked-secret-of-the-environment',
    TOKEN_SECRET: 'marked-secret-of-tokens',
    ENDPOINT_ALLOWLIST: serverUrl,
    AUDIT_FILE: `${file}.audit`,
    SANDBOX: 'true',
    SANDBOX_PORT: '0',
    SANDBOX_QUOTAS: 'false',
    QUOTA_WRITE_TPS: '1000',
    LOG_LEVEL: 'trace',
    PORT: '0',
    NODE_OPTIONS: `--import=${SEARCH_LEAKS} --import=data:text/javascript,${encodeURIComponent(crash)}`,
  })
  const url = String(
    /Server listening at (http:[^"]+)/.exec(await service.line(/Server listening/))?.[1],
  )
  const answers: string[] = []
  const ask = async (path: string, init: RequestInit) => {
    const response = await fetch(url + path, init)
    answers.push(JSON.stringify([...response.headers]) + (await response.text()))
    return response.status
  }
  const inline = {
    serverUrl,
    accessKey: 'ASIARTX3GSDSQASANDBX',
    accessSecret: 'marked-secret',
    sessionToken: 'marked-token',
  }
  for (const { name, examples } of CATALOG) {
    const [example] = Object.values(examples) as [object]
    for (const body of [
      example,
      { ...example, connection: inline },
      { ...example, connection: { ...inline, roleArn, externalId: 'marked-secret-id' } },
      { ...example, connection: { ...inline, password: 'marked-secret' } },
      { ...example, connection: { ...inline, serverUrl: 'https://evil.example' } },
      { ...example, connection: 'named' },
      { ...example, connection: 'role' },
    ]) {
      await ask(`/commands/${name}`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'x-deadline-ms': '5000',
          ...bearer('admin'),
        },
        body: JSON.stringify(body),
      })
    }
  }
  const unknown = { authorization: 'Bearer marked-key' }
  t.equal(await ask('/commands/list-trails', { method: 'POST', headers: unknown }), 401)
  t.equal(
    await ask('/commands/list-trails', {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...bearer('read') },
      body: '{"accessSecret": "marked-secret", ',
    }),
    400,
  )
  for (const path of [
    '/',
    '/quotas',
    '/connections',
    '/metrics',
    '/readyz',
    '/openapi.json',
    '/commands',
  ]) {
    t.equal(await ask(path, { headers: bearer('admin') }), 200, path)
  }
  service.child.kill('SIGUSR2')
  t.match(await service.line(/the process failed/), /a defect/)
  t.equal(await service.exit(), 1, 'it ended of the crash, and not of a secret')
  const secret = /marked-(?:secret|token|key)|ctk_[\w-]{43}|not-a-secret/
  t.notMatch(answers.join('\n'), secret)
  t.notMatch(readFileSync(`${file}.audit`, 'utf8'), secret)
})
