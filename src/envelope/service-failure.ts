import { errorCode, isRetryable, type ServiceErrorCode } from './error-codes.js'
import type { InputFailure } from './outcome.js'
import type { ValidationError } from './validation-error.js'

/**
 * A failure that the service itself reports. Status, hint and retry come from the catalogue.
 *
 * @param more overrides, and what the catalogue cannot know: `field`, `attempts`, `retryAfterMs`, …
 */
export function serviceFailure(
  code: ServiceErrorCode,
  message: string,
  more: Partial<Omit<InputFailure, 'code' | 'message'>> = {},
): InputFailure {
  const { status, retry, action, retryAfterMs } = errorCode(code)
  return {
    code,
    message,
    source: 'service',
    statusCode: status,
    httpStatus: status,
    retryable: isRetryable(retry),
    attempts: 0,
    hint: action,
    ...(retryAfterMs !== undefined && { retryAfterMs }),
    ...more,
  }
}

/** A validation error: the field and the rule that it breaks, with AWS's code where AWS has one for it. */
export function validationFailure({ field, message, code }: ValidationError): InputFailure {
  // the message says it all
  const { hint: _hint, ...failure } = serviceFailure('ValidationError', `${field} ${message}`, {
    field,
  })
  return { ...failure, ...(code !== undefined && { code }) }
}

/** A defect of the service: its log has the cause, the response does not reveal it. */
export function internalFailure(): InputFailure {
  return serviceFailure('InternalError', 'The service failed; its log has the cause.')
}
