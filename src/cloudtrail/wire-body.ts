import type { HttpResponse } from '@smithy/types'
import { hasMoreValues } from './count-values.js'
import { InvalidResponseError } from './invalid-response.js'

/** A JSON object as CloudTrail sent it: times are epoch seconds, members keep their names. */
export type WireBody = Record<string, unknown>

/** The most values in a body. CloudTrail's richest page, 50 events with their resources, has a few thousand. */
const MAX_VALUES = 200_000

/** The part of a foreign body that goes into the error, in characters. */
const EXCERPT_LENGTH = 120

/**
 * Parses the JSON object in a response; an empty body, which CloudTrail sends where an operation has no output,
 * is an empty object.
 *
 * @throws {InvalidResponseError} with status, content type and the beginning of the body
 */
export function parseBody(response: HttpResponse, bytes: Buffer): WireBody {
  if (response.statusCode >= 300 && response.statusCode < 400) {
    throw invalid('a redirect, which is not followed', response)
  }
  if (bytes.length === 0) {
    // a proxy's empty page is not CloudTrail's empty response
    if (isHtml(response)) throw invalid('an empty HTML page', response)
    return {}
  }
  if (hasMoreValues(bytes, MAX_VALUES)) {
    throw invalid(`JSON of more than ${MAX_VALUES} values`, response)
  }
  const text = bytes.toString('utf8')
  let parsed: unknown
  try {
    parsed = JSON.parse(text)
  } catch {
    throw invalid(`not JSON but: ${excerpt(text)}`, response)
  }
  if (!isObject(parsed)) throw invalid(`not a JSON object but: ${excerpt(text)}`, response)
  return parsed
}

/** Whether a value is a JSON object. */
export function isObject(value: unknown): value is WireBody {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/**
 * The beginning of a text, on one line and without control characters, fit for an error message.
 *
 * @param length the longest excerpt, in characters
 */
export function excerpt(text: string, length = EXCERPT_LENGTH): string {
  const start = text.slice(0, length)
  const line = start.replace(/[\s\p{Cc}]+/gu, ' ').trim()
  return text.length > length ? `${line}…` : line
}

function isHtml(response: HttpResponse): boolean {
  return /html/i.test(response.headers['content-type'] ?? '')
}

function invalid(description: string, response: HttpResponse): InvalidResponseError {
  const type = response.headers['content-type'] ?? 'no content type'
  return new InvalidResponseError(
    `The endpoint returned HTTP ${response.statusCode} (${type}), which is ${description}`,
    response,
  )
}
