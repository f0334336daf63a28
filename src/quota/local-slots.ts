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
      forgetWallClock(this.#bottleneck)
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

/**
 * Bottleneck remembers the wall-clock time of the last start, to space starts by `minTime`, which is not used here. It
 * would wait for a wall clock that was set back; the time is reset.
 */
function forgetWallClock(bottleneck: Bottleneck): void {
  const { _store: store } = bottleneck as unknown as { _store: { _nextRequest?: number } }
  if (store._nextRequest !== undefined) store._nextRequest = 0
}
