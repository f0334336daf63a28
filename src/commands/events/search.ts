import { setMaxListeners } from 'node:events'
import type { ServiceErrorCode } from '../../envelope/error-codes.js'
import { FailureError } from '../../envelope/failure.js'
import { serviceFailure } from '../../envelope/service-failure.js'
import type { Covered } from './densities.js'
import { KnownEvents } from './known-events.js'
import { PAGE_SIZE, secondOf, type FetchPage, type Page, type Range } from './page.js'
import type { Position } from './position.js'
import { Shard, type Batch } from './shard.js'
import { bestSplit, blindSplit, estimate } from './split.js'

/** How a search is run. */
export interface SearchOptions {
  /** How many events are still wanted, beyond those that were taken: they bound what is fetched ahead. */
  wanted: () => number
  /** From how slow a response on more chains are worth their calls, in milliseconds. */
  patienceMs: number
  /** Events that are fetched ahead of the reader, at most: they bound the memory of a search. */
  maxBuffered: () => number
  /** Events per second that a search like this found earlier; `undefined` where there was none. */
  density?: number | undefined
}

/** The default of `patienceMs`: a chain whose responses come faster keeps a quota of 2 per second busy by itself. */
export const PATIENCE_MS = 250

/** Chains of one search at a time, at most: 2 requests per second, each of which may take 16 seconds. */
const MAX_CHAINS = 32

/** What a split is reckoned to cost, in calls; where it has cost more so far, that is reckoned with. */
const SPLIT_COST = 0.3

/** Shards that are made before the first response, for each page that is wanted. */
const BLIND = 0.15

/** Pages for which a search without a limit looks ahead before its first response. */
const UNKNOWN = 40

/**
 * A search of one attribute over a range of time in one region, newest first.
 *
 * It begins as one chain of pages at the newest end. Where responses come so slowly that the quota would lie idle, it is
 * split: the older part of what is left becomes a shard with a chain of its own. Shards lie side by side, and are
 * handed on from the newest to the oldest, so that nothing is missing and nothing comes twice. Where to split follows from
 * the density of the pages that came; before the first, by that of an earlier search, or blindly where there was none.
 *
 * A split costs half a call on average, because the newer part's last page reaches over the border. Splits are made
 * only while no call of this search waits for the quota, and as long as what they cost stays within a tenth of the
 * calls that one chain would need, and two.
 */
export class Search {
  /** What was read so far, also what nobody took. */
  readonly covered: Covered = { events: 0, seconds: 0 }
  readonly #shards: Shard[]
  readonly #calls = new AbortController()
  readonly #range: Range
  #known: KnownEvents | undefined
  #resumedAt: Position | undefined
  #started = performance.now()
  #latencyMs: number | undefined
  #pages = 0
  /** Events' worth of calls that were made for nothing, by shards that are over and gone. */
  #wasted = 0
  /** How many shards those are. */
  #passed = 0
  #blindSplits = 0
  /** Batches that are about to be handed on. */
  #held = 0
  #timer: NodeJS.Timeout | undefined
  #wake: (() => void) | undefined

  /**
   * @param fetch asks for one page
   * @param range the range of the whole search
   * @param position where in it the search begins
   */
  constructor(
    private readonly fetch: FetchPage,
    range: Range,
    position: Position,
    private readonly options: SearchOptions,
  ) {
    this.#range = range
    setMaxListeners(2 * MAX_CHAINS, this.#calls.signal)
    this.#shards = shardsFrom(range, position)
    if (position.chain) this.#resumedAt = position
    else if (position.after) this.#known = new KnownEvents(position.after)
  }

  /** Whether every event was taken, as far as is known. */
  get atEnd(): boolean {
    return (
      this.#held === 0 &&
      this.#shards.every(({ state, batches }) => state === 'done' && batches.length === 0)
    )
  }

  /**
   * The events, in batches, newest first and without a gap.
   *
   * @throws {FailureError} of the call at which the search stops; everything newer was handed on before
   */
  async *batches(): AsyncGenerator<Batch> {
    this.#started = performance.now()
    try {
      for (;;) {
        const [shard] = this.#shards
        if (!shard) return
        const batch = shard.batches.shift()
        if (batch) {
          const passed = this.#known?.pass(batch) ?? [batch]
          for (const [index, one] of passed.entries()) {
            this.#held = passed.length - index - 1
            yield one
          }
        } else if (shard.state === 'done') {
          this.#shards.shift()
          this.#wasted += this.#wasteOf(shard)
          this.#passed += 1
        } else if (shard.state === 'failed') {
          throw shard.error
        } else {
          this.#pump()
          await new Promise<void>((resolve) => (this.#wake = resolve))
        }
      }
    } finally {
      clearTimeout(this.#timer)
      this.#calls.abort()
    }
  }

  /** Keeps one request waiting at the quota as long as there is something to ask for, and never more than one. */
  #pump(): void {
    clearTimeout(this.#timer)
    while (!this.#calls.signal.aborted && !this.#shards.some(({ state }) => state === 'waiting')) {
      const shard = this.#nextIdle() ?? this.#split()
      if (!shard) return
      void this.#ask(shard)
    }
  }

  async #ask(shard: Shard): Promise<void> {
    shard.state = 'waiting'
    let sentAt = performance.now()
    try {
      const page = await this.fetch({
        range: shard.asked,
        token: shard.token,
        signal: AbortSignal.any([this.#calls.signal, shard.needless.signal]),
        onPermit: () => {
          sentAt = performance.now()
          shard.state = 'running'
          this.#pump()
        },
      })
      const took = performance.now() - sentAt
      this.#latencyMs = this.#latencyMs === undefined ? took : (this.#latencyMs + took) / 2
      this.#pages += 1
      const { buffered, cursor } = shard
      this.#take(shard, page)
      this.covered.events += shard.buffered - buffered
      this.covered.seconds += cursor - shard.cursor
    } catch (error) {
      this.#fail(shard, error)
    }
    this.#pump()
    this.#wake?.()
  }

  #take(shard: Shard, page: Page): void {
    this.#joinOlder(shard, page)
    if (this.#resumedAt && shard === this.#shards[0]) {
      if (!isPageOf(this.#resumedAt, page)) throw new LostPlaceError()
      this.#resumedAt = undefined
    }
    try {
      shard.take(page)
    } catch (error) {
      if (!(error instanceof RangeError)) throw error
      throw repeatedToken(error.message)
    }
  }

  /**
   * A page reaches as far back as there are events, also beyond the end of its shard, whose older time was handed over
   * after its chain began. The shards that it covers, and that have no response yet, are not needed any more.
   */
  #joinOlder(shard: Shard, { events, nextToken }: Page): void {
    const oldest = events.at(-1)
    const reached =
      nextToken === undefined ? shard.asked.from : oldest ? secondOf(oldest) + 1 : Infinity
    const next = this.#shards.indexOf(shard) + 1
    for (;;) {
      const older = this.#shards[next]
      if (!older || older.pages > 0 || older.isOver || older.from < reached) return
      this.#shards.splice(next, 1)
      shard.takeBack(older)
      if (older.state === 'running') this.#wasted += PAGE_SIZE
      this.#passed += 1
      older.needless.abort()
    }
  }

  /** A token that AWS no longer takes is no end: the search continues from the last event that was known. */
  #fail(shard: Shard, error: unknown): void {
    const from = this.#resumedAt
    const expired = from && shard === this.#shards[0] && shard.pages === 0 && isLostPlace(error)
    if (!expired) {
      shard.error = isLostPlace(error) ? goesOn(error) : error
      shard.state = 'failed'
      return
    }
    this.#resumedAt = undefined
    if (from.after) this.#known = new KnownEvents(from.after)
    this.#shards[0] = new Shard({ from: shard.from, to: from.to }, undefined)
  }

  /** The newest shard that has nobody asking for it, and whose events are wanted. */
  #nextIdle(): Shard | undefined {
    const wanted = this.options.wanted()
    const buffered = this.#buffered()
    let ahead = 0
    for (const [index, shard] of this.#shards.entries()) {
      if (index > 0 && (ahead >= wanted || buffered >= this.options.maxBuffered())) return undefined
      if (shard.state === 'failed') return undefined
      if (
        shard.state === 'idle' &&
        (shard.buffered === 0 || buffered < this.options.maxBuffered())
      ) {
        return shard.buffered < wanted ? shard : undefined
      }
      ahead += shard.buffered + this.#estimate(index)
    }
    return undefined
  }

  /** One more shard, when the quota lies idle and the split is worth its cost. */
  #split(): Shard | undefined {
    const running = this.#shards.filter(({ state }) => state === 'running').length
    if (running === 0 || running >= MAX_CHAINS || this.#buffered() >= this.options.maxBuffered())
      return undefined
    if (this.#shards.some(({ state }) => state === 'failed')) return undefined
    const impatientIn = this.#impatientIn()
    if (impatientIn > 0) {
      this.#timer = setTimeout(() => this.#pump(), impatientIn)
      return undefined
    }
    const isBlind = this.#pages === 0 && this.options.density === undefined
    const split = isBlind ? this.#blindSplit() : this.#informedSplit()
    if (!split) return undefined
    const added = new Shard(split.shard.giveAway(split.to), undefined)
    this.#shards.splice(this.#shards.indexOf(split.shard) + 1, 0, added)
    return added
  }

  /** In how many milliseconds the responses count as slow; 0 or less when they do. */
  #impatientIn(): number {
    const { patienceMs } = this.options
    if (this.#latencyMs !== undefined) return this.#latencyMs >= patienceMs ? 0 : patienceMs
    return this.#started + patienceMs - performance.now()
  }

  #blindSplit() {
    const pages = Math.min(UNKNOWN, Math.ceil(this.options.wanted() / PAGE_SIZE))
    const shard = this.#shards.at(-1)
    const most = Math.floor(pages * BLIND)
    if (!shard || this.#blindSplits >= most) return undefined
    const split = blindSplit(shard, this.#range, this.#blindSplits)
    this.#blindSplits += 1
    return split
  }

  #informedSplit() {
    const wanted = this.options.wanted()
    const left = this.#shards.reduce((sum, _, index) => sum + this.#estimate(index), 0)
    const needed = (this.covered.events + Math.min(left, wanted)) / PAGE_SIZE
    const open = this.#shards.filter(({ isOver }) => !isOver).length
    const over = this.#shards.filter(({ isOver }) => isOver)
    const wasted = over.reduce((sum, shard) => sum + this.#wasteOf(shard), this.#wasted) / PAGE_SIZE
    const each = Math.max(SPLIT_COST, wasted / Math.max(1, this.#passed + over.length))
    if (wasted + open * each > 2 + needed / 10) return undefined
    return bestSplit(this.#shards, wanted, this.options.density ?? 0)
  }

  #estimate(index: number): number {
    return estimate(this.#shards, index, this.options.density ?? 0)
  }

  /** The oldest shard's last page would be short for one chain too. */
  #wasteOf({ state, from, wasted }: Shard): number {
    return state === 'done' && from > this.#range.from ? wasted : 0
  }

  /** Events that wait for the reader, or are on their way. */
  #buffered(): number {
    return this.#shards.reduce(
      (sum, { buffered, state }) => sum + buffered + (state === 'running' ? PAGE_SIZE : 0),
      0,
    )
  }
}

/** The shards with which a search begins: a page where it stopped, and what is older. */
function shardsFrom(range: Range, { to, chain }: Position): Shard[] {
  if (!chain) return to < range.from ? [] : [new Shard({ from: range.from, to }, undefined)]
  const first = new Shard(chain.range, chain)
  // its range begins at what is known already: what may be handed over is older than that
  first.cursor = Math.min(first.cursor, to)
  if (chain.range.from <= range.from) return [first]
  return [first, new Shard({ from: range.from, to: chain.range.from - 1 }, undefined)]
}

/** AWS's token led to another page than the one in which the search stopped. */
class LostPlaceError extends Error {}

/** Whether a page is the one in which a search stopped: the last event that was known is where it was. */
function isPageOf({ chain, after }: Position, { events }: Page): boolean {
  return !chain || chain.offset === 0 || events[chain.offset - 1]?.EventId === after?.eventId
}

function isLostPlace(error: unknown): boolean {
  return (
    error instanceof LostPlaceError ||
    (error instanceof FailureError && error.failure.code === 'InvalidNextTokenException')
  )
}

/** Where AWS no longer takes a token of its own, the search continues by time when it is asked for again. */
function goesOn(error: unknown): unknown {
  if (!(error instanceof FailureError)) return error
  return new FailureError({
    ...error.failure,
    retryable: true,
    hint: 'Send the same request with meta.nextToken, where there is one: it does not depend on the token of AWS.',
  })
}

/** The code of the failure of an endpoint that repeats its tokens: it would lead any search round for ever. */
export const REPEATED_TOKEN: ServiceErrorCode = 'RepeatedNextToken'

function repeatedToken(message: string): FailureError {
  return new FailureError(
    serviceFailure(REPEATED_TOKEN, `${message} The events until then are in the response.`, {
      source: 'aws',
      statusCode: 200,
      attempts: 1,
    }),
  )
}
