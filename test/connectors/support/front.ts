import { once } from 'node:events'
import { createServer, request, type IncomingHttpHeaders, type RequestListener } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import type { Test } from 'tap'

/** A request of a connector as it arrived, and how the service responded. */
export interface FrontRequest {
  method: string
  path: string
  headers: IncomingHttpHeaders
  body: string
  /** Status and headers of the service's response; `undefined` where the front responded itself. */
  response?: { status: number; headers: IncomingHttpHeaders }
}

/**
 * What happens to the next request of a connector: `cut` carries it out and loses the response, `stored` is the throttle
 * that an idempotency key kept.
 */
export type FrontFault = 'cut' | 'throttle' | 'stored' | 'conflict' | 'html'

/** What stands between a connector and the service: it writes requests down, and can spoil them. */
export interface Front {
  url: string
  requests: FrontRequest[]
  /** Spoils the next requests, one fault each. */
  spoil(...faults: FrontFault[]): void
}

const THROTTLED = {
  command: 'start-logging',
  returnData: 'Failed',
  contextData: [],
  keyFields: {},
  rawData: null,
  error: 'Start Logging failed. Status Code: 429. Message: The quota is in use.',
  errors: [
    {
      failureIndicator: 'Start Logging failed.',
      statusCode: 429,
      message: 'The quota is in use.',
      code: 'QuotaQueueFull',
      source: 'service',
      attempts: 0,
      retryable: true,
    },
  ],
  meta: { requestId: 'front', apiCalls: 0, throttled: 0, queuedMs: 0, durationMs: 0 },
}

/** AWS works on an earlier write to the trail. */
const CONFLICT = {
  ...THROTTLED,
  errors: [{ ...THROTTLED.errors[0], statusCode: 400, code: 'ConflictException', source: 'aws' }],
}

/** The responses that the front makes itself. */
const SPOILED = {
  throttle: { status: 429, headers: {}, body: THROTTLED },
  stored: { status: 429, headers: { 'idempotency-replayed': 'true' }, body: THROTTLED },
  conflict: { status: 400, headers: {}, body: CONFLICT },
}

/**
 * Starts it before a service, ended with the test.
 *
 * @param tls key and certificate in PEM, where it is to speak HTTPS
 */
export async function startFront(
  t: Test,
  service: string,
  tls?: { key: string; cert: string },
): Promise<Front> {
  const requests: FrontRequest[] = []
  const faults: FrontFault[] = []
  const listener: RequestListener = (incoming, outgoing) => {
    const chunks: Buffer[] = []
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
    incoming.on('end', () => {
      const { method = '', headers } = incoming
      // a client of a proxy names the whole address
      const path = (incoming.url ?? '').replace(/^http:\/\/[^/]+/, '')
      const body = Buffer.concat(chunks)
      const seen: FrontRequest = { method, path, headers, body: body.toString() }
      requests.push(seen)
      const fault = faults.shift()
      if (fault === 'throttle' || fault === 'stored' || fault === 'conflict') {
        const { status, headers, body } = SPOILED[fault]
        outgoing.writeHead(status, {
          'content-type': 'application/json',
          'retry-after': '1',
          ...headers,
        })
        return outgoing.end(JSON.stringify(body))
      }
      if (fault === 'html') {
        outgoing.writeHead(502, { 'content-type': 'text/html' })
        return outgoing.end('<h1>Bad gateway</h1>')
      }
      const forwarded = request(service + path, { method, headers }, (response) => {
        seen.response = { status: response.statusCode ?? 0, headers: response.headers }
        if (fault === 'cut') {
          response.resume()
          return response.on('end', () => incoming.socket.destroy())
        }
        outgoing.writeHead(response.statusCode ?? 0, response.headers)
        return response.pipe(outgoing)
      })
      forwarded.on('error', () => incoming.socket.destroy())
      return forwarded.end(body)
    })
  }
  const server = tls ? createSecureServer(tls, listener) : createServer(listener)
  await once(server.listen(0, '127.0.0.1'), 'listening')
  t.teardown(() => {
    server.closeAllConnections()
    server.close()
  })
  const { port } = server.address() as AddressInfo
  return {
    url: tls ? `https://localhost:${port}` : `http://127.0.0.1:${port}`,
    requests,
    spoil: (...next) => void faults.push(...next),
  }
}
