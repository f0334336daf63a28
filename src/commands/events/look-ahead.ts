/** Events that all searches of the process fetch ahead of their readers at most, about 3 KB each. */
const MAX_EVENTS = 4_000

/**
 * The look-ahead of all searches: clients that read slowly, or not at all, share one bound of memory. A search keeps one
 * page beyond it, without which it would not continue.
 */
export class LookAhead {
  #searches = 0

  /** Opens the share of one search. */
  open(): LookAheadShare {
    this.#searches += 1
    return {
      events: () => Math.floor(MAX_EVENTS / this.#searches),
      close: () => {
        this.#searches -= 1
      },
    }
  }
}

/** What one search may fetch ahead. */
export interface LookAheadShare {
  /** Events that it may hold now: fewer while more searches run. */
  events(): number
  /** Gives the share to the others. To be called once. */
  close(): void
}
