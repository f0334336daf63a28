import type { Operation } from '../aws/operations.js'
import type { QueueKey } from './fair-queue.js'

/** How an attempt ended: `failed` was sent and got no response, `unsent` never left. */
export type PermitOutcome = 'responded' | 'throttled' | 'failed' | 'unsent'

/** Permission to send one request to AWS. */
export interface Permit {
  /** How long the request waited for it, in milliseconds. */
  readonly waitedMs: number
  /**
   * Aborts when the permit expires before it was used; its request must not be sent any more. Only permits that replicas
   * share expire, because Redis frees their slots by itself.
   */
  readonly voided?: AbortSignal | undefined
  /**
   * Aborts `voided` if the time of the permit is over. Its timer may be late: a process that stood still handles what
   * arrived meanwhile before its timers.
   */
  expire(): void
  /** The request's bytes were handed to the operating system. */
  sent(): void
  /** The attempt is over. Only the first call counts. */
  done(outcome: PermitOutcome): void
}

/** The position of a request in the queue, until it has its permit. */
export interface QueuePosition {
  /** How long the request still waits, in milliseconds; an estimate. */
  estimate(): number
  /** Another caller wants the same request: it moves to that caller's place in the queue if that is sooner. */
  offer(key: QueueKey): void
}

/** A request for a permit. */
export interface PermitRequest extends QueueKey {
  /** The account, or the connection's id while the account is unknown. */
  account: string
  region: string
  /** The AWS operation, for example DescribeTrails. */
  operation: Operation
  /** The caller, between whom the quota is divided: the name of an API key, or an address. */
  readonly caller: string
  /** The command, between which a caller's part of the quota is divided. */
  readonly command: string
  /** The latest useful moment, on the clock of `performance.now()`, in milliseconds. */
  deadline: number
  /** Ends the wait, at the deadline at the latest. */
  signal: AbortSignal
  /** Whether the command has sent requests before. A full queue refuses new commands only. */
  hasBegun?: boolean
  /** Receives the request's position, which is valid until there is a permit. */
  onWait?: (position: QueuePosition) => void
}
