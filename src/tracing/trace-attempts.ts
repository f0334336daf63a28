import type { FinalizeRequestMiddleware, MiddlewareStack } from '@smithy/types'
import { isThrottle } from '../cloudtrail/translate-error.js'
import { PermitVoidError } from '../quota/quota-errors.js'
import type { EndStep } from './command-trace.js'

/** What the SDK knows of an answer. */
interface Metadata {
  httpStatusCode?: number | undefined
  requestId?: string | undefined
}

/**
 * Makes a span of every attempt of a call, from its permit to its answer.
 *
 * @param begin starts the span
 */
export function traceAttempts<Input extends object, Output extends object>(
  stack: MiddlewareStack<Input, Output>,
  begin: () => EndStep,
): void {
  const middleware: FinalizeRequestMiddleware<Input, Output> = (next) => async (args) => {
    const end = begin()
    try {
      const result = await next(args)
      const { $metadata } = result.output as { $metadata?: Metadata }
      end(answerAttributes('answered', $metadata))
      return result
    } catch (error) {
      const { name, $metadata } = error as Error & { $metadata?: Metadata }
      const status = $metadata?.httpStatusCode
      if (error instanceof PermitVoidError) {
        end(answerAttributes('unsent'))
        throw error
      }
      const answered = status === undefined ? 'failed' : 'answered'
      end(answerAttributes(isThrottle(error) ? 'throttled' : answered, $metadata), name)
      throw error
    }
  }
  stack.addRelativeTo(middleware, {
    name: 'traceAttemptMiddleware',
    relation: 'after',
    toMiddleware: 'quotaPermitMiddleware',
    override: true,
  })
}

function answerAttributes(outcome: string, { httpStatusCode, requestId }: Metadata = {}) {
  return {
    'cloudtrail.outcome': outcome,
    ...(httpStatusCode !== undefined && { 'http.response.status_code': httpStatusCode }),
    ...(requestId !== undefined && { 'aws.request_id': requestId }),
  }
}
