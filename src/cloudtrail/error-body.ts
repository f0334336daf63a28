import type { HttpResponse } from '@smithy/types'
import { InvalidResponseError } from './invalid-response.js'
import { excerpt, type WireBody } from './wire-body.js'

/** The longest message that is kept of an error, in characters. */
const MAX_MESSAGE = 2_000

/** AWS's error codes, with the namespace before `#` and the address behind `:` that some services add. */
const ERROR_CODE = /^[\w.#:/-]{1,256}$/

/**
 * The body of an error response in the form that the SDK relies on without a check: a code and a message that are
 * texts. Other members are dropped; a message of another type becomes its JSON text.
 *
 * @throws {InvalidResponseError} when the code is no code of AWS
 */
export function errorBody(response: HttpResponse, body: WireBody): Buffer {
  // the header counts first, as in the SDK
  const code = response.headers['x-amzn-errortype'] ?? body.__type ?? body.code ?? body.Code
  if (code !== undefined && !(typeof code === 'string' && ERROR_CODE.test(code))) {
    throw new InvalidResponseError(
      `The endpoint returned HTTP ${response.statusCode} with an error whose code is none of AWS's`,
      response,
    )
  }
  const message = body.message ?? body.Message
  return Buffer.from(
    JSON.stringify({
      ...(code !== undefined && { __type: code }),
      ...(message !== undefined && message !== null && { message: textOf(message) }),
    }),
  )
}

function textOf(message: unknown): string {
  if (typeof message === 'string') return message.slice(0, MAX_MESSAGE)
  try {
    return excerpt(JSON.stringify(message), MAX_MESSAGE)
  } catch {
    // nested too deep to be written
    return 'The message of this error cannot be read.'
  }
}
