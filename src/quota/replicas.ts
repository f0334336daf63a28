import { EventEmitter } from 'node:events'
import { BottleneckConnection } from '../redis/bottleneck-connection.js'
import type { RedisConnection } from '../redis/redis-connection.js'
import { RedisAwayError } from './permit.js'
import { SharedSlots, type SharedSlotsOptions } from './shared-slots.js'

/** How long a slot may be in use that Redis has forgotten, beyond its window, in milliseconds. */
const FORGOTTEN_USE_MS = 500

/** How the quota is held now: not yet, by all replicas in Redis, or not at all. */
export type SharingMode = 'waiting' | 'together' | 'away'

/**
 * The replicas that share the quota, as this one of them sees them.
 *
 * After a connection to Redis is made nothing starts for a window: Redis may have forgotten what is in use.
 */
export class Replicas extends EventEmitter<{ change: [] }> {
  #mode: SharingMode = 'waiting'
  readonly #bottleneck: BottleneckConnection
  readonly #quietMs: number
  #quiet: NodeJS.Timeout | undefined

  /** @param windowMs the longest window of any limiter, in milliseconds */
  constructor(redis: RedisConnection, windowMs: number) {
    super()
    this.setMaxListeners(0)
    this.#quietMs = windowMs + FORGOTTEN_USE_MS
    this.#bottleneck = new BottleneckConnection(redis)
    redis.on('up', () => this.#onUp())
    redis.on('down', () => this.#onDown())
  }

  /** How the quota is held now; `change` tells when it changes. */
  get mode(): SharingMode {
    return this.#mode
  }

  /** Why nothing can be sent now, if so. */
  refusal(): RedisAwayError | undefined {
    return this.#mode === 'away' ? new RedisAwayError() : undefined
  }

  /** Slots that the replicas share. */
  slots(options: Omit<SharedSlotsOptions, 'connection' | 'quietMs'>): SharedSlots {
    return new SharedSlots({
      ...options,
      connection: this.#bottleneck,
      quietMs: this.#quietMs,
    })
  }

  close(): void {
    clearTimeout(this.#quiet)
    this.removeAllListeners()
    this.#bottleneck.close()
  }

  #onUp(): void {
    this.#change('waiting')
    this.#quiet = setTimeout(() => this.#change('together'), this.#quietMs)
  }

  #onDown(): void {
    clearTimeout(this.#quiet)
    this.#change('away')
  }

  #change(mode: SharingMode): void {
    if (this.#mode === mode) return
    this.#mode = mode
    this.emit('change')
  }
}
