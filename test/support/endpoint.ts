import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Test } from 'tap'

/** One request as it arrived. */
export interface Arrival {
  operation: string
  input: Record<string, any>
  headers: IncomingMessage['headers']
}

/** A small real HTTP server in CloudTrail's place, which answers as a test wants. */
export interface Endpoint {
  url: string
  server: Server
  arrivals: Arrival[]
}

/** Starts it, ended with the test. */
export async function startEndpoint(
  t: Test,
  answer: (arrival: Arrival, response: ServerResponse, count: number) => void,
): Promise<Endpoint> {
  const arrivals: Arrival[] = []
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      // STS is asked in form fields
      const isJson = request.headers['content-type']?.includes('json') === true
      const target = String(request.headers['x-amz-target'])
      const arrival = {
        operation: target.slice(target.lastIndexOf('.') + 1),
        input: isJson ? (JSON.parse(Buffer.concat(chunks).toString() || '{}') as object) : {},
        headers: request.headers,
      }
      arrivals.push(arrival)
      answer(arrival, response, arrivals.length)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.teardown(() => {
    server.closeAllConnections()
    server.close()
  })
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, server, arrivals }
}

/** Answers as CloudTrail does. */
export function json(response: ServerResponse, body: unknown, status = 200): void {
  response.writeHead(status, {
    'content-type': 'application/x-amz-json-1.1',
    'x-amzn-requestid': '00000000-0000-4000-8000-000000000001',
  })
  response.end(body === undefined ? '' : JSON.stringify(body))
}
