import type { Failure } from './failure.js'

/** One row of `contextData`. */
export interface Row {
  /** The input that the row answers, where the command takes several. */
  input?: string
  region: string
  result: 'Successful' | 'Failed'
  data?: Record<string, unknown>
  /** True where AWS refused an attempt, and a read showed that an earlier one had done it. */
  recovered?: true
  /** What is to be known of the row beside its data. */
  note?: string
}

/** An error of one input, or, without input, of the whole command. */
export interface InputFailure extends Failure {
  input?: string
  region?: string
}

/** What a command brought about, before it is put in an envelope. */
export interface Outcome {
  contextData: Row[]
  /** What a playbook goes on with: names, ARNs and ids, each a list. */
  keyFields: Record<string, string[]>
  /** What AWS answered. */
  rawData: unknown
  failures: InputFailure[]
  /** Whether anything was done or read: with failures beside it, the answer is Partially Successful. */
  anySuccess: boolean
  /** What the command adds to `meta`. */
  meta?: Record<string, unknown>
}
