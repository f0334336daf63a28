import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Test } from 'tap'

/** A request that the endpoint received. */
export interface Arrival {
  operation: string
  input: Record<string, any>
  headers: IncomingMessage['headers']
}

/** An HTTP server in place of CloudTrail, whose responses a test decides. */
export interface Endpoint {
  url: string
  server: Server
  arrivals: Arrival[]
}

/** Starts an endpoint, which is closed with the test. */
export async function startEndpoint(
  t: Test,
  respond: (arrival: Arrival, response: ServerResponse, count: number) => void,
): Promise<Endpoint> {
  const arrivals: Arrival[] = []
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      // requests to STS are form fields
      const isJson = request.headers['content-type']?.includes('json') === true
      const target = String(request.headers['x-amz-target'])
      const arrival = {
        operation: target.slice(target.lastIndexOf('.') + 1),
        input: isJson ? (JSON.parse(Buffer.concat(chunks).toString() || '{}') as object) : {},
        headers: request.headers,
      }
      arrivals.push(arrival)
      respond(arrival, response, arrivals.length)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.teardown(() => {
    server.closeAllConnections()
    server.close()
  })
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, server, arrivals }
}

/** Responds as CloudTrail does. */
export function json(response: ServerResponse, body: unknown, status = 200): void {
  response.writeHead(status, {
    'content-type': 'application/x-amz-json-1.1',
    'x-amzn-requestid': '00000000-0000-4000-8000-000000000001',
  })
  response.end(body === undefined ? '' : JSON.stringify(body))
}
