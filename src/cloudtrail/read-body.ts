import type { Readable } from 'node:stream'
import type { HttpResponse } from '@smithy/types'
import { InvalidResponseError } from './invalid-response.js'
import type { Slots } from './slots.js'

/** The largest response that is read, in bytes: CloudTrail's largest page, 50 events of 256 KB, is 13 MB. */
export const MAX_BODY_BYTES = 16 * 1024 * 1024

/** The size above which a response needs a slot to be read further, in bytes. Nearly all responses are smaller. */
const LARGE_BYTES = 1024 * 1024

/** Large responses that are read and parsed at the same time, over all calls: they hold 64 MiB at most. */
export const LARGE_RESPONSES = 4

/** The body did not end in time. The SDK takes errors of this name for transient ones and retries. */
export class ResponseTimeoutError extends Error {
  override name = 'TimeoutError'
}

/** A body in memory. */
export interface ReadBody {
  bytes: Buffer
  /** Frees the slot of a large body, when it has been parsed. */
  release: () => void
}

/** The rules for reading a body. */
export interface ReadOptions {
  /** The longest time for the body, in milliseconds. */
  timeoutMs: number
  /** Slots for large bodies, shared by all calls. */
  slots: Slots
  /** The largest body that is read, in bytes. Default: 16 MiB. */
  maxBytes?: number
}

/**
 * Reads a whole body off the wire. A large body waits for a slot after its first megabyte; what follows stays in the
 * socket meanwhile.
 *
 * @throws {ResponseTimeoutError} when the body does not end in time
 * @throws {InvalidResponseError} when it is too large
 */
export async function readBody(
  response: HttpResponse,
  { timeoutMs, slots, maxBytes = MAX_BODY_BYTES }: ReadOptions,
): Promise<ReadBody> {
  const stream = response.body as Readable
  const chunks: Buffer[] = []
  let size = 0
  let release: (() => void) | undefined
  // the SDK's own timeout ends with the headers; a body that never ends would wait forever
  const timer = setTimeout(() => {
    stream.destroy(
      new ResponseTimeoutError('the response did not end within the time of an attempt'),
    )
  }, timeoutMs)
  try {
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      size += chunk.length
      if (size > maxBytes) {
        throw new InvalidResponseError(
          `The endpoint returned HTTP ${response.statusCode} with more than ${maxBytes} bytes, which AWS never sends`,
          response,
        )
      }
      if (size > LARGE_BYTES) release ??= await slots.take()
      chunks.push(chunk)
    }
    return { bytes: Buffer.concat(chunks), release: release ?? (() => undefined) }
  } catch (error) {
    release?.()
    throw error
  } finally {
    clearTimeout(timer)
  }
}
