import { channel } from 'node:diagnostics_channel'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import { createServer } from 'node:http'
import { setTimeout as delay } from 'node:timers/promises'

import { handleAdmin } from '../admin.js'
import type { AdminActions } from '../admin.js'
import { handleCloudTrail } from './cloudtrail.js'
import type { Outcome } from './cloudtrail.js'
import type { SandboxContext } from './context.js'
import type { AwsError } from '../errors.js'
import { commonError } from '../errors.js'
import { errorResponse, unknownOperation } from './protocol.js'
import type { WireResponse } from './protocol.js'
import { handleSts } from './sts.js'

/**
 * Publishes every CloudTrail response without an injected fault, as `{target, status, body}`,
 * on this channel of Node's diagnostics: the tests check there that none breaks CloudTrail's schemas.
 */
const responses = channel('cloudtrail-sandbox.response')

/** The largest request body, in bytes; AWS's own JSON services take 1 MB. */
const MAX_BODY = 1024 * 1024
/** The largest state that can be imported, in bytes. */
const MAX_STATE = 512 * MAX_BODY

/**
 * The sandbox's HTTP server: CloudTrail and STS at `/`, the sandbox's own endpoints under `/sandbox/`.
 *
 * @param latencyMs the delay of every response of CloudTrail and STS, in milliseconds
 */
export function makeServer(core: SandboxContext, actions: AdminActions, latencyMs: number): Server {
  const closing = new AbortController()
  const server = createServer((request, response) => {
    void handle(core, actions, request)
      .then(async (outcome) => {
        if (latencyMs > 0 && request.url?.startsWith('/sandbox/') !== true) {
          await delay(latencyMs, undefined, { signal: closing.signal, ref: false })
        }
        send(response, outcome)
      })
      .catch((error: unknown) => {
        if (request.complete && !closing.signal.aborted) {
          send(response, { response: errorResponse(internalFailure(error)) })
          return
        }
        // the client left, or the sandbox closes: no client waits for the response
        response.destroy()
      })
  })
  // longer than clients keep an idle connection, so that none is closed under a request on its way
  server.keepAliveTimeout = 65_000
  server.on('close', () => closing.abort())
  return server
}

function internalFailure(error: unknown): AwsError {
  return commonError('InternalFailure', `The sandbox itself failed: ${String(error)}`, 500)
}

async function handle(
  core: SandboxContext,
  actions: AdminActions,
  request: IncomingMessage,
): Promise<Outcome> {
  const { method = '', url = '', headers } = request
  const body = await readBody(request, url.startsWith('/sandbox/') ? MAX_STATE : MAX_BODY)
  if (body === undefined) {
    return { response: errorResponse(commonError('RequestEntityTooLargeException', '', 413)) }
  }
  const sourceAddress = request.socket.remoteAddress ?? ''
  const signed = { method, url, headers, body, sourceAddress }
  if (url.startsWith('/sandbox/')) return { response: handleAdmin(actions, signed) }
  if (method !== 'POST' || url !== '/') {
    return { response: errorResponse(unknownOperation(`${method} ${url}`)) }
  }
  if (headers['content-type']?.startsWith('application/x-www-form-urlencoded') === true) {
    return { response: handleSts(core, signed) }
  }
  const outcome = handleCloudTrail(core, signed)
  const { status, body: sent } = outcome.response
  if (outcome.fault === undefined) {
    responses.publish({ target: headers['x-amz-target'] ?? '', status, body: sent })
  }
  return outcome
}

/** The body as text, or `undefined` when it is larger than `limit` bytes. */
async function readBody(request: IncomingMessage, limit: number): Promise<string | undefined> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length
    // the rest is read and dropped, so that the client gets a response and not a broken connection
    if (size <= limit) chunks.push(chunk)
  }
  return size > limit ? undefined : Buffer.concat(chunks).toString()
}

/** Sends a response, changed by the injected fault if there is one. */
function send(to: ServerResponse, { response, fault }: Outcome): void {
  switch (fault) {
    case 'timeout':
      return
    case 'reset':
      to.socket?.resetAndDestroy()
      return
    case 'html':
      write(to, {
        status: 503,
        headers: { 'content-type': 'text/html' },
        body: '<html><head><title>503 Service Temporarily Unavailable</title></head><body></body></html>',
      })
      return
    case 'empty':
      write(to, { ...response, body: '' })
      return
    case 'half-body':
      sendHalf(to, response)
      return
    default:
      write(to, response)
  }
}

function write(response: ServerResponse, { status, headers, body }: WireResponse): void {
  response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) })
  response.end(body)
}

function sendHalf(response: ServerResponse, { status, headers, body }: WireResponse): void {
  const whole = Buffer.from(body.length > 1 ? body : '{"half": "a body"}')
  response.writeHead(status, { ...headers, 'content-length': whole.length })
  response.write(whole.subarray(0, whole.length >> 1), () => response.destroy())
}
