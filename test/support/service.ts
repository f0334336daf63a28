import { channel } from 'node:diagnostics_channel'
import type { Test } from 'tap'
import { pino } from 'pino'
import { buildApp } from '../../src/app.js'
import { readConfig } from '../../src/config.js'
import type { Envelope } from '../../src/envelope/envelope.js'
import { startSandbox, type Sandbox, type SandboxOptions } from '../../src/sandbox/sandbox.js'

/** Text published here is searched for secrets (search-leaks.mjs). */
const written = channel('test.written')

/** Discards audit entries after the search. */
const AUDIT = {
  write: async (lines: string) => {
    written.publish({ where: 'the audit log', text: lines })
  },
}

/** A response of the service, parsed. */
export interface ServiceResponse {
  status: number
  headers: Headers
  body: Omit<Envelope, 'contextData'> & {
    contextData: (Omit<Envelope['contextData'][number], 'data'> & { data?: Record<string, any> })[]
  }
}

/** A service on loopback that tests call over HTTP. */
export interface TestService {
  url: string
  /** Its log lines, parsed. */
  log: Record<string, any>[]
  /** Runs a command. */
  run(command: string, body?: unknown, headers?: Record<string, string>): Promise<ServiceResponse>
  /** Sends any other request. */
  fetch(path: string, init?: RequestInit): Promise<Response>
  /** Waits until the audit entries of all responses so far are written. */
  audited(): Promise<void>
  close(): Promise<void>
}

/** An access key id of account 111122223333. */
export const ACCESS_KEY = 'AKIARTX3GSDSQASANDBX'

/** Quotas that do not slow down tests of other subjects. */
export const NO_QUOTA = {
  QUOTA_READ_TPS: '1000',
  QUOTA_LOOKUP_TPS: '1000',
  QUOTA_WRITE_TPS: '1000',
}

/** Starts the service in this process; it is closed with the test. */
export async function startService(
  t: Test,
  env: Record<string, string>,
  sandbox?: Sandbox,
): Promise<TestService> {
  const log: Record<string, any>[] = []
  const logger = pino(
    { level: 'trace' },
    {
      write: (line: string) => {
        written.publish({ where: 'the log', text: line })
        log.push(JSON.parse(line) as Record<string, any>)
      },
    },
  )
  const config = readConfig({ AUTH: 'none', ...env })
  const app = await buildApp(config, {
    logger,
    ...(sandbox && { sandbox }),
    // audit entries on stdout would mix with the test's own report
    audit: AUDIT,
  })
  const url = await app.listen({ host: '127.0.0.1', port: 0 })
  const close = async () => {
    await app.close()
  }
  t.teardown(close)
  return {
    url,
    log,
    close,
    fetch: (path, init) => fetch(url + path, init),
    audited: () => app.audit.flushed(),
    async run(command, body = {}, headers = {}) {
      const response = await fetch(`${url}/commands/${command}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      })
      return {
        status: response.status,
        headers: response.headers,
        body: (await response.json()) as ServiceResponse['body'],
      }
    },
  }
}

/** Starts the service on its own sandbox, which throttles only if the test sets `quotas`. */
export async function startSandboxService(
  t: Test,
  env: Record<string, string> = {},
  options: Partial<SandboxOptions> = {},
): Promise<TestService & { sandbox: Sandbox }> {
  const sandbox = await startSandbox({ port: 0, quotas: false, ...options })
  t.teardown(() => sandbox.close())
  const service = await startService(t, { ...NO_QUOTA, ...env }, sandbox)
  return { ...service, sandbox }
}

/** The environment that makes an endpoint of the test the connection `default`. */
export const connectionTo = (endpoint: string) => ({
  CLOUDTRAIL_SERVER_URL: endpoint,
  ENDPOINT_ALLOWLIST: endpoint,
  CLOUDTRAIL_ACCESS_KEY: ACCESS_KEY,
  CLOUDTRAIL_ACCESS_SECRET: 'not-a-secret',
})

/** Starts the service with an endpoint of the test as its connection `default`. */
export function startServiceAt(
  t: Test,
  endpoint: string,
  env: Record<string, string> = {},
): Promise<TestService> {
  return startService(t, { ...NO_QUOTA, ...connectionTo(endpoint), ...env })
}
