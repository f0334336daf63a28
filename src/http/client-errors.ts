import type { Socket } from 'node:net'
import { STATUS_CODES } from 'node:http'
import { refused, toResponse } from '../envelope/envelope.js'
import { serviceFailure } from '../envelope/service-failure.js'

/** What Node says of a request that it could not read. */
interface ClientError extends Error {
  code?: string
}

/**
 * Answers requests that never became one: headers too large, not in time, or no HTTP at all. They get the envelope as
 * all others do, and their connection ends.
 */
export function answerClientError(error: ClientError, socket: Socket): void {
  // a client that has gone, or one that has been answered already
  if (error.code === 'ECONNRESET' || !socket.writable || socket.bytesWritten > 0) {
    socket.destroy()
    return
  }
  const { envelope, status } = toResponse(undefined, refused([failureOf(error)]), {
    requestId: '',
    apiCalls: 0,
    throttled: 0,
    queuedMs: 0,
    durationMs: 0,
  })
  const body = JSON.stringify(envelope)
  socket.end(
    [
      `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`,
      'content-type: application/json; charset=utf-8',
      `content-length: ${Buffer.byteLength(body)}`,
      'connection: close',
      '',
      body,
    ].join('\r\n'),
  )
}

function failureOf({ code }: ClientError) {
  switch (code) {
    case 'HPE_HEADER_OVERFLOW':
      return serviceFailure(
        'HeadersTooLarge',
        `The headers must be at most ${MAX_HEADER_BYTES / 1024} KiB.`,
      )
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return serviceFailure(
        'RequestTimeout',
        `A request must arrive within ${REQUEST_TIMEOUT_MS / 1000} s, its headers within ${HEADERS_TIMEOUT_MS / 1000} s.`,
        { retryable: true },
      )
    default:
      return serviceFailure('InvalidHttp', 'This is no HTTP request.')
  }
}

/** All headers of a request together, in bytes. */
export const MAX_HEADER_BYTES = 16 * 1024

/** The time in which a request arrives, in milliseconds. The time for the answer is the command's own. */
export const REQUEST_TIMEOUT_MS = 15_000

/** The part of it in which the headers arrive, in milliseconds: whoever is slower holds the connection for nothing. */
export const HEADERS_TIMEOUT_MS = 10_000
