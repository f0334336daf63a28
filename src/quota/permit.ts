import type { Operation } from '../aws/operations.js'
import type { Turn } from './waiting-room.js'

/** Leave to send one request to AWS. */
export interface Permit {
  /** How long it was waited for, in milliseconds. */
  readonly waitedMs: number
  /**
   * Aborts when the permit is no longer good before it was used: a request that has not been sent must not be. Only
   * where slots are shared: they come back by themselves, lest they are lost with their replica.
   */
  readonly voided?: AbortSignal | undefined
  /** The request's bytes were handed to the operating system. */
  sent(): void
  /** The attempt is over. Only the first call counts. */
  done(outcome: 'answered' | 'throttled' | 'failed' | 'unsent'): void
}

/** The place of a request that waits for its permit. */
export interface Place {
  /** How long it still waits, in milliseconds; an estimate. */
  estimate(): number
  /** Somebody else wants it sent too: it waits on in his line, if its turn comes sooner there. */
  joinedBy(turn: Turn): void
}

/** Who asks for a permit, and how long. */
export interface PermitRequest extends Turn {
  /** The account, or what stands for it while it is not known. */
  account: string
  region: string
  /** The AWS operation, for example DescribeTrails. */
  operation: Operation
  /** Who takes turns: the name of an API key, or an address. */
  readonly caller: string
  /** The command of that caller; its commands take turns too. */
  readonly command: string
  /** When the request is of no use any more, on the clock of `performance.now()`, in milliseconds. */
  deadline: number
  /** Ends the wait, at the deadline at the latest. */
  signal: AbortSignal
  /** Whether it is for a command or call that has begun: a full queue keeps out those who come new. */
  hasBegun?: boolean
  /** Told of the request's place, which is good until there is a permit. */
  onWait?: (place: Place) => void
}

/** Too many permits are waiting for the limiter already. */
export class QuotaQueueFullError extends Error {
  override name = 'QuotaQueueFullError'
  constructor(readonly estimateMs: number) {
    super(`The queue for the quota is full; it empties in about ${Math.ceil(estimateMs)} ms.`)
  }
}

/** The estimated wait passes the deadline. */
export class QuotaWaitError extends Error {
  override name = 'QuotaWaitError'
  constructor(readonly estimateMs: number) {
    super(
      `The wait for the quota is about ${Math.ceil(estimateMs)} ms, longer than the time allowed.`,
    )
  }
}

/** Redis, which holds the quota for all replicas, is away. */
export class RedisAwayError extends Error {
  override name = 'RedisAwayError'
  constructor() {
    super('Redis, which shares the quota among the replicas, is away; nothing was sent.')
  }
}

/** The permit is no longer good: its request was not sent in time. */
export class PermitVoidError extends Error {
  override name = 'PermitVoidError'
  constructor() {
    super('The permit ran out before the request was sent.')
  }
}
