import type { Call } from '../state/call.js'
import type { OperationShape, Shape } from '../wire/shapes.js'
import { operationShape } from '../wire/shapes.js'

/** One operation of CloudTrail, ready to be called with the body of a request. */
export interface Operation {
  shape: OperationShape
  /**
   * Runs the operation.
   *
   * @param input the body of the request, read by the operation's input shape
   * @returns its output; an empty object for an operation without output members
   * @throws AwsError the error that AWS would return
   */
  run(input: Record<string, unknown>, call: Call): object
}

/**
 * Makes an operation.
 *
 * @param schema the SDK's schema of it, for example `CreateTrail$`
 * @param run the implementation; its input has the SDK's type, but a required member can be missing and
 * an enumeration can have any value, because only clients check these
 */
export function operation(schema: Shape, run: (input: never, call: Call) => object): Operation {
  return {
    shape: operationShape(schema),
    run: (input, call) => run(input as never, call),
  }
}
