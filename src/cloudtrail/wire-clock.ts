import { subscribe } from 'node:diagnostics_channel'
import type { ClientRequest } from 'node:http'
import type { HttpRequest } from '@smithy/types'

/** The header by which the SDK tells its calls apart; its retry loop gives every request one. */
const INVOCATION_ID = 'amz-sdk-invocation-id'

/**
 * Who wants to know when a request has been handed to the operating system, by invocation id. An AsyncLocalStorage would
 * tell it too, but makes every promise of the process dearer.
 */
const listeners = new Map<string, () => void>()

subscribe('http.client.request.start', (message) => {
  const { request } = message as { request: ClientRequest }
  const onSent = listeners.get(String(request.getHeader(INVOCATION_ID)))
  if (onSent) request.once('finish', onSent)
})

/**
 * Calls `onSent` when the HTTP request that `send` makes of `request` has been written to its connected socket: after
 * name look-up, connect and TLS. It is the earliest moment at which the request can be at the endpoint, and the
 * SDK tells of none.
 */
export async function observeSending<T>(
  request: HttpRequest,
  onSent: () => void,
  send: () => Promise<T>,
): Promise<T> {
  const id = String(request.headers[INVOCATION_ID])
  listeners.set(id, onSent)
  try {
    return await send()
  } finally {
    listeners.delete(id)
  }
}
