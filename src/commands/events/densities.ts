import { LRUCache } from 'lru-cache'

/** How many searches are remembered, least recently used evicted first. */
const MAX_SEARCHES = 1_000

/** The part of a time range that a search has read: its events, and its length in seconds. */
export interface Covered {
  events: number
  seconds: number
}

/**
 * Event densities found by earlier searches. SOAR playbooks repeat their searches: the last density says how many chains
 * of pages are worth their calls before the first response.
 */
export class Densities {
  readonly #covered = new LRUCache<string, Covered>({ max: MAX_SEARCHES })

  /**
   * Events per second, or `undefined` where no comparable search was made: a minute says nothing about a day.
   *
   * @param search identifies the search: account, region and attribute
   * @param seconds length of the range to be searched now
   */
  of(search: string, seconds: number): number | undefined {
    const known = this.#covered.get(search)
    return known && known.seconds >= seconds / 2 ? known.events / known.seconds : undefined
  }

  /** Remembers the density of a search; a search that read nothing is ignored. */
  learn(search: string, { events, seconds }: Covered): void {
    if (seconds > 0) this.#covered.set(search, { events, seconds })
  }
}
