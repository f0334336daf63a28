/** Where an error comes from: AWS's answer, the way there, or this service. */
export type FailureSource = 'aws' | 'network' | 'service'

/** One error of a command, before it is put in an envelope. */
export interface Failure {
  /** AWS's error code, or one of this service's. */
  code: string
  message: string
  source: FailureSource
  /** The HTTP status that the endpoint, or this service in its place, answered; `N/A` without any answer. */
  statusCode: number | 'N/A'
  /** The HTTP status with which a command that fails of this alone is answered. */
  httpStatus: number
  /** Whether the same request may succeed when it is sent again. */
  retryable: boolean
  /** Attempts that reached for AWS. */
  attempts: number
  awsRequestId?: string
  /** What to do about it. */
  hint?: string
  /** The field of the request at fault. */
  field?: string
  /** When trying again makes sense, in milliseconds from now. */
  retryAfterMs?: number
}

/** An error that already is what the answer will say. */
export class FailureError extends Error {
  override name = 'FailureError'
  /**
   * @param mayBeDone whether an earlier attempt at the same change, whose answer is not known, may have been carried
   * out: what AWS refuses now may be refused for that reason
   */
  constructor(
    readonly failure: Failure,
    readonly mayBeDone = false,
  ) {
    super(failure.message)
  }
}
