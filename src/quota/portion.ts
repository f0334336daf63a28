/** How many starts count as seen from the beginning, at the full rate: one that comes late is no reason to despair. */
const PRIOR = 2

/** After how many starts the older half of what was seen is forgotten. */
const MEMORY = 20

/**
 * How much of the rate a limiter gets that shares it with other replicas: what it was given while somebody waited here,
 * compared with what it would have been given alone.
 *
 * All times are milliseconds on the clock of `performance.now()`.
 */
export class Portion {
  /** Since when somebody has been waiting all the time. */
  #since: number | undefined
  #given = 0

  /** Somebody waits, who may start at that time at the earliest. */
  waits(from: number): void {
    this.#since ??= from
  }

  /** A request was let go. */
  gave(now: number): void {
    if (this.#since === undefined) return
    this.#given += 1
    if (this.#given <= MEMORY) return
    this.#given /= 2
    this.#since += (now - this.#since) / 2
  }

  /** Nobody waits, or something else than others holds starts up: what was seen tells nothing of what comes. */
  forget(): void {
    this.#since = undefined
    this.#given = 0
  }

  /**
   * The portion, above 0, at most 1.
   *
   * @param rate what there is for all replicas, in starts a millisecond
   */
  at(now: number, rate: number): number {
    if (this.#since === undefined) return 1
    const alone = Math.max(0, now - this.#since) * rate
    return Math.min(1, (this.#given + PRIOR) / (alone + PRIOR))
  }
}
