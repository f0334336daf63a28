import type { Position } from './position.js'
import { PAGE_SIZE, secondOf, type Page, type Range, type WireEvent } from './page.js'

/** A page of a shard, as far as its events belong to the shard. */
export interface Batch {
  events: WireEvent[]
  /** What was asked of AWS for the page. */
  range: Range
  token: string | undefined
  /** How many events of the page came before `events`. */
  offset: number
  /** AWS's token for the page after it. */
  nextToken: string | undefined
  /** Where the search continues behind it. */
  next: Position
}

/**
 * A part of a search's time, read by one chain of pages from its newest second to its oldest. A shard begins and ends
 * between two seconds, so that the events of one second, which no time can part, come from one chain in AWS's order.
 */
export class Shard {
  /** The range that AWS is asked for. It stays what it was, even when older time is handed over: tokens belong to it. */
  readonly asked: Range
  /** Pages that came and were not yet taken. */
  readonly batches: Batch[] = []
  state: 'idle' | 'waiting' | 'running' | 'done' | 'failed' = 'idle'
  error: unknown
  /** Aborts when another shard's page holds all that this one asks for. */
  readonly needless = new AbortController()
  /** Pages that came. */
  pages = 0
  /** What was fetched for nothing, in events: room on the last page, and what belongs to an older shard. */
  wasted = 0
  /** Every event that is newer than this second is known. */
  cursor: number
  /** The oldest second that is the shard's own. */
  from: number
  #recentEvents = 0
  #recentSeconds = 0
  #token: string | undefined
  #offset: number
  readonly #tokens = new Set<string>()

  constructor(range: Range, start: { token: string | undefined; offset: number } | undefined) {
    this.asked = range
    this.from = range.from
    this.cursor = range.to
    this.#token = start?.token
    this.#offset = start?.offset ?? 0
  }

  /** The token with which the next page is asked for. */
  get token(): string | undefined {
    return this.#token
  }

  /** Events per second of the pages that came last, or `undefined` before the first. */
  get rate(): number | undefined {
    return this.pages === 0 ? undefined : this.#recentEvents / this.#recentSeconds
  }

  get isOver(): boolean {
    return this.state === 'done' || this.state === 'failed'
  }

  /** Events that came and were not yet taken. */
  get buffered(): number {
    return this.batches.reduce((sum, { events }) => sum + events.length, 0)
  }

  /** Hands over the time up to a second, which must be older than the cursor. */
  giveAway(to: number): Range {
    const given = { from: this.from, to }
    this.from = to + 1
    return given
  }

  /** Takes back the time that the next older shard was given. */
  takeBack(older: Shard): void {
    this.from = older.from
  }

  /**
   * Takes a page in.
   *
   * @throws {RangeError} when AWS repeats a token, which would go round for ever
   */
  take(page: Page): void {
    const { asked } = this
    const offset = this.#offset
    const fresh = page.events.slice(offset)
    const events = fresh.filter((event) => this.#owns(event))
    const oldest = page.events.at(-1)
    const crossed = oldest !== undefined && secondOf(oldest) < this.from
    this.#learnRate(events, oldest, crossed || page.nextToken === undefined)
    this.pages += 1
    const { nextToken } = page
    const isLast = crossed || nextToken === undefined
    const chain = isLast ? undefined : { range: asked, token: nextToken, offset: 0 }
    const next = chain ? { to: this.cursor, chain } : { to: this.from - 1 }
    this.batches.push({ events, range: asked, token: this.#token, offset, nextToken, next })
    this.#offset = 0
    if (isLast) {
      this.wasted += PAGE_SIZE - events.length
      this.state = 'done'
      return
    }
    if (this.#tokens.has(nextToken)) throw new RangeError('The endpoint repeated a NextToken.')
    this.#tokens.add(nextToken)
    this.#token = nextToken
    this.state = 'idle'
  }

  #owns(event: WireEvent): boolean {
    const second = secondOf(event)
    return second >= this.from && second <= this.asked.to
  }

  /** Of the pages before, half counts: density changes as a search goes back in time. */
  #learnRate(events: readonly WireEvent[], oldest: WireEvent | undefined, isLast: boolean): void {
    // a page may be empty and have a token all the same: it does not show how far AWS has come
    const reached = isLast ? this.from - 1 : oldest ? secondOf(oldest) : this.cursor
    this.#recentEvents = this.#recentEvents / 2 + events.length
    this.#recentSeconds = this.#recentSeconds / 2 + Math.max(1, this.cursor - reached)
    this.cursor = reached
  }
}
