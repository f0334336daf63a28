import type { HttpResponse } from '@smithy/types'

/**
 * The endpoint responded, but not as CloudTrail does: HTML of a proxy, a cut body, JSON of another shape. Carries
 * `$metadata` as the SDK's errors do, so that the SDK retries a 502 of a proxy like any other.
 */
export class InvalidResponseError extends Error {
  override name = 'InvalidResponseError'
  readonly $metadata: { httpStatusCode: number; requestId?: string }
  constructor(message: string, response: HttpResponse) {
    super(message)
    const requestId = requestIdOf(response)
    this.$metadata = {
      httpStatusCode: response.statusCode,
      ...(requestId !== undefined && { requestId }),
    }
  }
}

/**
 * An empty success without AWS's request id, to an operation whose success is empty: a proxy or a health page responds
 * so too, and nothing shows that CloudTrail carried the operation out.
 */
export class UnconfirmedResponseError extends InvalidResponseError {}

/** AWS's request id of a response. */
export function requestIdOf(response: HttpResponse): string | undefined {
  return response.headers['x-amzn-requestid'] ?? response.headers['x-amz-request-id']
}
