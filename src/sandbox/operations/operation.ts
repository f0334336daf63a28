import type { Call } from '../call.js'
import type { OperationShape, Shape } from '../wire-shapes.js'
import { operationShape, readByShape } from '../wire-shapes.js'

/** One operation of CloudTrail, ready to be called with the body of a request. */
export interface Operation {
  shape: OperationShape
  /**
   * Runs the operation.
   *
   * @param body the parsed body of the request
   * @returns its output, or `undefined` where AWS answers an empty body
   * @throws AwsError whatever AWS would answer
   */
  run(body: Record<string, unknown>, call: Call): object | undefined
}

/**
 * Makes an operation.
 *
 * @param schema the SDK's schema of it, for example `CreateTrail$`; the input has been read by it
 * @param run what it does. A required member can still be missing: only AWS's own SDKs check that
 */
export function operation(
  schema: Shape,
  run: (input: never, call: Call) => object | undefined,
): Operation {
  const shape = operationShape(schema)
  return {
    shape,
    run: (body, call) => run(readByShape(shape.input, body) as never, call),
  }
}
