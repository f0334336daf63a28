import type {
  DeserializeMiddleware,
  FinalizeRequestMiddleware,
  HttpRequest,
  HttpResponse,
  MiddlewareStack,
} from '@smithy/types'
import type { Permit } from '../quota/permit.js'
import { PermitVoidError } from '../quota/quota-errors.js'
import { checkShape } from './response-shapes.js'
import { isRefusal, isThrottle } from './translate-error.js'
import { parseBody, readBody, type WireBody } from './wire-response.js'
import { observeSending } from './wire-clock.js'

/** How an attempt ended; `failed` was sent and got no answer, `unsent` never left. */
export type AttemptOutcome = Parameters<Permit['done']>[0]

/** What is known of the attempts of one call. */
export class Attempts {
  /** Attempts that got their permit. */
  started = 0
  /** Attempts that AWS throttled. */
  throttled = 0
  /** Time spent waiting for permits, in milliseconds. */
  queuedMs = 0
  /** Attempts that AWS may have carried out although no answer says so: it was lost, or is of an error inside AWS. */
  lost = 0
  /** Whether an attempt is under way now. */
  inFlight = false
  /** What the last failed attempt failed of. */
  lastError: unknown
  /** The last answer as it stood on the wire. */
  body: WireBody = {}
}

function outcomeOf(error: unknown, sent: boolean): AttemptOutcome {
  if (isThrottle(error)) return 'throttled'
  const status = (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode
  if (status !== undefined) return 'answered'
  return sent ? 'failed' : 'unsent'
}

/**
 * What ends a wait at the deadline has a name that the SDK takes for a passing fault of the network: it would try again,
 * and pay for it from the budget that it has for real ones.
 */
function notToBeRetried(error: Error): never {
  if (error.name !== 'TimeoutError') throw error
  throw Object.assign(new Error(error.message), { name: 'AbortError' })
}

/**
 * Makes every attempt of a call take a permit, just inside the SDK's retry loop: retries are requests too, and the
 * request is signed after the wait.
 *
 * @param take waits for a permit
 * @param onOutcome is told how each attempt ended
 */
export function takePermits<Input extends object, Output extends object>(
  stack: MiddlewareStack<Input, Output>,
  attempts: Attempts,
  take: () => Promise<Permit>,
  onOutcome: (outcome: AttemptOutcome) => void,
): void {
  let current: Permit | undefined
  const attempt = async <Result>(
    permit: Permit,
    request: HttpRequest,
    send: () => Promise<Result>,
  ): Promise<Result> => {
    attempts.started += 1
    attempts.queuedMs += permit.waitedMs
    attempts.inFlight = true
    let sent = false
    let outcome: AttemptOutcome = 'answered'
    const onSent = () => {
      sent = true
      permit.sent()
    }
    try {
      return await observeSending(request, { onSent, voided: permit.voided }, send)
    } catch (error) {
      outcome = outcomeOf(error, sent)
      if (outcome === 'throttled') attempts.throttled += 1
      else if (outcome !== 'unsent' && !isRefusal(error)) attempts.lost += 1
      attempts.lastError = error
      throw error
    } finally {
      attempts.inFlight = false
      permit.done(outcome)
      onOutcome(outcome)
    }
  }
  const middleware: FinalizeRequestMiddleware<Input, Output> = (next) => async (args) => {
    for (;;) {
      const permit = await take().catch(notToBeRetried)
      current = permit
      try {
        return await attempt(permit, args.request as HttpRequest, () => next(args))
      } catch (error) {
        // nothing was sent: another permit is as good
        if (!(error instanceof PermitVoidError)) throw error
        attempts.started -= 1
      }
    }
  }
  const lastCheck: FinalizeRequestMiddleware<Input, Output> = (next) => (args) => {
    current?.voided?.throwIfAborted()
    return next(args)
  }
  stack.addRelativeTo(middleware, {
    name: 'quotaPermitMiddleware',
    relation: 'after',
    toMiddleware: 'retryMiddleware',
    override: true,
  })
  // credentials and signature may have taken their time
  stack.addRelativeTo(lastCheck, {
    name: 'permitCheckMiddleware',
    relation: 'after',
    toMiddleware: 'httpSigningMiddleware',
    override: true,
  })
}

/**
 * Reads each answer whole before the SDK does: within its time, as the JSON object that it must be, kept for
 * `rawData`, and, when it says success, of its operation's shape.
 *
 * @param timeoutMs how long the body of an answer may take, in milliseconds
 */
export function readAnswers<Input extends object, Output extends object>(
  stack: MiddlewareStack<Input, Output>,
  operation: string,
  attempts: Attempts,
  timeoutMs: number,
): void {
  const middleware: DeserializeMiddleware<Input, Output> = (next) => async (args) => {
    const result = await next(args)
    const response = result.response as HttpResponse
    const bytes = await readBody(response, timeoutMs)
    attempts.body = parseBody(response, bytes)
    if (response.statusCode < 300) checkShape(operation, response, attempts.body)
    response.body = bytes
    return result
  }
  stack.addRelativeTo(middleware, {
    name: 'readResponseMiddleware',
    relation: 'after',
    toMiddleware: 'deserializerMiddleware',
    override: true,
  })
}
