import type { Operation } from '../aws/operations.js'
import type { CloudTrail } from '../cloudtrail/cloudtrail.js'
import type { InputOf, OutputOf } from '../cloudtrail/sdk-commands.js'
import type { WireBody } from '../cloudtrail/wire-body.js'
import type { PlannedWrite } from '../envelope/outcome.js'

/** The result of one trail: AWS's response, or in a dry run the call that was not made. */
export type TrailResult<Data extends object> = TrailDone<Data> | { dryRun: PlannedWrite }

/** The result of a call that was made for one trail. */
export interface TrailDone<Data extends object> {
  data: Data
  /** AWS's response body. */
  body: WireBody
  /** Why the input succeeded although AWS refused the last attempt: what a read showed. */
  recovered?: string
}

/**
 * Sends one write. A dry run checks it against the guard rails, and reports it instead.
 *
 * @param toRow makes the row's `data` of AWS's response
 * @param states what the write replaces, for the row of a dry run
 * @throws {FailureError} when the write is refused, or its outcome is not known
 */
export async function sendWrite<Name extends Operation, Data extends object>(
  cloudTrail: CloudTrail,
  operation: Name,
  input: InputOf<Name>,
  toRow: (output: OutputOf<Name>) => Data,
  states: Pick<PlannedWrite, 'before' | 'after'> = {},
): Promise<TrailResult<Data>> {
  if (cloudTrail.isDryRun) return { dryRun: { ...cloudTrail.plan(operation, input), ...states } }
  const { output, body } = await cloudTrail.send(operation, input)
  return { data: toRow(output), body }
}
