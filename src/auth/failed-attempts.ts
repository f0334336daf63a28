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

/** Failures of one address whose answers are held back at the same time, at most. */
const MAX_HELD = 100

/** Counts failed attempts to authenticate, and says how long the refusal of the next one waits. */
export class FailedAttempts {
  readonly #byAddress = new Map<string, { failures: number; last: number; heldUntil: number[] }>()

  /**
   * Notes a failure.
   *
   * @param now milliseconds on any clock that does not go back
   * @returns for how long its answer is to be held back, in milliseconds; `undefined` when so many of the address's
   *   answers are held back already that it is not worth looking at
   */
  delayOf(address: string, now: number): number | undefined {
    const known = this.#byAddress.get(address)
    const failures = known && now - known.last < FORGET_MS ? known.failures + 1 : 1
    const held = (known?.heldUntil ?? []).filter((until) => until > now)
    if (held.length >= MAX_HELD) return undefined
    const over = failures - FREE_FAILURES
    const delay = over <= 0 ? 0 : Math.min(MAX_DELAY_MS, FIRST_DELAY_MS * 2 ** (over - 1))
    this.#byAddress.delete(address)
    this.#byAddress.set(address, { failures, last: now, heldUntil: [...held, now + delay] })
    if (this.#byAddress.size > MAX_ADDRESSES) {
      const [oldest] = this.#byAddress.keys()
      if (oldest !== undefined) this.#byAddress.delete(oldest)
    }
    return delay
  }
}
