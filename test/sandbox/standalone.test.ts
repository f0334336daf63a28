import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { networkInterfaces } from 'node:os'
import { createInterface } from 'node:readline'

import t from 'tap'

import { readOptions } from '../../src/sandbox/environment.js'
import { startSandbox } from '../../src/sandbox/sandbox.js'
import { callRaw, send } from './support/client.js'

t.test('the sandbox runs by itself, logs how to reach it, and shuts down on SIGTERM', async (t) => {
  const child = spawn(process.execPath, [...process.execArgv, '.build/src/sandbox/main.js'], {
    env: { ...process.env, SANDBOX_PORT: '0', SANDBOX_EVENTS: '10' },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  t.teardown(() => child.kill('SIGKILL'))
  const ended = once(child, 'exit')
  const lines = createInterface({ input: child.stdout })
  const [line] = (await once(lines, 'line')) as [string]
  const { url, accessKey, accountId, msg } = JSON.parse(line)
  t.match(url, /^http:\/\/127\.0\.0\.1:\d+$/)
  t.equal(accountId, '111122223333')
  t.match(msg, new RegExp(`aws .*--endpoint-url ${url} cloudtrail describe-trails`))
  const { json } = await callRaw({ url, accessKey }, 'DescribeTrails')
  t.equal(json.trailList.length, 3)
  child.kill('SIGTERM')
  t.same(await ended, [0, null])
})

t.test('the environment sets every option', async (t) => {
  t.match(readOptions({}), {
    host: undefined,
    port: 4010,
    quotas: true,
    latencyMs: 0,
    events: 2000,
    seed: 1,
    eventDelayMs: 0,
    accessKey: undefined,
    faults: [],
  })
  t.match(
    readOptions({
      SANDBOX_HOST: '0.0.0.0',
      SANDBOX_PORT: '0',
      SANDBOX_QUOTAS: 'false',
      SANDBOX_LATENCY_MS: '10',
      SANDBOX_EVENTS: '5',
      SANDBOX_SEED: '9',
      SANDBOX_EVENT_DELAY_MS: '300',
      SANDBOX_ACCESS_KEY: 'AKIAQNZGKIQY56JQ7WML',
      SANDBOX_ACCESS_SECRET: 'not-a-secret',
      SANDBOX_STATE_FILE: 'state.json',
      SANDBOX_FAULTS: '{"operation":"*","kind":"reset"}',
    }),
    {
      host: '0.0.0.0',
      port: 0,
      quotas: false,
      latencyMs: 10,
      events: 5,
      seed: 9,
      eventDelayMs: 300,
      accessKey: 'AKIAQNZGKIQY56JQ7WML',
      accessSecret: 'not-a-secret',
      stateFile: 'state.json',
      faults: [{ operation: '*', kind: 'reset', times: 1, afterEffect: false }],
    },
  )
})

t.test('names an invalid variable with its rule', async (t) => {
  for (const [name, value, message] of [
    ['SANDBOX_PORT', '70000', 'SANDBOX_PORT must be a whole number from 0 to 65535.'],
    ['SANDBOX_LATENCY_MS', '-1', /^SANDBOX_LATENCY_MS must be/],
    ['SANDBOX_EVENTS', '1e3', /^SANDBOX_EVENTS must be/],
    ['SANDBOX_QUOTAS', 'yes', 'SANDBOX_QUOTAS must be true or false.'],
    ['SANDBOX_FAULTS', '{', /^SANDBOX_FAULTS is not a plan of faults: /],
    ['SANDBOX_FAULTS', '{"operation":"X"}', /^SANDBOX_FAULTS .*operation must be/],
  ] as const) {
    t.throws(() => readOptions({ [name]: value }), { message })
  }
})

t.test('listens on SANDBOX_HOST, and keeps web pages and other host names out', async (t) => {
  const sandbox = await startSandbox({ host: '0.0.0.0', port: 0, events: 0 })
  t.teardown(() => sandbox.close())
  t.match(sandbox.url, /^http:\/\/127\.0\.0\.1:\d+$/)
  const { port } = new URL(sandbox.url)
  const [address] = Object.values(networkInterfaces())
    .flat()
    .filter((found) => found?.family === 'IPv4' && !found.internal)
  const outside = address?.address ?? '127.0.0.1'
  const status = async (headers: object) =>
    (await send(`http://${outside}:${port}/sandbox/faults`, 'GET', headers)).status
  // a published port: the client of the host says 127.0.0.1, whatever the container's address is
  t.equal(await status({ host: `127.0.0.1:${port}` }), 200)
  t.equal(await status({ host: 'sandbox.example' }), 403)
  t.equal(await status({ host: `127.0.0.1:${port}`, origin: 'https://page.example' }), 403)
})
