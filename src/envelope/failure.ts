/** Origin of an error: AWS's response, the network on the way to it, or this service. */
export type FailureSource = 'aws' | 'network' | 'service'

/** One error of a command, before it is put in an envelope. */
export interface Failure {
  /** AWS's error code, or one of this service's. */
  code: string
  message: string
  source: FailureSource
  /** The HTTP status that the endpoint, or this service in its place, returned; `N/A` without any response. */
  statusCode: number | 'N/A'
  /** The HTTP status of a response that fails with this error alone. */
  httpStatus: number
  /** Whether the same request may succeed when it is sent again. */
  retryable: boolean
  /** Attempts at AWS; 0: nothing was sent. */
  attempts: number
  awsRequestId?: string
  /** What to do about it. */
  hint?: string
  /** The field of the request that breaks a rule. */
  field?: string
  /** Delay until another attempt makes sense, in milliseconds. */
  retryAfterMs?: number
}

/** An error that carries the failure for the envelope. */
export class FailureError extends Error {
  override name = 'FailureError'
  /**
   * @param mayBeDone whether an earlier attempt at the same write, whose response was lost, may have been carried out:
   *   AWS may have refused this attempt for that reason
   */
  constructor(
    readonly failure: Failure,
    readonly mayBeDone = false,
  ) {
    super(failure.message)
  }
}
