import { fork, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, mkdtempSync, openSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { ApiClass } from '../src/aws/api-class.js'
import type { StrictOptions, StrictReport } from '../test/support/strict-endpoint.js'

/** AWS's quotas, in requests per second. */
export const AWS_TPS: Record<ApiClass, number> = { read: 10, lookup: 2, write: 1 }

/** A key whose account is 111122223333. */
export const ACCESS_KEY = 'AKIARTX3GSDSQASANDBX'

/** A strict endpoint in a process of its own. */
export interface BenchEndpoint {
  url: string
  report(): Promise<StrictReport>
  close(): void
}

/** Starts an endpoint that throttles as AWS does. */
export async function startEndpoint(options: Partial<StrictOptions> = {}): Promise<BenchEndpoint> {
  const child = fork(fileURLToPath(new URL('../test/support/strict-endpoint.js', import.meta.url)))
  child.send({ tps: AWS_TPS, ...options })
  const [{ port }] = (await once(child, 'message')) as [{ port: number }]
  return {
    url: `http://127.0.0.1:${port}`,
    async report() {
      child.send('report')
      const [report] = (await once(child, 'message')) as [StrictReport]
      return report
    },
    close: () => child.disconnect(),
  }
}

/** Starts the built service as a process of its own, with that endpoint as its connection, or with its sandbox. */
export async function startService(
  endpoint: string | undefined,
  env: Record<string, string> = {},
): Promise<{ url: string; child: ChildProcess }> {
  // its log goes to a file: reading it would cost this process the time that it measures
  const log = join(mkdtempSync(join(tmpdir(), 'bench-')), 'service.log')
  const stdout = openSync(log, 'w')
  const child = spawn(process.execPath, ['dist/main.js'], {
    env: {
      PATH: process.env.PATH ?? '',
      AUTH: 'none',
      PORT: '0',
      LOG_LEVEL: 'info',
      DEADLINE_MS: '600000',
      ...(endpoint !== undefined && {
        CLOUDTRAIL_SERVER_URL: endpoint,
        ENDPOINT_ALLOWLIST: endpoint,
        CLOUDTRAIL_ACCESS_KEY: ACCESS_KEY,
        CLOUDTRAIL_ACCESS_SECRET: 'not-a-secret',
      }),
      ...env,
    },
    stdio: ['ignore', stdout, 'inherit'],
  })
  closeSync(stdout)
  for (;;) {
    const url = /Server listening at (http:[^"]+)/.exec(readFileSync(log, 'utf8'))?.[1]
    if (url !== undefined) return { url, child }
    if (child.exitCode !== null) throw new Error('the service did not start')
    await delay(20)
  }
}
