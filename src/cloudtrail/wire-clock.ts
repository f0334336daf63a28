import { AsyncLocalStorage } from 'node:async_hooks'
import { subscribe } from 'node:diagnostics_channel'
import type { ClientRequest } from 'node:http'

/** Who wants to know when the HTTP request made within its `run` has been handed to the operating system. */
const listeners = new AsyncLocalStorage<() => void>()

subscribe('http.client.request.start', (message) => {
  const onSent = listeners.getStore()
  if (onSent) (message as { request: ClientRequest }).request.once('finish', onSent)
})

/**
 * Runs `send` and calls `onSent` when the HTTP request that it makes has been written to its connected socket: after
 * name look-up, connect and TLS. It is the earliest moment at which the request can be at the endpoint, and the
 * SDK tells of none.
 */
export function observeSending<T>(onSent: () => void, send: () => Promise<T>): Promise<T> {
  return listeners.run(onSent, send)
}
