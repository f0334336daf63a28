import { EventEmitter } from 'node:events'
import { rateOf } from '../../src/quota/rate.js'
import { SEND_WITHIN_MS, slotExpirationMs } from '../../src/quota/slot-expiration.js'
import type { Slots, SlotSource, SlotsOptions } from '../../src/quota/slots.js'

/** A request for a slot. */
interface SlotRequest {
  size: number
  expirationMs(): number
  onTaken(slot: object, requestedAt: number): void
}

/** A Redis without a network: it holds the slots of one limiter, expires them, and takes a while to respond. */
export class SimulatedRedis {
  /** Slots in use. */
  readonly #slots = new Set<object>()
  readonly #waiting: SlotRequest[] = []

  /** @param latencyMs the time to Redis, and the time back */
  constructor(readonly latencyMs: number) {}

  /** Takes a slot as soon as one is free; `onTaken` receives it, and when it had been requested. */
  take(request: SlotRequest): void {
    setTimeout(() => {
      this.#waiting.push(request)
      this.#serve()
    }, this.latencyMs)
  }

  release(slot: object): void {
    setTimeout(() => this.#free(slot), this.latencyMs)
  }

  #free(slot: object): void {
    if (this.#slots.delete(slot)) this.#serve()
  }

  #serve(): void {
    for (;;) {
      const [request] = this.#waiting
      if (!request || this.#slots.size >= request.size) return
      this.#waiting.shift()
      const slot = {}
      this.#slots.add(slot)
      setTimeout(() => this.#free(slot), request.expirationMs())
      const requestedAt = performance.now() - this.latencyMs
      setTimeout(() => request.onTaken(slot, requestedAt), this.latencyMs)
    }
  }
}

/** A replica that shares a simulated Redis. */
export class SimulatedReplica extends EventEmitter<{ change: [] }> implements SlotSource {
  readonly startsInMs = 0
  /** A replica that was killed neither takes nor releases slots. */
  isDead = false

  constructor(private readonly redis: SimulatedRedis) {
    super()
  }

  refusal(): undefined {
    return undefined
  }

  open(options: SlotsOptions): Slots {
    const rate = rateOf(options.tps)
    return {
      rate,
      isShared: true,
      sendWithinMs: SEND_WITHIN_MS,
      request: (onSlot) => {
        this.redis.take({
          size: rate.size,
          expirationMs: () => slotExpirationMs(options.heldMs()),
          onTaken: (slot, takenAt) => {
            const release = () => {
              if (!this.isDead) this.redis.release(slot)
            }
            if (!this.isDead) onSlot({ takenAt, release })
          },
        })
      },
      reportThrottle: () => undefined,
      close: () => undefined,
    }
  }
}
