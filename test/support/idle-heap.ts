// Prints the heap of a service, in bytes, before and after 2,000 accounts were used once and became idle.
import { once } from 'node:events'
import { Agent, createServer, request, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import process from 'node:process'
import { setTimeout } from 'node:timers/promises'
import { pino } from 'pino'
import { buildApp } from '../../src/app.js'
import { readConfig } from '../../src/config.js'
import { accessKeyIdOf } from '../../src/sandbox/wire/access-key.js'
import { waitFor } from './wait-for.js'

const IDLE_MS = 500
const AT_ONCE = 50
const ACCOUNTS = 2_000

/** A key of each account, made before anything is measured. */
const keys = Array.from({ length: ACCOUNTS }, (_, account) =>
  accessKeyIdOf('AKIA', String(account).padStart(12, '1')),
)

const endpoint = createServer((incoming, outgoing) => {
  incoming.resume().on('end', () => {
    outgoing.setHeader('content-type', 'application/x-amz-json-1.1').end('{"IsLogging":true}')
  })
})
endpoint.keepAliveTimeout = IDLE_MS
await once(endpoint.listen(0, '127.0.0.1'), 'listening')
const serverUrl = `http://127.0.0.1:${(endpoint.address() as AddressInfo).port}`

const app = await buildApp(readConfig({ AUTH: 'none', ENDPOINT_ALLOWLIST: serverUrl }), {
  logger: pino({ level: 'silent' }),
  audit: { write: () => Promise.resolve() },
  idleMs: IDLE_MS,
})
const url = await app.listen({ host: '127.0.0.1', port: 0 })
const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE })

/** Runs a command with the key of an account. */
async function ask(account: number) {
  const outgoing = request(`${url}/commands/get-trail-status`, {
    method: 'POST',
    agent,
    headers: { 'content-type': 'application/json' },
  })
  const connection = { serverUrl, accessKey: keys[account], accessSecret: 'not-a-secret' }
  outgoing.end(JSON.stringify({ trailNames: ['audit'], connection }))
  const [response] = (await once(outgoing, 'response')) as [IncomingMessage]
  if (response.statusCode !== 200) throw new Error(`${response.statusCode}`)
  await once(response.resume(), 'end')
}

/** Returns the number of limiters. */
async function limiters() {
  const { quotas } = (await (await fetch(`${url}/quotas`)).json()) as { quotas: unknown[] }
  return quotas.length
}

/** Runs a number of commands with the keys of a number of accounts, waits until they are idle, and returns the heap. */
async function use(accounts: number, times: number) {
  let next = 0
  const client = async () => {
    while (next < times) await ask(next++ % accounts)
  }
  await Promise.all(Array.from({ length: AT_ONCE }, client))
  await waitFor('no limiter is left', async () => (await limiters()) === 0, {
    withinMs: 60_000,
    everyMs: IDLE_MS / 4,
  })
  // other parts with the same idle time are swept at most a quarter of it later
  await setTimeout(IDLE_MS)
  globalThis.gc?.()
  return process.memoryUsage().heapUsed
}

const before = await use(50, 1_000)
const after = await use(ACCOUNTS, ACCOUNTS)
process.stdout.write(`${before} ${after}\n`)
await app.close()
agent.destroy()
endpoint.close()
