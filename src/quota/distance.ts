/** An endpoint whose fastest answers come within this time is near, in milliseconds. */
const NEAR_MS = 20

/** How long the answer of a near endpoint is waited for: it tells exactly by when the request had arrived. */
const NEAR_MARGIN_MS = 250

/**
 * How much later than it was sent a request to a far endpoint may arrive, in milliseconds: the jitter of a warm
 * connection. To wait for far answers would leave quota unused.
 */
const FAR_MARGIN_MS = 25

/** The part of an answer's time that counts at once: who waits for seconds learns nothing of when a request arrived. */
const AT_ONCE = 0.01

/** How far away an endpoint is, from its fastest answers of late. */
export class Distance {
  #fastestMs = 0

  /** How long after it was sent a request is taken to have arrived, unless its answer comes sooner. */
  get marginMs(): number {
    return this.#fastestMs <= NEAR_MS ? NEAR_MARGIN_MS : FAR_MARGIN_MS
  }

  /** @param roundTripMs the time from a request's sending to its answer, in milliseconds */
  measured(roundTripMs: number): void {
    // one fast answer shows that the way is short; slow ones may be the endpoint's own doing, and count slowly
    const slower = Math.max(this.#fastestMs * 1.2 + 2, roundTripMs * AT_ONCE)
    this.#fastestMs = Math.min(roundTripMs, slower)
  }
}
