import type { Operation } from '../aws/operations.js'
import type { AttemptEnd } from './attempts.js'

/** The target of one step of a command. */
export interface StepPlace {
  operation: Operation
  connection: string
  region: string
  accountId: string | undefined
}

/** Follows the steps of a command's calls, for tracing. Each function that it returns is called once. */
export interface CallTrace {
  /** A wait for a permit of the quota begins. @returns ends it, with the name of its error if it failed */
  wait(place: StepPlace): (errorName?: string) => void
  /** An attempt begins: its permit is there. @returns ends it */
  attempt(place: StepPlace): (end: AttemptEnd) => void
}
