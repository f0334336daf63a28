import type { DeserializeMiddleware, HttpResponse, MiddlewareStack } from '@smithy/types'
import type { Operation } from '../aws/operations.js'
import type { Attempts } from './attempts.js'
import { errorBody } from './error-body.js'
import { readBody, type ReadOptions } from './read-body.js'
import { checkShape } from './response-shape.js'
import { parseBody } from './wire-body.js'

/**
 * Reads each response whole before the SDK does: within its time and size, as the JSON object that it must be, kept for
 * `rawData`, and in its operation's shape. The SDK deserializes nothing that has not been checked.
 */
export function readResponses<Input extends object, Output extends object>(
  stack: MiddlewareStack<Input, Output>,
  operation: Operation,
  attempts: Attempts,
  options: ReadOptions,
): void {
  const middleware: DeserializeMiddleware<Input, Output> = (next) => async (args) => {
    const result = await next(args)
    const response = result.response as HttpResponse
    const { bytes, release } = await readBody(response, options)
    try {
      attempts.body = parseBody(response, bytes)
      if (response.statusCode < 300) {
        checkShape(operation, response, attempts.body)
        response.body = bytes
      } else {
        response.body = errorBody(response, attempts.body)
      }
    } finally {
      release()
    }
    return result
  }
  stack.addRelativeTo(middleware, {
    name: 'readResponseMiddleware',
    relation: 'after',
    toMiddleware: 'deserializerMiddleware',
    override: true,
  })
}
