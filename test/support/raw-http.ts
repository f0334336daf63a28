import { once } from 'node:events'
import { connect } from 'node:net'
import type { TestService } from './service.js'

/** Sends bytes as they are, and returns the response when the service closes the connection. */
export async function sendRaw(service: TestService, bytes: string): Promise<string> {
  const socket = connect(Number(new URL(service.url).port), '127.0.0.1')
  let response = ''
  socket.setEncoding('utf8').on('data', (chunk: string) => (response += chunk))
  socket.on('error', () => undefined)
  socket.write(bytes)
  await once(socket, 'close')
  return response
}

/** The envelope in a raw response. */
export const envelopeOf = (response: string) =>
  JSON.parse(response.slice(response.indexOf('\r\n\r\n') + 4)) as {
    returnData: string
    errors: { code: string; statusCode: number }[]
  }
