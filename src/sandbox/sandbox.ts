import { once } from 'node:events'
import type { AddressInfo } from 'node:net'

import { accountIdOfAccessKey } from '../aws/account-id.js'
import type { Core } from './wire/context.js'
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
  /** TCP port on 127.0.0.1; 0 takes any free one. */
  port: number
  /** Whether to throttle as AWS does, with a token bucket per account, region and class. Default true. */
  quotas?: boolean | undefined
  /** How late every answer is, in milliseconds. Default 0. */
  latencyMs?: number | undefined
  /** The length of the seeded event history, in events. Default 2000. */
  events?: number | undefined
  /** From what the seeded history is drawn; the same seed gives the same history. Default 1. */
  seed?: number | undefined
  /** How long after a call LookupEvents finds its event, in milliseconds. Default 0: at once. */
  eventDelayMs?: number | undefined
  /** Together with `accessSecret`: the only lasting key that is let in, with its signatures checked. */
  accessKey?: string | undefined
  accessSecret?: string | undefined
  /** Faults planned from the start. */
  faults?: readonly Fault[] | undefined
  /** A JSON file: loaded at the start when it exists, and written when the sandbox closes. */
  stateFile?: string | undefined
}

/** A sandbox that listens. */
export interface Sandbox {
  /** `http://127.0.0.1:<port>` */
  readonly url: string
  readonly accessKey: string
  readonly accessSecret: string
  /** The account that `accessKey` holds. */
  readonly accountId: string
  /** Stops listening and ends open connections too; the second time it does nothing. */
  close(): Promise<void>
}

/** A key that decodes to the account 111122223333, as AWS's own keys hold theirs. */
const ACCESS_KEY = 'AKIARTX3GSDSQASANDBX'

/** Plainly no secret: the sandbox takes any signature unless it is told to check them. */
const ACCESS_SECRET = 'sandbox-not-a-secret'

/**
 * Starts an embedded CloudTrail, with STS beside it, on 127.0.0.1.
 *
 * @throws Error when the port is taken, when the state file is no state, or when only one of `accessKey`
 * and `accessSecret` is given
 */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const { accessKey = ACCESS_KEY, accessSecret = ACCESS_SECRET } = options
  const checksSignatures = options.accessKey !== undefined
  if (checksSignatures !== (options.accessSecret !== undefined)) {
    throw new Error('The sandbox needs accessKey and accessSecret together, or neither.')
  }
  const accountId = accountIdOfAccessKey(accessKey) ?? ACCOUNT_OF_OTHER_KEYS
  const core: Core = {
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
  server.listen(options.port, '127.0.0.1')
  try {
    await once(server, 'listening')
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new Error(`The sandbox cannot listen on 127.0.0.1:${options.port}: ${reason}`, {
      cause: error,
    })
  }
  const { port } = server.address() as AddressInfo
  const close = async (): Promise<void> => {
    const ended = once(server, 'close')
    server.close()
    server.closeAllConnections()
    await ended
    if (stateFile !== undefined) saveStateFile(core.world, stateFile)
  }
  let closed: Promise<void> | undefined
  return {
    url: `http://127.0.0.1:${port}`,
    accessKey,
    accessSecret,
    accountId,
    close: () => (closed ??= close()),
  }
}
