import type { Failure } from '../envelope/failure.js'
import { serviceFailure } from '../envelope/service-failure.js'

/** The deadline passed before this input was started, or while AWS had not responded. */
export function deadlineExceeded(attempts: number): Failure {
  const message =
    attempts === 0
      ? "The command's deadline passed before this was started; nothing was sent for it."
      : "The command's deadline passed before AWS responded."
  return serviceFailure('DeadlineExceeded', message, { attempts })
}

/** A write was in flight at the deadline: it may have been made. */
export function outcomeUnknown(attempts: number): Failure {
  return serviceFailure(
    'OutcomeUnknown',
    "The command's deadline passed while AWS was carrying out this write; it may have been made.",
    { attempts },
  )
}

/**
 * A write got a success that nothing shows to be CloudTrail's: it may have been made.
 *
 * @param message describes the response
 */
export function writeUnconfirmed(message: string, attempts: number): Failure {
  return serviceFailure('OutcomeUnknown', `${message}; this write may have been made.`, {
    attempts,
  })
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

/** The client disconnected: inputs that were not started are left. */
export function clientClosedRequest(attempts: number): Failure {
  const message = 'The client disconnected; nothing more was sent.'
  return serviceFailure('ClientClosedRequest', message, { attempts })
}

/** The command's job was cancelled before this was started. */
export function cancelledBeforeStart(): Failure {
  return serviceFailure(
    'Cancelled',
    'The command was cancelled before this was started; nothing was sent for it.',
  )
}

/** The limiter's queue is full, or the wait would pass the deadline. */
export function quotaRefused(
  code: 'QuotaQueueFull' | 'QuotaWaitTooLong',
  message: string,
  retryAfterMs: number,
  attempts: number,
): Failure {
  return serviceFailure(code, message, { attempts, retryAfterMs })
}

/** The API key was revoked, or lost its scope or connection, after the command began. */
export function keyRevoked(): Failure {
  return serviceFailure(
    'KeyRevoked',
    'The API key of this command may no longer make this write: nothing was sent for it.',
  )
}

/** The lease of the idempotency key is over, or soon will be: another request may make the same write. */
export function idempotencyKeyLost(): Failure {
  return serviceFailure(
    'IdempotencyKeyLost',
    'Redis, which keeps the idempotency-key of this command, has not responded for too long: nothing more was sent.',
  )
}

/** Redis, through which the replicas share the quota, is unavailable. */
export function redisUnavailable(message: string, attempts: number): Failure {
  return serviceFailure('RedisUnavailable', message, { attempts })
}

/** The connection does not reach a region. */
export function regionNotReachable(connection: string, region: string, reason: string): Failure {
  return serviceFailure(
    'RegionNotReachable',
    `The connection ${connection} does not reach ${region}: ${reason}.`,
  )
}

/** The protected trails keep a trail from an operation. */
export function trailProtected(trail: string, operation: string, pattern: string): Failure {
  return serviceFailure(
    'ProtectedTrail',
    `${trail} is protected from ${operation} by PROTECTED_TRAILS (${pattern}).`,
  )
}
