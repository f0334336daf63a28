import { once } from 'node:events'
import type { AddressInfo } from 'node:net'

import { accountIdOfAccessKey } from '../aws/account-id.js'
import type { SandboxContext } from './wire/context.js'
import { seedHistory } from './seed/history.js'
import type { Fault } from './state/faults.js'
import { FaultPlan } from './state/faults.js'
import { ACCOUNT_OF_OTHER_KEYS } from './wire/identify.js'
import { makeServer } from './wire/server.js'
import { Sessions } from './state/sessions.js'
import { World } from './state/world.js'
import { exportState, importState, loadStateFile, saveStateFile } from './state/state-file.js'
import { Quotas } from './state/token-bucket.js'
import { seedTrails } from './seed/trails.js'

/** How a sandbox behaves. */
export interface SandboxOptions {
  /**
   * The IP address to listen on. Default 127.0.0.1. Any other lets everybody who reaches it control the
   * sandbox; a container needs 0.0.0.0 behind a port that is published on loopback.
   */
  host?: string | undefined
  /** The TCP port; 0 takes any free one. */
  port: number
  /** Whether to throttle as AWS does, with a token bucket per account, region and class. Default true. */
  quotas?: boolean | undefined
  /** The delay of every response, in milliseconds. Default 0. */
  latencyMs?: number | undefined
  /** The number of events in the seeded history. Default 2000. */
  events?: number | undefined
  /** The seed of the random history; the same seed gives the same history. Default 1. */
  seed?: number | undefined
  /** The time after which LookupEvents returns the event of a call, in milliseconds. Default 0. */
  eventDelayMs?: number | undefined
  /** Together with `accessSecret`: the only long-term key accepted, with its signatures checked. */
  accessKey?: string | undefined
  accessSecret?: string | undefined
  /** Faults planned from the start. */
  faults?: readonly Fault[] | undefined
  /** A JSON file: loaded at the start if it exists, and written when the sandbox closes. */
  stateFile?: string | undefined
}

/** A running sandbox. */
export interface Sandbox {
  /** `http://127.0.0.1:<port>`, also when it listens on more addresses than that */
  readonly url: string
  readonly accessKey: string
  readonly accessSecret: string
  /** The account that `accessKey` belongs to. */
  readonly accountId: string
  /** Stops listening and closes open connections; a second call does nothing. */
  close(): Promise<void>
}

/** A key id that decodes to the account 111122223333. */
const ACCESS_KEY = 'AKIARTX3GSDSQASANDBX'

/** Not a secret: the sandbox accepts any signature unless it is configured to check them. */
const ACCESS_SECRET = 'sandbox-not-a-secret'

/**
 * Starts an embedded CloudTrail, with STS on the same port.
 *
 * @throws Error when the port is in use, when the state file is not a state, or when only one of
 * `accessKey` and `accessSecret` is given
 */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const { accessKey = ACCESS_KEY, accessSecret = ACCESS_SECRET } = options
  const checksSignatures = options.accessKey !== undefined
  if (checksSignatures !== (options.accessSecret !== undefined)) {
    throw new Error('The sandbox needs accessKey and accessSecret together, or neither.')
  }
  const accountId = accountIdOfAccessKey(accessKey) ?? ACCOUNT_OF_OTHER_KEYS
  const core: SandboxContext = {
    world: new World(),
    sessions: new Sessions(),
    faults: new FaultPlan(),
    quotas: options.quotas === false ? undefined : new Quotas(),
    signingKeys: checksSignatures ? new Map([[accessKey, accessSecret]]) : undefined,
    eventDelayMs: options.eventDelayMs ?? 0,
  }
  const start = (): void => {
    core.world.accounts.clear()
    core.sessions.reset()
    core.quotas?.reset()
    core.faults.clear()
    options.faults?.forEach((fault) => core.faults.add(fault))
    const account = core.world.account(accountId)
    seedTrails(account, Date.now())
    seedHistory(account, {
      events: options.events ?? 2000,
      seed: options.seed ?? 1,
      now: Date.now(),
    })
  }
  start()
  const { stateFile } = options
  if (stateFile !== undefined) loadStateFile(core.world, stateFile)
  const actions = {
    faults: () => core.faults.list(),
    addFault: (fault: Fault) => core.faults.add(fault),
    clearFaults: () => core.faults.clear(),
    reset: start,
    expireSessions: () => core.sessions.expire(Date.now()),
    exportState: () => exportState(core.world),
    importState: (state: unknown) => importState(core.world, state),
  }
  const server = makeServer(core, actions, options.latencyMs ?? 0)
  const host = options.host ?? '127.0.0.1'
  server.listen(options.port, host)
  try {
    await once(server, 'listening')
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new Error(`The sandbox cannot listen on ${host}:${options.port}: ${reason}`, {
      cause: error,
    })
  }
  const { port } = server.address() as AddressInfo
  const close = async (): Promise<void> => {
    const closed = once(server, 'close')
    server.close()
    server.closeAllConnections()
    await closed
    if (stateFile !== undefined) saveStateFile(core.world, stateFile)
  }
  let closing: Promise<void> | undefined
  return {
    url: `http://127.0.0.1:${port}`,
    accessKey,
    accessSecret,
    accountId,
    close: () => (closing ??= close()),
  }
}
