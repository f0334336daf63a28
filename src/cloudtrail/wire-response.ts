import type { Readable } from 'node:stream'
import type { HttpResponse } from '@smithy/types'

/** The largest answer that is read, in bytes; CloudTrail's largest page (50 events of 256 KB) is well below. */
const MAX_BODY_BYTES = 64 * 1024 * 1024

/** How much of a body that is not CloudTrail's goes into the error, in characters. */
const EXCERPT_LENGTH = 120

/** A JSON object as CloudTrail sent it: times are epoch seconds, members keep their names. */
export type WireBody = Record<string, unknown>

/**
 * The endpoint answered, but not as CloudTrail does: HTML of a proxy, a cut body, JSON of another shape. Carries
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

/** The answer did not end in time. The SDK takes errors of this name for passing ones and tries again. */
export class ResponseTimeoutError extends Error {
  override name = 'TimeoutError'
}

/** AWS's request id of an answer. */
export function requestIdOf(response: HttpResponse): string | undefined {
  return response.headers['x-amzn-requestid'] ?? response.headers['x-amz-request-id']
}

/**
 * Reads a whole answer off the wire.
 *
 * @param timeoutMs how long the rest of the answer may take, in milliseconds
 * @throws {ResponseTimeoutError} when the body does not end in time
 * @throws {InvalidResponseError} when it is too large
 */
export async function readBody(response: HttpResponse, timeoutMs: number): Promise<Buffer> {
  const stream = response.body as Readable
  const chunks: Buffer[] = []
  let size = 0
  // the SDK's own timeout ends with the headers; a body that never ends would hang for ever
  const timer = setTimeout(() => {
    stream.destroy(new ResponseTimeoutError('the answer did not end within the time of an attempt'))
  }, timeoutMs)
  try {
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      size += chunk.length
      if (size > MAX_BODY_BYTES) {
        /* c8 ignore start -- a test would have to hold 64 MiB */
        throw new InvalidResponseError(
          `the answer is larger than ${MAX_BODY_BYTES} bytes`,
          response,
        )
        /* c8 ignore stop */
      }
      chunks.push(chunk)
    }
  } finally {
    clearTimeout(timer)
  }
  return Buffer.concat(chunks)
}

/**
 * Reads the JSON object in an answer; an empty body, which CloudTrail sends where an operation has no output,
 * is an empty object.
 *
 * @throws {InvalidResponseError} with what could be learned: status, content type, how the body begins
 */
export function parseBody(response: HttpResponse, body: Buffer): WireBody {
  if (response.statusCode >= 300 && response.statusCode < 400) {
    throw invalid('a redirect, which is not followed', response)
  }
  const text = body.toString('utf8')
  if (text === '') {
    // a proxy's empty page is not CloudTrail's empty answer
    if (isHtml(response)) throw invalid('an empty HTML page', response)
    return {}
  }
  let parsed: unknown
  try {
    parsed = JSON.parse(text)
  } catch {
    throw invalid(`not JSON but: ${excerpt(text)}`, response)
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) {
    throw invalid(`not a JSON object but: ${excerpt(text)}`, response)
  }
  return parsed as WireBody
}

function isHtml(response: HttpResponse): boolean {
  return /html/i.test(response.headers['content-type'] ?? '')
}

function invalid(what: string, response: HttpResponse): InvalidResponseError {
  const type = response.headers['content-type'] ?? 'no content type'
  return new InvalidResponseError(
    `The endpoint answered HTTP ${response.statusCode} (${type}), which is ${what}`,
    response,
  )
}

/** The beginning of a text, on one line and without control characters, fit for an error message. */
function excerpt(text: string): string {
  const start = text.slice(0, EXCERPT_LENGTH)
  const line = start.replace(/[\s\p{Cc}]+/gu, ' ').trim()
  return text.length > EXCERPT_LENGTH ? `${line}…` : line
}
