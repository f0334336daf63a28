/** How many searches are remembered. */
const MAX_KEPT = 1_000

/** What of a range of time a search has read: its events, and over how many seconds they lay. */
export interface Covered {
  events: number
  seconds: number
}

/**
 * How dense the events were that earlier searches found. SOAR playbooks ask the same again and again: what was found the
 * last time tells how many chains of pages are worth their calls before the first answer.
 */
export class Densities {
  readonly #covered = new Map<string, Covered>()

  /**
   * Events a second, or `undefined` where nothing like it was searched: a minute tells nothing of a day.
   *
   * @param search what tells one search from another: account, region and attribute
   * @param seconds how long a range is searched now
   */
  of(search: string, seconds: number): number | undefined {
    const known = this.#covered.get(search)
    return known && known.seconds >= seconds / 2 ? known.events / known.seconds : undefined
  }

  /** Learns from a search; from one that read nothing there is nothing to learn. */
  learn(search: string, { events, seconds }: Covered): void {
    if (seconds === 0) return
    this.#covered.delete(search)
    this.#covered.set(search, { events, seconds })
    const [oldest] = this.#covered.keys()
    if (this.#covered.size > MAX_KEPT && oldest !== undefined) this.#covered.delete(oldest)
  }
}
