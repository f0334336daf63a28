import { subscribe } from 'node:diagnostics_channel'
import type { ClientRequest } from 'node:http'
import type { HttpRequest } from '@smithy/types'

/** The header by which the SDK distinguishes its calls; its retry loop gives every request one. */
const INVOCATION_ID = 'amz-sdk-invocation-id'

/** Who wants to know when a request has been handed to the operating system. */
interface Sending {
  onSent: () => void
  /** Aborts when the request must not be sent any more. */
  voided: AbortSignal | undefined
}

/**
 * The requests that are waited for, by invocation id. An AsyncLocalStorage would distinguish them too, but makes every
 * promise of the process dearer.
 */
const sendings = new Map<string, Sending>()

subscribe('http.client.request.start', (message) => {
  const { request } = message as { request: ClientRequest }
  const sending = sendings.get(String(request.getHeader(INVOCATION_ID)))
  if (!sending) return
  const { onSent, voided } = sending
  // what has not been written yet, since its socket is not connected, goes with the socket
  const onVoid = () => request.destroy(voided?.reason as Error)
  voided?.addEventListener('abort', onVoid, { once: true })
  request.once('finish', () => {
    voided?.removeEventListener('abort', onVoid)
    onSent()
  })
})

/**
 * Calls `onSent` when the HTTP request that `send` makes of `request` has been written to its connected socket: after
 * name look-up, connect and TLS. It is the earliest moment at which the request can be at the endpoint, and the
 * SDK reports none. A request that `voided` cancels is destroyed, unless it has been sent.
 */
export async function observeSending<T>(
  request: HttpRequest,
  sending: Sending,
  send: () => Promise<T>,
): Promise<T> {
  const id = String(request.headers[INVOCATION_ID])
  sendings.set(id, sending)
  try {
    return await send()
  } finally {
    sendings.delete(id)
  }
}
