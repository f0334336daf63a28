import type { ValidationError } from './validation-error.js'
import type { InputFailure } from './outcome.js'

/** A failure of the request itself: nothing was sent to AWS for it. */
export function requestFailure(
  status: number,
  code: string,
  message: string,
  more: Partial<InputFailure> = {},
): InputFailure {
  return {
    code,
    message,
    source: 'service',
    statusCode: status,
    httpStatus: status,
    retryable: false,
    attempts: 0,
    ...more,
  }
}

/* c8 ignore start -- a defect that is known is mended, not tested */
/** A defect of the service: the log has its cause, the answer gives nothing away. */
export function internalFailure(): InputFailure {
  return requestFailure(500, 'InternalError', 'The service failed; its log has the cause.', {
    hint: 'Tell the operator the request id in meta.requestId.',
  })
}
/* c8 ignore stop */

/** A fault of the body: the field and its rule. */
export function faultFailure({
  field,
  message,
  code = 'ValidationError',
}: ValidationError): InputFailure {
  return requestFailure(400, code, `${field} ${message}`, { field })
}
