import type { ServiceOutputTypes } from '@aws-sdk/client-cloudtrail'
import type { Operation } from '../aws/operations.js'
import type { QuotaPool } from '../quota/quota-pool.js'
import type { AccountBook } from './account-book.js'
import type { AttemptOutcome } from './attempts.js'
import type { ClientPool } from './client-pool.js'
import type { SharedReads } from './shared-reads.js'
import type { WireBody } from './wire-body.js'

/** A response of CloudTrail: as the SDK reads it (times are `Date`), and as it stood on the wire. */
export interface AwsResponse<Output> {
  output: Output
  body: WireBody
}

/** Counts the calls of the process, for metrics. */
export interface CallObserver {
  onWait(operation: Operation, region: string, waitedMs: number): void
  onAttempt(operation: Operation, region: string, outcome: AttemptOutcome): void
  onShared(operation: Operation, region: string): void
}

/** A write that was still in flight when the response of its command was sent. */
export interface LateChange {
  operation: Operation
  trail: string
  connection: string
  region: string
  /** The name of the API key, or the address of the client. */
  caller: string
  requestId: string
}

/** The parts of the process that all calls share. */
export interface CallParts {
  quota: QuotaPool
  reads: SharedReads
  accounts: AccountBook
  clients: ClientPool
  /** The longest time of one attempt, in milliseconds. */
  attemptTimeoutMs: number
  observer: CallObserver
  /** Takes over writes that are still in flight when the response of their command is sent. */
  background: (work: Promise<AwsResponse<ServiceOutputTypes>>, change: LateChange) => void
}
