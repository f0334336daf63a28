import type { DeserializeMiddleware, HttpResponse, MiddlewareStack } from '@smithy/types'
import type { Operation } from '../aws/operations.js'
import type { Attempts } from './attempts.js'
import { errorBody } from './error-body.js'
import { readBody } from './read-body.js'
import { checkShape } from './response-shape.js'
import type { Slots } from './slots.js'
import { parseBody } from './wire-body.js'

/** The rules for reading a response. */
export interface ReadOptions {
  /** The longest time for the body of a response, in milliseconds. */
  timeoutMs: number
  /** Slots for large responses, shared by all calls. */
  slots: Slots
}

/**
 * Reads each response whole before the SDK does: within its time and size, as the JSON object that it must be, kept for
 * `rawData`, and in its operation's shape. The SDK deserializes nothing that has not been checked.
 */
export function readResponses<Input extends object, Output extends object>(
  stack: MiddlewareStack<Input, Output>,
  operation: Operation,
  attempts: Attempts,
  { timeoutMs, slots }: ReadOptions,
): void {
  const middleware: DeserializeMiddleware<Input, Output> = (next) => async (args) => {
    const result = await next(args)
    const response = result.response as HttpResponse
    const { bytes, release } = await readBody(response, timeoutMs, slots)
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
