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
   * @returns its output, or `undefined` where AWS answers an empty body
   * @throws AwsError whatever AWS would answer
   */
  run(input: Record<string, unknown>, call: Call): object | undefined
}

/**
 * Makes an operation.
 *
 * @param schema the SDK's schema of it, for example `CreateTrail$`
 * @param run what it does; its input is of the type that the SDK has for it, but a required member can
 * be missing and an enumeration can have any value, because only clients check that
 */
export function operation(
  schema: Shape,
  run: (input: never, call: Call) => object | undefined,
): Operation {
  return {
    shape: operationShape(schema),
    run: (input, call) => run(input as never, call),
  }
}
