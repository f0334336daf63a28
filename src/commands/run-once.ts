import { FailureError } from '../envelope/failure.js'
import type { Outcome, Row } from '../envelope/outcome.js'

/** One object that a list command found. */
export function foundRow(region: string, data: Record<string, unknown>): Row {
  return { region, result: 'Successful', data }
}

/** The outcome of a command that made its one call. */
export function succeeded(
  outcome: Pick<Outcome, 'contextData' | 'keyFields' | 'rawData' | 'meta'>,
): Outcome {
  return { ...outcome, failures: [], anySuccess: true }
}

/**
 * The outcome of a command whose call failed. Pages that were fetched before it stay in the answer; the failure is told
 * beside them, and `meta.truncated` says why there are no more.
 *
 * @throws whatever it was that is not a failure of the call
 */
export function endedBy(error: unknown, region: string, fetched: Outcome | undefined): Outcome {
  if (!(error instanceof FailureError)) throw error
  const failures = [{ ...error.failure, region }]
  if (!fetched) {
    return { contextData: [], keyFields: {}, rawData: null, failures, anySuccess: false }
  }
  return { ...fetched, failures, meta: { ...fetched.meta, truncated: error.failure.message } }
}
