import type { Failure } from '../../envelope/failure.js'
import { secondOf, type WireEvent } from './page.js'
import type { Position } from './position.js'
import type { Search } from './search.js'
import type { Batch } from './shard.js'

/** One search of several that are merged, with the event that is its next, and where it continues after that. */
export class Source {
  /** The position behind the last event that was taken; `null` when there are no more. */
  position: Position | null
  /** Why the search stopped before its end. */
  failure: Failure | undefined
  /** Whether AWS responded at all. */
  responded = false
  readonly #batches: AsyncGenerator<Batch>
  #batch: Batch | undefined
  #index = 0

  constructor(
    readonly region: string,
    readonly valueIndex: number,
    private readonly search: Search,
    position: Position,
    private readonly failureOf: (error: unknown) => Failure,
  ) {
    this.position = position
    this.#batches = search.batches()
  }

  /** The next event, when load() has found one. */
  get head(): WireEvent | undefined {
    return this.#batch?.events[this.#index]
  }

  /** Makes the next event known, or that there is none, or why it cannot be known. */
  async load(): Promise<void> {
    while (this.head === undefined && this.position !== null && this.failure === undefined) {
      try {
        const result = await this.#batches.next()
        this.responded = true
        if (result.done) {
          this.position = null
        } else {
          this.#batch = result.value
          this.#index = 0
          if (result.value.events.length === 0) this.#passBatch(result.value)
        }
      } catch (error) {
        this.failure = this.failureOf(error)
      }
    }
  }

  /** Takes the next event: the position moves behind it. */
  take(): WireEvent {
    const [batch, event] = [this.#batch, this.head]
    if (!batch || !event) throw new Error('There is no event to take.')
    this.#index += 1
    const second = secondOf(event)
    const before = this.position?.after
    const count = before?.second === second ? before.count + 1 : 1
    const after = { second, count, eventId: event.EventId ?? '' }
    const { range, token } = batch
    this.position = {
      to: second,
      after,
      ...(token !== undefined && { chain: { range, token, offset: batch.offset + this.#index } }),
    }
    if (this.#index === batch.events.length) this.#passBatch(batch)
    return event
  }

  /** Ends the search and its calls. */
  async end(): Promise<void> {
    await this.#batches.return(undefined)
  }

  #passBatch({ next }: Batch): void {
    this.#batch = undefined
    const after = this.position?.after
    this.position = this.search.atEnd ? null : { ...next, ...(next.chain && after && { after }) }
  }
}

/** The source whose next event is the newest; of those of one second, the first. */
export function newestOf(sources: readonly Source[]): Source | undefined {
  let newest: Source | undefined
  let second = -Infinity
  for (const source of sources) {
    if (source.head === undefined || secondOf(source.head) <= second) continue
    newest = source
    second = secondOf(source.head)
  }
  return newest
}
