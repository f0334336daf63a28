import { channel } from 'node:diagnostics_channel'
import type { Test } from 'tap'
import { pino } from 'pino'
import { buildApp } from '../../src/app.js'
import { readConfig } from '../../src/config.js'
import type { Envelope } from '../../src/envelope/envelope.js'
import { startSandbox, type Sandbox, type SandboxOptions } from '../../src/sandbox/sandbox.js'

/** What is published here is searched for secrets (search-leaks.mjs). */
const written = channel('test.written')

/** Keeps no audit lines, once they were searched. */
const AUDIT = {
  write: (line: string) => {
    written.publish({ where: 'the audit log', text: line })
  },
  check: () => undefined,
}

/** An answer of the service, read. */
export interface ServiceResponse {
  status: number
  headers: Headers
  body: Omit<Envelope, 'contextData'> & {
    contextData: (Omit<Envelope['contextData'][number], 'data'> & { data?: Record<string, any> })[]
  }
}

/** A service that listens on loopback, for tests to call over HTTP. */
export interface TestService {
  url: string
  /** Lines that it logged, parsed. */
  log: Record<string, any>[]
  /** Runs a command. */
  run(command: string, body?: unknown, headers?: Record<string, string>): Promise<ServiceResponse>
  /** Any other request. */
  fetch(path: string, init?: RequestInit): Promise<Response>
  close(): Promise<void>
}

/** Access key id whose account is 111122223333. */
export const ACCESS_KEY = 'AKIARTX3GSDSQASANDBX'

/** Quotas so high that they do not slow a test down that is not about them. */
export const NO_QUOTA = {
  QUOTA_READ_TPS: '1000',
  QUOTA_LOOKUP_TPS: '1000',
  QUOTA_WRITE_TPS: '1000',
}

/** Starts the service in this process, ended with the test. */
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
    // audit lines would stand between the lines of the test's own report
    ...(!config.AUDIT_FILE && { audit: AUDIT }),
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

/** Starts the service on a sandbox of its own, without throttling unless the test asks for it. */
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

/** Starts the service with an endpoint of the test's own as its connection `default`. */
export function startServiceAt(
  t: Test,
  endpoint: string,
  env: Record<string, string> = {},
): Promise<TestService> {
  return startService(t, {
    ...NO_QUOTA,
    CLOUDTRAIL_SERVER_URL: endpoint,
    ENDPOINT_ALLOWLIST: endpoint,
    CLOUDTRAIL_ACCESS_KEY: ACCESS_KEY,
    CLOUDTRAIL_ACCESS_SECRET: 'not-a-secret',
    ...env,
  })
}
