/** What a throttle leaves of the rate. */
const REDUCTION = 0.7

/** The least share of the quota that is left, however long throttles go on. */
const MIN_SHARE = 0.05

/** Time to find back to the rate at which AWS throttled, in milliseconds. */
const RECOVERY_MS = 15_000

/** How long nothing is sent after a throttle, in milliseconds; doubled while throttles follow one another. */
const PAUSE_MS = 1_000
const MAX_PAUSE_MS = 8_000

/**
 * How much of the quota one limiter uses. It is all of it until AWS throttles, which means that others use the
 * account too. Then everything pauses, goes on slower, and finds back along a cubic curve: quickly towards the rate
 * that failed, carefully around it, and quickly beyond, when the others have gone (as CUBIC does in TCP, RFC 9438).
 *
 * All times are milliseconds on the clock of `performance.now()`.
 */
export class Pace {
  /** The share at which AWS throttled last. */
  #ceiling = 1
  /** The share that the last throttle left. */
  #floor = 1
  /** When AWS throttled last. */
  #throttledAt = -Infinity
  #pausedUntil = -Infinity
  #pause = PAUSE_MS

  /** The share of the quota that may be used now, above 0, at most 1. */
  shareAt(now: number): number {
    if (this.#throttledAt === -Infinity) return 1
    const since = (now - this.#throttledAt - RECOVERY_MS) / RECOVERY_MS
    const share = this.#ceiling + (this.#ceiling - this.#floor) * since ** 3
    return Math.min(1, Math.max(MIN_SHARE, share))
  }

  /** How long nothing may be sent from now on. */
  pauseLeftAt(now: number): number {
    return Math.max(0, this.#pausedUntil - now)
  }

  /**
   * AWS throttled a request.
   *
   * @param grantedAt when the request got its permit: what was sent before the last throttle was known tells nothing new
   */
  throttled(now: number, grantedAt: number): void {
    if (grantedAt <= this.#throttledAt) return
    const share = this.shareAt(now)
    // lower than last time: more of the others; aim below, so that they find room sooner
    this.#ceiling = share < this.#ceiling ? (share * (1 + REDUCTION)) / 2 : share
    this.#floor = Math.max(MIN_SHARE, Math.min(this.#ceiling, share * REDUCTION))
    this.#throttledAt = now
    this.#pausedUntil = now + this.#pause
    this.#pause = Math.min(MAX_PAUSE_MS, this.#pause * 2)
  }

  /** AWS took a request. */
  answered(grantedAt: number): void {
    if (grantedAt > this.#throttledAt) this.#pause = PAUSE_MS
  }
}
