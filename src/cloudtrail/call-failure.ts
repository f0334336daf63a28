import {
  QuotaQueueFullError,
  QuotaWaitError,
  RedisUnavailableError,
} from '../quota/quota-errors.js'
import type { Failure } from '../envelope/failure.js'
import type { Attempts } from './attempts.js'
import type { CallContext } from './call-context.js'
import { UnconfirmedResponseError } from './invalid-response.js'
import { isThrottle } from './sdk-error.js'
import {
  cancelledBeforeStart,
  clientClosedRequest,
  deadlineExceeded,
  quotaRefused,
  redisUnavailable,
  writeUnconfirmed,
} from './service-failures.js'
import { translateError } from './translate-error.js'

/** The failure of a call that failed, or was ended from this side: by the quota, the client or the deadline. */
export function callFailure(error: unknown, context: CallContext, attempts: Attempts): Failure {
  const { started, lastError } = attempts
  if (error instanceof QuotaQueueFullError) {
    return quotaRefused('QuotaQueueFull', error.message, error.estimateMs, started)
  }
  if (error instanceof QuotaWaitError) {
    return quotaRefused('QuotaWaitTooLong', error.message, error.estimateMs, started)
  }
  if (error instanceof RedisUnavailableError) return redisUnavailable(error.message, started)
  if (error instanceof UnconfirmedResponseError) return writeUnconfirmed(error.message, started)
  // the names of the errors of the SDK and of abort signals
  const isAbort = ['AbortError', 'TimeoutError'].includes((error as Error).name)
  if (isAbort && context.disconnected.aborted) return clientClosedRequest(started)
  if (isAbort && context.timeUp.aborted) {
    // a throttle until the deadline says more than the deadline
    return isThrottle(lastError)
      ? { ...translateError(lastError), attempts: started }
      : deadlineExceeded(started)
  }
  if (isAbort && context.follower?.cancelled.aborted && started === 0) {
    return cancelledBeforeStart()
  }
  return { ...translateError(error), ...(started > 0 && { attempts: started }) }
}
