/**
 * How long after its slot was taken a shared permit may be used, in milliseconds: long enough for a look-up, a
 * connection and TLS to a far endpoint, and short, because the slots of a replica that died are in use as long.
 */
export const SEND_WITHIN_MS = 3_000

/** The difference between the clocks of Redis and of a replica over the life of a slot, in milliseconds. */
const MARGIN_MS = 1_000

/**
 * How long Redis keeps a slot that is not released, in milliseconds: until a request that was sent at the last moment
 * has been at the endpoint for a window.
 *
 * @param heldMs how long a slot is in use after its request was sent, in milliseconds
 */
export function slotExpirationMs(heldMs: number): number {
  return Math.ceil(SEND_WITHIN_MS + heldMs + MARGIN_MS)
}
