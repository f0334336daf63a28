import type { FaultPlan } from '../state/faults.js'
import type { Sessions } from '../state/sessions.js'
import type { SigningKeys } from './signature.js'
import type { World } from '../state/world.js'
import type { Quotas } from '../state/token-bucket.js'

/** The state and configuration that all request handlers of one sandbox share. */
export interface SandboxContext {
  world: World
  sessions: Sessions
  faults: FaultPlan
  /** `undefined` for a sandbox that does not throttle. */
  quotas: Quotas | undefined
  /** `undefined` for a sandbox that accepts every signature. */
  signingKeys: SigningKeys | undefined
  /** The time after which LookupEvents returns the event of a call, in milliseconds. */
  eventDelayMs: number
}
