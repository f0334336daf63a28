import type { CloudTrail } from '../cloudtrail/cloudtrail.js'
import { refused } from '../envelope/envelope.js'
import type { Failure } from '../envelope/failure.js'
import type { Outcome, Row } from '../envelope/outcome.js'

/** The row of an object that a list command found. */
export function foundRow<Data extends object>(region: string, data: Data): Row<Data> {
  return { region, result: 'Successful', data }
}

/** The outcome of a command whose call succeeded. */
export function succeeded<Data extends object>(
  outcome: Pick<Outcome<Data>, 'contextData' | 'keyFields' | 'rawData' | 'meta'>,
): Outcome<Data> {
  return { ...outcome, failures: [], anySuccess: true }
}

/**
 * The outcome of a command whose call failed. Pages that were fetched before stay in the response beside the failure,
 * and `meta.truncated` says why there are no more.
 */
export function endedBy<Data extends object>(
  error: unknown,
  cloudTrail: CloudTrail,
  fetched?: Outcome<Data>,
): Outcome<Data> {
  const failure = cloudTrail.failureOf(error)
  const failures = [{ ...failure, region: cloudTrail.connection.region }]
  if (!fetched) return refused(failures)
  return { ...fetched, failures, meta: { ...fetched.meta, truncated: truncatedBy(failure) } }
}

/** `meta.truncated` of a response that a failure cut short. */
export function truncatedBy({ code, message }: Failure): { code: string; message: string } {
  return { code, message }
}
