/** Failures of one address that are not slowed down. */
const FREE_FAILURES = 5

/** Each further failure doubles the delay, from this one, in milliseconds. */
const FIRST_DELAY_MS = 100

/** The longest delay, in milliseconds. */
const MAX_DELAY_MS = 5_000

/** An address without failures for this long starts anew, in milliseconds. */
const FORGET_MS = 60_000

/** How many addresses are remembered; the one whose failure is oldest goes first. */
const MAX_ADDRESSES = 10_000

/** Counts failed attempts to authenticate, and says how long the refusal of the next one waits. */
export class FailedAttempts {
  readonly #byAddress = new Map<string, { failures: number; last: number }>()

  /**
   * Notes a failure.
   *
   * @param now milliseconds on any clock that does not go back
   * @returns for how long its answer is to be held back, in milliseconds
   */
  delayOf(address: string, now: number): number {
    const known = this.#byAddress.get(address)
    const failures = known && now - known.last < FORGET_MS ? known.failures + 1 : 1
    this.#byAddress.delete(address)
    this.#byAddress.set(address, { failures, last: now })
    if (this.#byAddress.size > MAX_ADDRESSES) {
      const [oldest] = this.#byAddress.keys()
      if (oldest !== undefined) this.#byAddress.delete(oldest)
    }
    const over = failures - FREE_FAILURES
    return over <= 0 ? 0 : Math.min(MAX_DELAY_MS, FIRST_DELAY_MS * 2 ** (over - 1))
  }
}
