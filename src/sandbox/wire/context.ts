import type { FaultPlan } from '../state/faults.js'
import type { Sessions } from '../state/sessions.js'
import type { SigningKeys } from './signature.js'
import type { World } from '../state/world.js'
import type { Quotas } from '../state/token-bucket.js'

/** What the parts of one sandbox share. */
export interface SandboxContext {
  world: World
  sessions: Sessions
  faults: FaultPlan
  /** `undefined` for a sandbox that does not throttle. */
  quotas: Quotas | undefined
  /** `undefined` for a sandbox that takes every signature. */
  signingKeys: SigningKeys | undefined
  /** How long after a call LookupEvents finds its event, in milliseconds. */
  eventDelayMs: number
}
