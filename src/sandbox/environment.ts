import { readFaults } from './admin.js'
import type { SandboxOptions } from './sandbox.js'

/**
 * Reads the sandbox's options from the environment.
 *
 * @throws Error that names the variable and its rule
 */
export function readOptions(environment: NodeJS.ProcessEnv): SandboxOptions {
  const number = (name: string, fallback: number, max: number): number => {
    const text = environment[name]
    if (text === undefined || text === '') return fallback
    const value = /^\d{1,10}$/.test(text) ? Number(text) : NaN
    if (!(value <= max)) throw new Error(`${name} must be a whole number from 0 to ${max}.`)
    return value
  }
  return {
    host: environment.SANDBOX_HOST === '' ? undefined : environment.SANDBOX_HOST,
    port: number('SANDBOX_PORT', 4010, 65_535),
    quotas: boolean('SANDBOX_QUOTAS', environment.SANDBOX_QUOTAS),
    latencyMs: number('SANDBOX_LATENCY_MS', 0, 600_000),
    events: number('SANDBOX_EVENTS', 2000, 50_000),
    seed: number('SANDBOX_SEED', 1, 4_294_967_295),
    eventDelayMs: number('SANDBOX_EVENT_DELAY_MS', 0, 3_600_000),
    accessKey: environment.SANDBOX_ACCESS_KEY,
    accessSecret: environment.SANDBOX_ACCESS_SECRET,
    faults: faults(environment.SANDBOX_FAULTS),
    stateFile: environment.SANDBOX_STATE_FILE,
  }
}

function boolean(name: string, text: string | undefined): boolean {
  if (text === undefined || text === '' || text === 'true') return true
  if (text === 'false') return false
  throw new Error(`${name} must be true or false.`)
}

function faults(text: string | undefined): ReturnType<typeof readFaults> {
  if (text === undefined || text === '') return []
  try {
    return readFaults(JSON.parse(text))
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new Error(`SANDBOX_FAULTS is not a plan of faults: ${reason}`, { cause: error })
  }
}
