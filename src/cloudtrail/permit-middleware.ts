import type { FinalizeRequestMiddleware, HttpRequest, MiddlewareStack } from '@smithy/types'
import type { Permit } from '../quota/permit.js'
import { PermitVoidError } from '../quota/quota-errors.js'
import type { AttemptEnd, AttemptOutcome, Attempts } from './attempts.js'
import { isRefusal, isThrottle } from './sdk-error.js'
import { observeSending } from './wire-clock.js'

/** The parts of a call that its attempts use. */
export interface AttemptParts {
  attempts: Attempts
  /** Waits for a permit. */
  take: () => Promise<Permit>
  /** An attempt begins: its permit is there. @returns receives the end of the attempt */
  begin: () => (end: AttemptEnd) => void
}

/**
 * Makes every attempt of a call take a permit, just inside the SDK's retry loop: retries are requests too, and the
 * request is signed after the wait.
 */
export function takePermits<Input extends object, Output extends object>(
  stack: MiddlewareStack<Input, Output>,
  { attempts, take, begin }: AttemptParts,
): void {
  let current: Permit | undefined
  const permitMiddleware: FinalizeRequestMiddleware<Input, Output> = (next) => async (args) => {
    for (;;) {
      const permit = await take().catch(notRetried)
      current = permit
      try {
        const request = args.request as HttpRequest
        return await runAttempt(permit, attempts, begin(), request, () => next(args))
      } catch (error) {
        // nothing was sent: another permit serves as well
        if (!(error instanceof PermitVoidError)) throw error
        attempts.started -= 1
      }
    }
  }
  // credentials and signature may have taken long
  const checkMiddleware: FinalizeRequestMiddleware<Input, Output> = (next) => (args) => {
    current?.expire()
    current?.voided?.throwIfAborted()
    return next(args)
  }
  stack.addRelativeTo(permitMiddleware, {
    name: 'quotaPermitMiddleware',
    relation: 'after',
    toMiddleware: 'retryMiddleware',
    override: true,
  })
  stack.addRelativeTo(checkMiddleware, {
    name: 'permitCheckMiddleware',
    relation: 'after',
    toMiddleware: 'httpSigningMiddleware',
    override: true,
  })
}

/** Sends one attempt with its permit, and records its end. */
async function runAttempt<Result extends { output: object }>(
  permit: Permit,
  attempts: Attempts,
  report: (end: AttemptEnd) => void,
  request: HttpRequest,
  send: () => Promise<Result>,
): Promise<Result> {
  attempts.started += 1
  attempts.queuedMs += permit.waitedMs
  attempts.inFlight = true
  let sent = false
  const onSent = () => {
    sent = true
    permit.sent()
  }
  let end: AttemptEnd = { outcome: 'responded' }
  try {
    const result = await observeSending(request, { onSent, permit }, send)
    end = endOf('responded', result.output)
    return result
  } catch (error) {
    const outcome = outcomeOf(error, sent)
    end = endOf(outcome, error)
    if (outcome === 'throttled') attempts.throttled += 1
    else if (outcome !== 'unsent' && !isRefusal(error)) attempts.lost += 1
    attempts.lastError = error
    throw error
  } finally {
    attempts.inFlight = false
    permit.done(end.outcome)
    report(end)
  }
}

function outcomeOf(error: unknown, sent: boolean): AttemptOutcome {
  if (isThrottle(error)) return 'throttled'
  if (metadataOf(error).httpStatusCode !== undefined) return 'responded'
  return sent ? 'failed' : 'unsent'
}

function endOf(outcome: AttemptOutcome, end: unknown): AttemptEnd {
  const { httpStatusCode, requestId } = metadataOf(end)
  const failed = end instanceof Error && !(end instanceof PermitVoidError)
  return {
    outcome,
    ...(httpStatusCode !== undefined && { httpStatus: httpStatusCode }),
    ...(requestId !== undefined && { awsRequestId: requestId }),
    ...(failed && { errorName: end.name }),
  }
}

/** The SDK's `$metadata` of an output or error. */
function metadataOf(value: unknown): { httpStatusCode?: number; requestId?: string } {
  return (value as { $metadata?: { httpStatusCode?: number; requestId?: string } }).$metadata ?? {}
}

/**
 * Renames the error with which a wait ends at the deadline: the SDK takes its name, TimeoutError, for a transient error
 * of the network, and would retry and pay for it from the budget that it has for real ones.
 */
function notRetried(error: Error): never {
  if (error.name !== 'TimeoutError') throw error
  throw Object.assign(new Error(error.message), { name: 'AbortError' })
}
