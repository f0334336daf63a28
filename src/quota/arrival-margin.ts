/** An endpoint whose fastest responses arrive within this time is near, in milliseconds. */
const NEAR_MS = 20

/** How long the slot waits for the response of a near endpoint, which bounds the request's arrival, in milliseconds. */
const NEAR_MARGIN_MS = 250

/**
 * How much later than it was sent a request to a far endpoint may arrive, in milliseconds: the jitter of a warm
 * connection. Waiting for responses of a far endpoint would leave quota unused.
 */
const FAR_MARGIN_MS = 25

/** The part of a slower round trip that raises the measured one at once: a slow response may be the endpoint's doing. */
const RAISE = 0.01

/** How much later than it was sent a request may arrive at the endpoint, learned from the fastest round trips. */
export class ArrivalMargin {
  #fastestMs = 0

  /** The margin in milliseconds. A response that arrives sooner ends it. */
  get ms(): number {
    return this.#fastestMs <= NEAR_MS ? NEAR_MARGIN_MS : FAR_MARGIN_MS
  }

  /** @param roundTripMs the time from sending a request to its response, in milliseconds */
  record(roundTripMs: number): void {
    // one fast response proves a short way; slow responses raise the value slowly
    const raised = Math.max(this.#fastestMs * 1.2 + 2, roundTripMs * RAISE)
    this.#fastestMs = Math.min(roundTripMs, raised)
  }
}
