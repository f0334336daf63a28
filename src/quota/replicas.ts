import { EventEmitter } from 'node:events'
import { BottleneckConnection } from '../redis/bottleneck-connection.js'
import { memoryAge } from '../redis/memory-age.js'
import type { RedisConnection } from '../redis/redis-connection.js'
import { LocalSlots } from './local-slots.js'
import { RedisUnavailableError } from './quota-errors.js'
import { rateOf } from './rate.js'
import { SharedSlots } from './shared-slots.js'
import type { Slots, SlotSource, SlotsOptions } from './slots.js'

/** How long a slot may be in use that Redis has lost, beyond its window, in milliseconds. */
const LOST_USE_MS = 500

/** How much later than this one another replica may find that Redis is available again, in milliseconds. */
const FOUND_LATER_MS = 1_500

/** How the quota is held: not known yet, by all replicas in Redis, by this one alone, or not at all. */
export type SharingMode = 'starting' | 'together' | 'alone' | 'unavailable'

/** The quota while Redis is unavailable. */
export interface ReplicasOptions {
  /** The longest window of any limiter, in milliseconds. */
  windowMs: number
  /** The share of the quota that each replica uses while Redis is unavailable, above 0; without it nothing is sent. */
  share: number | undefined
}

/**
 * The slots of a replica that shares the quota with others: in Redis while it is available; else, with a share, that share
 * of the quota in this process.
 *
 * Between the two nothing starts for a window, so that requests of before and after never add up.
 */
export class Replicas extends EventEmitter<{ change: [] }> implements SlotSource {
  #mode: SharingMode = 'starting'
  readonly #bottleneck: BottleneckConnection
  readonly #share: number | undefined
  readonly #quietMs: number
  #timer: NodeJS.Timeout | undefined
  /** When that timer fires, on the clock of `performance.now()`, in milliseconds. */
  #startsAt = 0

  constructor(
    private readonly redis: RedisConnection,
    { windowMs, share }: ReplicasOptions,
  ) {
    super()
    this.setMaxListeners(0)
    this.#share = share
    this.#quietMs = windowMs + LOST_USE_MS
    this.#bottleneck = new BottleneckConnection(redis)
    redis.on('up', this.#onUp)
    redis.on('down', this.#onDown)
  }

  /** How the quota is held now; `change` is emitted when it changes. */
  get mode(): SharingMode {
    return this.#mode
  }

  /** Whether requests can be sent, whether Redis is available, and a description for the operator. */
  get state(): { ready: boolean; up: boolean; detail: string } {
    const { isUp, name, lastError } = this.redis
    if (isUp) return { ready: true, up: true, detail: name }
    const detail = `${name} is unavailable: ${lastError}`
    if (this.#share === undefined) return { ready: false, up: false, detail }
    const part = `this replica uses ${this.#share} of the quota`
    return { ready: true, up: false, detail: `${detail}; ${part}` }
  }

  get startsInMs(): number {
    return this.#mode === 'starting' ? Math.max(0, this.#startsAt - performance.now()) : 0
  }

  refusal(): RedisUnavailableError | undefined {
    return this.#mode === 'unavailable' ? new RedisUnavailableError() : undefined
  }

  open(options: SlotsOptions): Slots | undefined {
    if (this.#mode === 'alone') return new LocalSlots(rateOf(options.tps * (this.#share ?? 1)))
    if (this.#mode !== 'together') return undefined
    return new SharedSlots(options, {
      connection: this.#bottleneck,
      redis: this.redis.client,
      quietMs: this.#quietMs,
    })
  }

  close(): void {
    clearTimeout(this.#timer)
    this.removeAllListeners()
    this.redis.off('up', this.#onUp)
    this.redis.off('down', this.#onDown)
    this.#mode = 'unavailable'
    this.#bottleneck.close()
  }

  readonly #onUp = (): void => {
    // Redis keeps from now on what it is given, if it did not before
    memoryAge(this.redis.client).catch(() => undefined)
    const othersMs = this.#share === undefined ? 0 : FOUND_LATER_MS
    this.#startIn(this.#quietMs + othersMs, 'together')
  }

  readonly #onDown = (): void => {
    if (this.#share !== undefined) {
      this.#startIn(this.#quietMs, 'alone')
      return
    }
    clearTimeout(this.#timer)
    this.#change('unavailable')
  }

  /** Starts nothing for that time, then holds the quota in that mode. */
  #startIn(delayMs: number, mode: SharingMode): void {
    clearTimeout(this.#timer)
    this.#change('starting')
    this.#startsAt = performance.now() + delayMs
    this.#timer = setTimeout(() => this.#change(mode), delayMs)
    this.#timer.unref()
  }

  #change(mode: SharingMode): void {
    if (this.#mode === mode) return
    this.#mode = mode
    this.emit('change')
  }
}
