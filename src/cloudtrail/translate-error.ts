import { awsError } from '../envelope/aws-errors.js'
import { isRetryable } from '../envelope/error-codes.js'
import { FailureError, type Failure } from '../envelope/failure.js'
import { networkError } from '../envelope/network-errors.js'
import { serviceFailure } from '../envelope/service-failure.js'
import { InvalidResponseError } from './invalid-response.js'
import { isThrottle, type SdkError } from './sdk-error.js'

/**
 * The failure of an error that the SDK threw.
 *
 * AWS's errors are classified by name, and shown with the status of the wire, which is 400 for nearly all of them
 * whatever the model says.
 */
export function translateError(error: unknown): Failure {
  if (error instanceof FailureError) return error.failure
  const thrown = error as SdkError
  const { httpStatusCode, requestId, attempts = 1 } = thrown.$metadata ?? {}
  const known = {
    attempts,
    ...(requestId !== undefined && { awsRequestId: requestId }),
  }
  if (httpStatusCode === undefined) return networkFailure(thrown, known.attempts)
  if (error instanceof InvalidResponseError || thrown.$fault === undefined) {
    return serviceFailure('InvalidUpstreamResponse', thrown.message, {
      source: 'aws',
      statusCode: httpStatusCode,
      retryable: httpStatusCode >= 500,
      ...known,
    })
  }
  return awsFailure(thrown, httpStatusCode, known)
}

function awsFailure(
  error: SdkError,
  statusCode: number,
  known: Pick<Failure, 'attempts' | 'awsRequestId'>,
): Failure {
  const throttled = isThrottle(error)
  const entry = awsError(throttled ? 'ThrottlingException' : error.name, statusCode)
  const { action, retry = 'no', retryAfterMs } = entry ?? {}
  return {
    code: error.name,
    message: messageOf(error),
    source: 'aws',
    statusCode,
    httpStatus: throttled ? 429 : httpStatusOf(statusCode),
    retryable: isRetryable(retry) || statusCode >= 500,
    ...known,
    ...(action !== undefined && { hint: action }),
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  }
}

/** No response at all: refused, reset, unknown host, timed out, or no credentials to sign with. */
function networkFailure(error: SdkError, attempts: number): Failure {
  if (error.name === 'CredentialsProviderError') {
    return serviceFailure(
      'CredentialsUnavailable',
      `The connection has no keys, and the credential chain of its host found none: ${error.message}`,
      { statusCode: 'N/A' },
    )
  }
  const code = typeof error.code === 'string' ? error.code : error.name
  const { retry, action } = networkError(code)
  return {
    code,
    message: messageOf(error),
    source: 'network',
    statusCode: 'N/A',
    httpStatus: 502,
    retryable: isRetryable(retry),
    attempts,
    hint: action,
  }
}

const SIGNATURE_ERRORS = ['InvalidSignatureException', 'SignatureDoesNotMatch']

/**
 * An AggregateError of a host with several addresses has no message of its own. Where a signature is wrong, AWS's
 * services may quote the string that should have been signed, session token included: it is left out.
 */
function messageOf(error: SdkError): string {
  const message = SIGNATURE_ERRORS.includes(error.name)
    ? (error.message.split('\n')[0] ?? '')
    : error.message
  if (message !== '') return message
  if (error instanceof AggregateError) {
    return error.errors.map((one) => (one as Error).message).join('; ')
  }
  return error.name
}

/** Statuses of AWS that responses keep. Others of the client's own, such as 401 and 404, would be taken for the service's. */
const KEPT = new Set([400, 403, 409])

function httpStatusOf(statusCode: number): number {
  if (statusCode < 400 || statusCode >= 500) return 502
  return KEPT.has(statusCode) ? statusCode : 400
}
