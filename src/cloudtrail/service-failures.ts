import type { Failure } from '../envelope/failure.js'
import { serviceFailure } from '../envelope/service-failure.js'

/** Faults of this service's own making, in one place so that their codes stay few and documented. */

/** The command's time was up before this input was started, or while AWS had not answered. */
export function deadlineExceeded(attempts: number): Failure {
  return {
    code: 'DeadlineExceeded',
    message:
      attempts === 0
        ? "The command's time was up before this was started; nothing was sent for it."
        : "The command's time was up before AWS had answered.",
    source: 'service',
    statusCode: 504,
    httpStatus: 504,
    retryable: true,
    attempts,
    hint: 'Send what is left in a new command, or allow more time with x-deadline-ms.',
  }
}

/** A change was on the wire when the time was up: it may have been made. */
export function outcomeUnknown(attempts: number): Failure {
  return {
    code: 'OutcomeUnknown',
    message:
      "The command's time was up while AWS was carrying out this change; it may have been made.",
    source: 'service',
    statusCode: 504,
    httpStatus: 504,
    retryable: false,
    attempts,
    hint: 'Read the present state (Get Trails, Get Trail Status) before trying again.',
  }
}

/** A defect of the service after a write was sent: the response to it could not be read. */
export function outcomeUnknownByDefect(): Failure {
  const message = 'The service failed after this write was sent; it may have been carried out.'
  return serviceFailure('OutcomeUnknown', message, {
    statusCode: 500,
    httpStatus: 500,
    attempts: 1,
    hint: 'Read the present state (Get Trails, Get Trail Status) before trying again. The log has the cause, by the request id.',
  })
}

/** The client hung up, so what was not yet started was left. */
export function clientClosedRequest(attempts: number): Failure {
  return {
    code: 'ClientClosedRequest',
    message: 'The client hung up; nothing more was sent.',
    source: 'service',
    statusCode: 499,
    httpStatus: 499,
    retryable: true,
    attempts,
  }
}

/** Whoever asked for the command cancelled it before this was started. */
export function cancelledBeforeStart(): Failure {
  return {
    code: 'Cancelled',
    message: 'The command was cancelled before this was started; nothing was sent for it.',
    source: 'service',
    statusCode: 409,
    httpStatus: 409,
    retryable: true,
    attempts: 0,
    hint: 'Send what is left in a new command.',
  }
}

/** The limiter's queue is full, or its wait passes the deadline. */
export function quotaRefused(
  code: 'QuotaQueueFull' | 'QuotaWaitTooLong',
  message: string,
  retryAfterMs: number,
  attempts: number,
): Failure {
  return {
    code,
    message,
    source: 'service',
    statusCode: 429,
    httpStatus: 429,
    retryable: true,
    attempts,
    retryAfterMs,
    hint: "AWS's CloudTrail quota for this account and region is in use: try again after Retry-After, or allow more time with x-deadline-ms.",
  }
}

/** The key of the command was withdrawn, or lost its scope or connection, after the command began. */
export function keyRevoked(): Failure {
  return {
    code: 'KeyRevoked',
    message: 'The API key of this command may not make this change any more: nothing was sent.',
    source: 'service',
    statusCode: 403,
    httpStatus: 403,
    retryable: false,
    attempts: 0,
  }
}

/** Redis keeps the command's idempotency key for others by now, or soon: they may make the same change. */
export function idempotencyKeyLost(): Failure {
  return {
    code: 'IdempotencyKeyLost',
    message:
      'Redis, which keeps the idempotency-key of this command, was not heard of for too long: nothing more was sent.',
    source: 'service',
    statusCode: 503,
    httpStatus: 503,
    retryable: true,
    attempts: 0,
    retryAfterMs: REDIS_RETRY_MS,
    hint: 'GET /readyz tells when Redis is back. Send what is left in a new command.',
  }
}

/** When a Redis that is away is worth another try, in milliseconds. */
const REDIS_RETRY_MS = 5_000

/** Redis, by which the replicas share the quota, is away. */
export function redisUnavailable(message: string, attempts: number): Failure {
  return {
    code: 'RedisUnavailable',
    message,
    source: 'service',
    statusCode: 503,
    httpStatus: 503,
    retryable: true,
    attempts,
    retryAfterMs: REDIS_RETRY_MS,
    hint: 'GET /readyz tells when Redis is back. REDIS_DOWN=share goes on with a part of the quota meanwhile.',
  }
}
