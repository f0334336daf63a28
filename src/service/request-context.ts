import type { ApiKey } from '../auth/api-key.js'
import type { Logger } from '../log.js'

/** What the service layer knows of a request, whatever protocol brought it. */
export interface RequestContext {
  readonly id: string
  /** The API key that it presented; `undefined` where none is asked for. */
  readonly apiKey: ApiKey | undefined
  /** The client's address. */
  readonly address: string
  /** When it arrived, on the clock of `performance.now()`, in milliseconds. */
  readonly startedAt: number
  readonly log: Logger
}

/** The owner of a request's jobs and idempotency keys: its API key, or everybody where none is asked for. */
export function ownerOf({ apiKey }: RequestContext): string {
  return apiKey?.name ?? ''
}

/** `meta` of a response for which nothing was sent to AWS. */
export function metaOf({ id, startedAt }: RequestContext) {
  return {
    requestId: id,
    apiCalls: 0,
    throttled: 0,
    queuedMs: 0,
    durationMs: Math.round(performance.now() - startedAt),
  }
}
