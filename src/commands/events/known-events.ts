import { secondOf } from './page.js'
import type { Position } from './position.js'
import type { Batch } from './shard.js'

/**
 * Leaves out the events that were known before a search continued by time: those of one second, up to the last that was
 * known. AWS may have recorded more events of that second since; so the place is found by the event's id, and counted
 * off only when the id does not come again.
 */
export class KnownEvents {
  #held: Batch[] = []
  #found = false

  constructor(private readonly last: NonNullable<Position['after']>) {}

  /** What of a batch is new; pages of that one second are held back until it is certain. */
  pass(batch: Batch): Batch[] {
    if (this.#found) return [batch]
    const place = batch.events.findIndex(({ EventId }) => EventId === this.last.eventId)
    if (place >= 0) {
      this.#found = true
      return [withoutFirst(batch, place + 1)]
    }
    this.#held.push(batch)
    const oldest = batch.events.at(-1)
    if (batch.nextToken !== undefined && (!oldest || secondOf(oldest) >= this.last.second)) {
      return []
    }
    this.#found = true
    return countedOff(this.#held, this.last.count)
  }
}

/** Batches without their first events. */
function countedOff(batches: readonly Batch[], count: number): Batch[] {
  let left = count
  return batches.map((batch) => {
    const known = Math.min(left, batch.events.length)
    left -= known
    return withoutFirst(batch, known)
  })
}

function withoutFirst(batch: Batch, count: number): Batch {
  return { ...batch, events: batch.events.slice(count), offset: batch.offset + count }
}
