import { subscribe } from 'node:diagnostics_channel'
import type { ClientRequest } from 'node:http'
import type { HttpRequest } from '@smithy/types'
import type { Permit } from '../quota/permit.js'

/** The header by which the SDK distinguishes its calls; its retry loop gives every request one. */
const INVOCATION_ID = 'amz-sdk-invocation-id'

/** Who wants to know when a request has been handed to the operating system. */
interface Sending {
  onSent: () => void
  permit: Pick<Permit, 'expire' | 'voided'>
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
  const { onSent, permit } = sending
  const { voided } = permit
  // what has not been written yet, since its socket is not connected, goes with the socket
  const onVoid = () => request.destroy(voided?.reason as Error)
  voided?.addEventListener('abort', onVoid, { once: true })
  const { socket } = request
  if (voided && socket?.connecting === true) {
    // it is written as soon as the socket is connected, and TLS agreed on: the check is before that
    for (const event of ['connect', 'secureConnect']) {
      socket.prependOnceListener(event, () => permit.expire())
    }
  }
  request.once('finish', () => {
    voided?.removeEventListener('abort', onVoid)
    // a request that is destroyed before it is written may finish all the same
    if (voided?.aborted !== true) onSent()
  })
})

/**
 * Calls `onSent` when the HTTP request that `send` makes of `request` has been written to its connected socket: after
 * name look-up, connect and TLS. It is the earliest moment at which the request can be at the endpoint, and the
 * SDK reports none. A request whose permit is void is destroyed, unless it has been sent.
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
