import { STATUS_CODES, type IncomingMessage, type ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import { refused, toResponse } from '../envelope/envelope.js'
import type { InputFailure } from '../envelope/outcome.js'
import { serviceFailure } from '../envelope/service-failure.js'

/** Maximum size of all headers of a request together, in bytes. */
export const MAX_HEADER_BYTES = 16 * 1024

/** Maximum length of a part of the path, such as the id of a job, in characters. */
export const MAX_PATH_PART = 200

/** Timeout for receiving a request, in milliseconds. The time to respond is the command's own. */
export const REQUEST_TIMEOUT_MS = 15_000

/** Timeout for receiving the headers, in milliseconds: slower clients only hold a connection. */
export const HEADERS_TIMEOUT_MS = 10_000

/** Responds to bytes that Node could not parse as a request: in the envelope, then closes the connection. */
export function onClientError(error: Error & { code?: string }, socket: Socket): void {
  // `_httpMessage` is the response that the connection is busy with, as in Node's own handler (http docs, 'clientError')
  const { _httpMessage: current } = socket as Socket & { _httpMessage?: ServerResponse | null }
  if (error.code === 'ECONNRESET' || !socket.writable || current?.headersSent === true) {
    socket.destroy()
    return
  }
  endWith(socket, failureOf(error))
}

/** Responds to CONNECT, which asks for a proxy. */
export function onConnect(_request: IncomingMessage, socket: Duplex): void {
  endWith(socket, serviceFailure('MethodNotAllowed', 'CONNECT is not allowed: this is no proxy.'))
}

/** Responds to an `expect` header that asks for anything but `100-continue` (RFC 9110, 10.1.1). */
export function onUnknownExpectation({ socket }: IncomingMessage): void {
  endWith(
    socket,
    serviceFailure('ExpectationFailed', 'The service knows no expectation except 100-continue.'),
  )
}

/** Writes a response by hand: Fastify has not seen the request. */
function endWith(socket: Duplex, failure: InputFailure): void {
  const { envelope, status } = toResponse(undefined, refused([failure]), noCalls(''))
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

/** Responds to a request whose path cannot be decoded or is too long. Fastify runs no hook and no decorator for it. */
export function onFrameworkError(
  { code }: FastifyError,
  request: FastifyRequest,
  reply: FastifyReply,
): void {
  const failure =
    code === 'FST_ERR_MAX_PARAM_LENGTH'
      ? serviceFailure(
          'PathTooLong',
          `A part of the path is longer than ${MAX_PATH_PART} characters.`,
        )
      : serviceFailure('InvalidPath', 'The path is not valid: a % must be written as %25.')
  const { envelope, status } = toResponse(undefined, refused([failure]), noCalls(request.id))
  void reply
    .code(status)
    .headers({
      'x-request-id': request.id,
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-store',
    })
    .send(envelope)
}

function failureOf({ code }: { code?: string }) {
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
      )
    default:
      return serviceFailure('InvalidHttp', 'The bytes received are not an HTTP request.')
  }
}

function noCalls(requestId: string) {
  return { requestId, apiCalls: 0, throttled: 0, queuedMs: 0, durationMs: 0 }
}
