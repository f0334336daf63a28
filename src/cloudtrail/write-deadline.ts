import { FailureError } from '../envelope/failure.js'
import type { Attempts } from './attempts.js'
import { outcomeUnknown } from './service-failures.js'

/**
 * The response to a write, or, when the deadline passes before it, the failure known by then: in flight its outcome is
 * unknown, between attempts it is the error of the last attempt.
 *
 * @param onLeft is called when the write continues although nobody waits for it
 */
export async function untilDeadline<Value>(
  work: Promise<Value>,
  timeUp: AbortSignal,
  attempts: Attempts,
  onLeft: () => void,
): Promise<Value> {
  let onTimeUp: () => void = () => undefined
  const late = new Promise<never>((_, reject) => {
    onTimeUp = () => {
      // not started: the wait for the permit ends by itself
      if (attempts.started === 0) return
      onLeft()
      reject(
        attempts.inFlight
          ? new FailureError(outcomeUnknown(attempts.started))
          : (attempts.lastError as Error),
      )
    }
    timeUp.addEventListener('abort', onTimeUp, { once: true })
  })
  try {
    return await Promise.race([work, late])
  } finally {
    timeUp.removeEventListener('abort', onTimeUp)
  }
}
