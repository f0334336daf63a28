import { FailureError, type Failure } from '../envelope/failure.js'
import { hintFor } from './hints.js'
import { InvalidResponseError } from './wire-response.js'

/** Codes with which CloudTrail and its front door throttle. */
const THROTTLES = new Set([
  'ThrottlingException',
  'Throttling',
  'TooManyRequestsException',
  'RequestLimitExceeded',
])

/** When to try again after a throttle that outlasted the retries, in milliseconds. */
const RETRY_AFTER_THROTTLE_MS = 1_000

/** When to try again after a conflict ("wait a few minutes, then try again"), in milliseconds. */
const RETRY_AFTER_CONFLICT_MS = 120_000

/** What the SDK puts on the errors that it throws. */
interface SdkError extends Error {
  code?: unknown
  $fault?: 'client' | 'server'
  $metadata?: { httpStatusCode?: number; requestId?: string; attempts?: number }
}

/** Whether an error of the SDK is AWS's throttle. */
export function isThrottle(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  return THROTTLES.has(error.name) || (error as SdkError).$metadata?.httpStatusCode === 429
}

/** Whether an error of the SDK is AWS's word that nothing was done: a 4xx in CloudTrail's own form. */
export function isRefusal(error: unknown): boolean {
  const { $fault, $metadata } = error as SdkError
  return $fault !== undefined && ($metadata?.httpStatusCode ?? 500) < 500
}

/** Whether AWS refused temporary keys because their time is over. */
export function isExpiredSession(error: unknown): boolean {
  return error instanceof Error && /^ExpiredToken(Exception)?$/.test(error.name)
}

/**
 * What the answer says of an error that the SDK threw.
 *
 * AWS's errors are told apart by name, and shown with the status of the wire, which is 400 for nearly all of them
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
    return {
      code: 'InvalidUpstreamResponse',
      message: thrown.message,
      source: 'aws',
      statusCode: httpStatusCode,
      httpStatus: 502,
      retryable: httpStatusCode >= 500,
      hint: 'What answered is not CloudTrail: look for a proxy, a firewall or a wrong serverUrl on the way.',
      ...known,
    }
  }
  return awsFailure(thrown, httpStatusCode, known)
}

function awsFailure(
  error: SdkError,
  statusCode: number,
  known: Pick<Failure, 'attempts' | 'awsRequestId'>,
): Failure {
  const throttled = isThrottle(error)
  const conflict = error.name === 'ConflictException'
  const hint = hintFor(error.name)
  return {
    code: error.name,
    message: messageOf(error),
    source: 'aws',
    statusCode,
    httpStatus: throttled ? 429 : statusCode >= 400 && statusCode < 500 ? statusCode : 502,
    retryable: throttled || conflict || statusCode >= 500,
    ...known,
    ...(hint !== undefined && { hint }),
    ...(throttled && { retryAfterMs: RETRY_AFTER_THROTTLE_MS }),
    ...(conflict && { retryAfterMs: RETRY_AFTER_CONFLICT_MS }),
  }
}

/** No answer at all: refused, reset, unknown host, timed out, or no credentials to ask with. */
function networkFailure(error: SdkError, attempts: number): Failure {
  if (error.name === 'CredentialsProviderError') {
    return {
      code: 'CredentialsUnavailable',
      message: `The connection has no keys, and its host's credential chain gave none: ${error.message}`,
      source: 'service',
      statusCode: 'N/A',
      httpStatus: 502,
      retryable: false,
      attempts: 0,
      hint: 'Set CLOUDTRAIL_ACCESS_KEY and CLOUDTRAIL_ACCESS_SECRET, or give the host a role.',
    }
  }
  const code = typeof error.code === 'string' ? error.code : error.name
  return {
    code,
    message: messageOf(error),
    source: 'network',
    statusCode: 'N/A',
    httpStatus: 502,
    retryable: true,
    attempts,
    hint: 'The endpoint was not reached: check the serverUrl, its name resolution, and the way through firewalls.',
  }
}

const SIGNATURE_ERRORS = ['InvalidSignatureException', 'SignatureDoesNotMatch']

/**
 * An AggregateError of a host with several addresses has no message of its own. Where a signature is wrong, AWS's
 * services may go on to quote what should have been signed, session token included: that is left out.
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
