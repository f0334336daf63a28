/** The part of the rate that a throttle leaves. */
const REDUCTION = 0.7

/** The least share of the quota, however long throttles continue. */
const MIN_SHARE = 0.05

/** Time to recover the rate at which AWS throttled, in milliseconds. */
const RECOVERY_MS = 15_000

/** How long nothing is sent after a throttle, in milliseconds; doubled while throttles follow one another. */
const PAUSE_MS = 1_000
const MAX_PAUSE_MS = 8_000

/**
 * The share of the quota that a limiter uses: all of it until AWS throttles, because others use the account too. A
 * throttle pauses the limiter and reduces the share, which recovers along a cubic curve: quickly towards the rate that
 * failed, slowly around it, and quickly beyond it when the others have stopped (as CUBIC does in TCP, RFC 9438). While the
 * share is reduced, starts are spread evenly over the window.
 *
 * All times are milliseconds on the clock of `performance.now()`.
 */
export class Pace {
  /** The share at which AWS throttled last. */
  #ceiling = 1
  /** The share after the last throttle. */
  #floor = 1
  /** When AWS throttled last. */
  #throttledAt = -Infinity
  /** When the next request may start. */
  #nextAt = -Infinity
  #pause = PAUSE_MS

  /** The share of the quota that may be used now, above 0, at most 1. */
  shareAt(now: number): number {
    if (this.#throttledAt === -Infinity) return 1
    const since = (now - this.#throttledAt - RECOVERY_MS) / RECOVERY_MS
    const share = this.#ceiling + (this.#ceiling - this.#floor) * since ** 3
    return Math.min(1, Math.max(MIN_SHARE, share))
  }

  /** How long no request may start from now on. */
  startsInMs(now: number): number {
    return Math.max(0, this.#nextAt - now)
  }

  /**
   * A request starts.
   *
   * @param intervalMs the mean time between two starts at the whole quota
   */
  started(now: number, intervalMs: number): void {
    const share = this.shareAt(now)
    if (share < 1) this.#nextAt = now + intervalMs / share
  }

  /**
   * AWS throttled a request.
   *
   * @param grantedAt when the request got its permit: requests sent before the last throttle was known are no news
   */
  throttled(now: number, grantedAt: number): void {
    if (grantedAt <= this.#throttledAt) return
    const share = this.shareAt(now)
    // lower than last time: the others send more; a lower ceiling finds the free rate sooner
    this.#ceiling = share < this.#ceiling ? (share * (1 + REDUCTION)) / 2 : share
    this.#floor = Math.max(MIN_SHARE, Math.min(this.#ceiling, share * REDUCTION))
    this.#throttledAt = now
    this.#nextAt = Math.max(this.#nextAt, now + this.#pause)
    this.#pause = Math.min(MAX_PAUSE_MS, this.#pause * 2)
  }

  /** AWS accepted a request. */
  responded(grantedAt: number): void {
    if (grantedAt > this.#throttledAt) this.#pause = PAUSE_MS
  }
}
