import type { Rate } from './rate.js'
import type { Slot, Slots } from './slots.js'

/**
 * Slots of this process: those that are free are counted. Bottleneck would count them too, as it does in Redis, but its
 * jobs cost a sixth of the CPU time of a command.
 */
export class LocalSlots implements Slots {
  readonly isShared = false
  readonly sendWithinMs = Infinity
  readonly #requests: ((slot: Slot) => void)[] = []
  #free: number
  #closed = false

  constructor(readonly rate: Rate) {
    this.#free = rate.size
  }

  request(onSlot: (slot: Slot) => void): void {
    this.#requests.push(onSlot)
    queueMicrotask(this.#give)
  }

  reportThrottle(): void {
    // no other replica uses these slots
  }

  close(): void {
    this.#closed = true
    this.#requests.length = 0
  }

  /** Gives a free slot to the first request. Not within the call of another, which may not expect it. */
  readonly #give = (): void => {
    if (this.#closed || this.#free === 0) return
    const onSlot = this.#requests.shift()
    if (!onSlot) return
    this.#free -= 1
    onSlot({
      takenAt: performance.now(),
      release: () => {
        this.#free += 1
        queueMicrotask(this.#give)
      },
    })
  }
}
