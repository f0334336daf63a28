import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { printTable, quantile } from './table.js'

const STARTS = 21
const IDLE_MS = 2_000

interface Start {
  /** From spawn to the log line that it listens, in milliseconds. */
  readyMs: number
  /** Resident memory at rest, in MiB. */
  residentMib: number
}

/** Starts a process, and ends it when it has been ready, and idle if that is asked for. */
async function start(script: string, env: Record<string, string>, idleMs = 0): Promise<Start> {
  const begun = performance.now()
  const child = spawn(process.execPath, [script], {
    env: { PATH: process.env.PATH ?? '', PORT: '0', AUTH: 'none', ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  for await (const line of createInterface({ input: child.stdout })) {
    if (line.includes('Server listening at')) break
  }
  const readyMs = performance.now() - begun
  await delay(idleMs)
  const status = readFileSync(`/proc/${child.pid ?? 'self'}/status`, 'utf8')
  const exited = once(child, 'exit')
  child.kill('SIGKILL')
  await exited
  return { readyMs, residentMib: Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024 }
}

/**
 * Start to ready, beside a bare Fastify that loads the same dependencies, in turns so that noise falls on both; and
 * the memory that the service holds at rest.
 */
export async function benchStart(): Promise<void> {
  const bare = fileURLToPath(new URL('bare-with-dependencies.js', import.meta.url))
  const kinds = [
    { name: 'bare Fastify', script: bare, env: {} },
    { name: 'service', script: 'dist/main.js', env: {} },
    {
      name: 'service on the sandbox',
      script: 'dist/main.js',
      env: { SANDBOX: 'true', SANDBOX_PORT: '0' },
    },
  ]
  const times = kinds.map((): number[] => [])
  for (let n = 0; n < STARTS; n += 1) {
    for (const [at, { script, env }] of kinds.entries()) {
      times[at]?.push((await start(script, env)).readyMs)
    }
  }
  const floor = quantile(times[0] ?? [], 0.5)
  const rows: string[][] = []
  for (const [at, { name, script, env }] of kinds.entries()) {
    const own = times[at] ?? []
    const { residentMib } = await start(script, env, IDLE_MS)
    rows.push([
      name,
      quantile(own, 0).toFixed(0),
      quantile(own, 0.5).toFixed(0),
      (quantile(own, 0.5) / floor).toFixed(2),
      residentMib.toFixed(0),
    ])
  }
  printTable(`Start to ready, ${STARTS} starts each, in turns`, [
    ['', 'fastest ms', 'median ms', 'times bare', 'idle RSS MiB'],
    ...rows,
  ])
}
