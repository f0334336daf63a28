import Bottleneck from 'bottleneck'
import type { Rate } from './rate.js'
import type { Slot, Slots } from './slots.js'

/**
 * Slots of this process, counted by Bottleneck: each slot is a job that runs until the slot is released.
 *
 * One slot is taken in advance, because a job of Bottleneck takes some milliseconds to start.
 */
export class LocalSlots implements Slots {
  readonly isShared = false
  readonly sendWithinMs = Infinity
  readonly #bottleneck: Bottleneck
  readonly #requests: ((slot: Slot) => void)[] = []
  #spare: Slot | undefined
  #closed = false

  constructor(readonly rate: Rate) {
    this.#bottleneck = new Bottleneck({ maxConcurrent: rate.size })
    // Bottleneck waits for a turn of the event loop before each of its steps, one job after the other. While the loop is
    // busy, with turns of 50 ms and more, that would hold requests back for seconds
    storeOf(this.#bottleneck).yieldLoop = () => Promise.resolve()
    this.#takeSlot()
  }

  request(onSlot: (slot: Slot) => void): void {
    const spare = this.#spare
    if (spare) {
      this.#spare = undefined
      // the request that gets the slot goes first
      setImmediate(() => this.#takeSlot())
      onSlot(spare)
    } else {
      this.#requests.push(onSlot)
      this.#takeSlot()
    }
  }

  reportThrottle(): void {
    // no other replica uses these slots
  }

  close(): void {
    this.#closed = true
    this.#requests.length = 0
    this.#spare?.release()
    void this.#bottleneck.disconnect()
  }

  #takeSlot(): void {
    if (this.#closed) return
    void this.#bottleneck.schedule(() => {
      // the wall-clock time of the last start, for spacing by `minTime`: a clock that is set back would delay the next
      storeOf(this.#bottleneck)._nextRequest = 0
      return new Promise<void>((release) => this.#onSlot({ takenAt: performance.now(), release }))
    })
  }

  #onSlot(slot: Slot): void {
    const onSlot = this.#requests.shift()
    if (onSlot) onSlot(slot)
    else if (this.#closed) slot.release()
    else this.#spare = slot
  }
}

/** The members of Bottleneck's store that are used beyond its types. */
interface Internals {
  yieldLoop: () => Promise<void>
  _nextRequest: number
}

function storeOf(bottleneck: Bottleneck): Internals {
  return (bottleneck as unknown as { _store: Internals })._store
}
