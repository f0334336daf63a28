import type { Attempts } from './attempt.js'
import { FailureError } from '../envelope/failure.js'
import { outcomeUnknown } from './service-failures.js'

/**
 * A change's answer, or, when the time is up before it, what is known of it then: on the wire its outcome is unknown,
 * between attempts it is what the last attempt failed of.
 *
 * @param onLeft is called when the change goes on without anybody waiting for it
 */
export async function untilTimeUp<Value>(
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
