/**
 * An error that the sandbox returns as AWS does.
 *
 * Every client error of CloudTrail arrives with the HTTP status 400, also where the API model says 403,
 * 404 or 409: that is what public captures of the real service show, without an exception.
 */
export class AwsError extends Error {
  /** The error code, for example `TrailNotFoundException`; it travels as `__type`. */
  readonly code: string
  /** The HTTP status on the wire. */
  readonly status: number
  /** `Message` for the errors of CloudTrail itself, `message` for those of the front door before it. */
  readonly messageKey: 'Message' | 'message'

  constructor(code: string, message: string, status: number, messageKey: 'Message' | 'message') {
    super(message)
    this.name = code
    this.code = code
    this.status = status
    this.messageKey = messageKey
  }
}

/**
 * An error that CloudTrail's model declares for the operation.
 *
 * @param code for example `InvalidTrailNameException`
 * @param message AWS's own text where one is known
 */
export function modelledError(code: string, message: string): AwsError {
  return new AwsError(code, message, 400, 'Message')
}

/**
 * An error common to all AWS services, which is returned before an operation runs.
 *
 * @param code for example `UnrecognizedClientException`
 * @param message AWS's own text; an empty one is left out of the response
 * @param status the HTTP status, 400 by default
 */
export function commonError(code: string, message: string, status = 400): AwsError {
  return new AwsError(code, message, status, 'message')
}

/** The error for unknown keys and session tokens. */
export function invalidToken(): AwsError {
  return commonError(
    'UnrecognizedClientException',
    'The security token included in the request is invalid.',
  )
}
