import {
  QuotaQueueFullError,
  QuotaWaitError,
  RedisUnavailableError,
} from '../quota/quota-errors.js'
import type { Attempts } from './attempt.js'
import type { CallContext } from './call-context.js'
import type { Failure } from '../envelope/failure.js'
import {
  cancelledBeforeStart,
  clientClosedRequest,
  deadlineExceeded,
  quotaRefused,
  redisUnavailable,
} from './service-failures.js'
import { isThrottle, translateError } from './translate-error.js'

/** What the answer says of a call that failed, or was ended from this side: by the quota, the client or the clock. */
export function endedFailure(error: unknown, context: CallContext, attempts: Attempts): Failure {
  const { started, lastError } = attempts
  if (error instanceof QuotaQueueFullError) {
    return quotaRefused('QuotaQueueFull', error.message, error.estimateMs, started)
  }
  if (error instanceof QuotaWaitError) {
    return quotaRefused('QuotaWaitTooLong', error.message, error.estimateMs, started)
  }
  if (error instanceof RedisUnavailableError) return redisUnavailable(error.message, started)
  // what the SDK and the abort signals throw
  const endedHere = ['AbortError', 'TimeoutError'].includes((error as Error).name)
  if (endedHere && context.disconnected.aborted) return clientClosedRequest(started)
  if (endedHere && context.timeUp.aborted) {
    // that AWS throttled to the end says more than that the time was up
    return isThrottle(lastError)
      ? { ...translateError(lastError), attempts: started }
      : deadlineExceeded(started)
  }
  if (endedHere && context.follower?.cancelled.aborted && started === 0) {
    return cancelledBeforeStart()
  }
  return { ...translateError(error), ...(started > 0 && { attempts: started }) }
}
