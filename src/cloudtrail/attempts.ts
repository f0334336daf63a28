import type { PermitOutcome } from '../quota/permit.js'
import type { WireBody } from './wire-body.js'

/**
 * The end of an attempt: `responded` with any response, `throttled` by AWS, `failed` when it was sent and no response
 * came, `unsent` when it never left.
 */
export type AttemptOutcome = PermitOutcome

/** How an attempt ended, and what is known of its response. */
export interface AttemptEnd {
  outcome: AttemptOutcome
  httpStatus?: number
  awsRequestId?: string
  /** Name of the error with which it ended. */
  errorName?: string
}

/** The attempts of one call so far. */
export class Attempts {
  /** Attempts that got their permit. */
  started = 0
  /** Attempts that AWS throttled. */
  throttled = 0
  /** Time spent waiting for permits, in milliseconds. */
  queuedMs = 0
  /** Attempts that AWS may have carried out although no response says so: it was lost, or reports an error inside AWS. */
  lost = 0
  /** Whether an attempt is in flight now. */
  inFlight = false
  /** The error of the last failed attempt. */
  lastError: unknown
  /** The last response as it stood on the wire. */
  body: WireBody = {}
}
