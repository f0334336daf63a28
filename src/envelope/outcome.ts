import type { Failure } from './failure.js'
import type { CommandMeta } from './meta.js'

/** What a dry run would have sent to AWS, and what that would have replaced. */
export interface PlannedWrite {
  /** The AWS operation, such as `StopLogging`. */
  operation: string
  /** Its input, in AWS's names. */
  input: Record<string, unknown>
  /** What the trail has now, where the command replaces something. */
  before?: object
  /** What the trail would have after it. */
  after?: object
}

/** One row of `contextData`. */
export interface Row<Data extends object = Record<string, unknown>> {
  /** The input that the row belongs to, where the command takes several. */
  input?: string
  region: string
  result: 'Successful' | 'Failed'
  /** What was read or done; not there in a row that failed, nor in a dry run. */
  data?: Data
  /** In place of `data` in a dry run. */
  dryRun?: PlannedWrite
  /** True where AWS refused an attempt, and a read showed that an earlier attempt had done the write. */
  recovered?: true
  /** A remark on the row, for people. */
  note?: string
}

/** An error of one input, or, without input, of the whole command. */
export interface InputFailure extends Failure {
  input?: string
  region?: string
}

/** The result of a command, before it is put in an envelope. */
export interface Outcome<Data extends object = Record<string, unknown>> {
  contextData: Row<Data>[]
  /** Names, ARNs and ids for the next steps of a playbook, each a list. */
  keyFields: Record<string, string[]>
  /** AWS's response bodies. */
  rawData: unknown
  failures: InputFailure[]
  /** Whether anything was done or read: with failures beside it, the outcome is Partially Successful. */
  anySuccess: boolean
  meta?: CommandMeta
}
