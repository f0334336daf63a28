import { EventEmitter } from 'node:events'
import { BottleneckConnection } from '../redis/bottleneck-connection.js'
import { memoryAge } from '../redis/memory-age.js'
import type { RedisConnection } from '../redis/redis-connection.js'
import { RedisAwayError } from './permit.js'
import { MISSING_MS, Seats, type SeatPlan } from './seats.js'
import { SharedSlots, type SharedSlotsOptions } from './shared-slots.js'
import { LocalSlots, type Slots } from './slots.js'
import { SEND_IN_TURN_MS, Turns } from './turns.js'

/** How long a slot may be in use that Redis has forgotten, beyond its window, in milliseconds. */
const FORGOTTEN_USE_MS = 500

/** How often a replica tells that it is there, in milliseconds. */
const CLAIM_MS = 1_000

/** After how long without Redis the others know that this replica is missing for them, in milliseconds. */
const KNOWN_MISSING_MS = MISSING_MS + 2 * CLAIM_MS

/**
 * How long after its slot was taken a shared permit may be used, in milliseconds: long enough for a look-up, a
 * connection and TLS to a far endpoint, and short, since it keeps the slots of a replica that died.
 */
const SEND_WITHIN_MS = 3_000

/** How the quota is held now: not yet, by all replicas in Redis, in turns, or not at all. */
export type SharingMode = 'waiting' | 'together' | 'alone' | 'away'

/** How the replicas get along without Redis. */
export interface ReplicasOptions {
  /** The longest window of any limiter, in milliseconds. */
  windowMs: number
  /** How many replicas take turns while Redis is away; nothing is sent then where there are none. */
  seats: number | undefined
  /** This replica's name, the same when it is started again, and no other's. */
  name: string
}

/**
 * The replicas that share the quota, as this one of them sees them.
 *
 * After a connection to Redis is made nothing starts for a window: Redis may have forgotten what is in use. With seats,
 * replicas take turns while Redis is away, and whoever reaches Redis leaves their turns to those who do not.
 */
export class Replicas extends EventEmitter<{ change: [] }> {
  #mode: SharingMode = 'waiting'
  readonly #bottleneck: BottleneckConnection
  readonly #windowMs: number
  readonly #quietMs: number
  readonly #seats: Seats | undefined
  #plan: SeatPlan | undefined
  #timer: NodeJS.Timeout | undefined
  /** When that timer fires, on the clock of `performance.now()`, in milliseconds. */
  #timerAt = 0
  readonly #claims: NodeJS.Timeout | undefined

  constructor(
    private readonly redis: RedisConnection,
    { windowMs, seats, name }: ReplicasOptions,
  ) {
    super()
    this.#windowMs = windowMs
    this.setMaxListeners(0)
    this.#quietMs = windowMs + FORGOTTEN_USE_MS
    this.#bottleneck = new BottleneckConnection(redis)
    redis.on('up', () => this.#onUp())
    redis.on('down', () => this.#onDown())
    if (seats === undefined) return
    this.#seats = new Seats(redis.client, seats, name)
    this.#claims = setInterval(() => {
      if (this.#mode === 'together') void this.#claim()
    }, CLAIM_MS)
    this.#claims.unref()
  }

  /** How the quota is held now; `change` tells when it changes. */
  get mode(): SharingMode {
    return this.#mode
  }

  /** Whether anything can be sent, and how, in words for the operator. */
  get state(): { ready: boolean; up: boolean; detail: string } {
    const { isUp, name, lastError } = this.redis
    if (isUp) {
      const missing = this.#plan?.missing.length ?? 0
      if (missing === 0) return { ready: true, up: true, detail: name }
      const which = missing === 1 ? 'one that is missing' : `${missing} that are missing`
      return {
        ready: !this.#isBlocked,
        up: true,
        detail: `${name}; the turns of ${which} are kept free`,
      }
    }
    const away = `${name} is away: ${lastError}`
    if (this.#plan?.own === undefined) return { ready: false, up: false, detail: away }
    return { ready: true, up: false, detail: `${away}; the replicas take turns` }
  }

  /** How long after its slot was taken a permit may be used, in milliseconds. */
  get sendWithinMs(): number {
    return this.#mode === 'alone' ? SEND_IN_TURN_MS : SEND_WITHIN_MS
  }

  /** Why nothing can be sent now, if so. */
  refusal(): RedisAwayError | undefined {
    return this.#mode === 'away' ? new RedisAwayError() : undefined
  }

  /** Slots as they are had now; none while it is not known how. */
  slots(options: Omit<SharedSlotsOptions, 'connection' | 'redis' | 'quietMs'>): Slots | undefined {
    if (this.#mode === 'alone') return new LocalSlots(options.size)
    if (this.#mode !== 'together') return undefined
    return new SharedSlots({
      ...options,
      connection: this.#bottleneck,
      redis: this.redis.client,
      quietMs: this.#quietMs,
    })
  }

  /** How long nothing may start, since it is others' turn or not known whose, in milliseconds. */
  untilTurn(windowMs: number): number {
    if (this.#mode === 'waiting') return Math.max(0, this.#timerAt - performance.now())
    if (!this.#seats || !this.#plan) return 0
    const { now, count } = this.#seats
    const turns = new Turns(count, windowMs)
    const { own, missing } = this.#plan
    if (this.#mode === 'alone') return own === undefined ? Infinity : turns.untilTurn(own, now)
    return Math.max(0, ...missing.map((seat) => turns.untilClearOf(seat, now)))
  }

  /** The time in which a limiter may start as many as its size, in milliseconds. */
  windowMs(windowMs: number): number {
    return this.#mode === 'alone' && this.#seats
      ? new Turns(this.#seats.count, windowMs).roundMs
      : windowMs
  }

  /** Leaves the others. */
  async close(): Promise<void> {
    clearTimeout(this.#timer)
    clearInterval(this.#claims)
    this.removeAllListeners()
    const own = this.#plan?.own
    // a Redis that is away keeps the seat until its time is up
    if (own !== undefined && this.#mode === 'together') {
      await this.#seats?.leave(own).catch(() => undefined)
    }
    this.#mode = 'away'
    this.#bottleneck.close()
  }

  /** Whether the turns of those that are missing leave no time to anybody. */
  get #isBlocked(): boolean {
    const { missing = [] } = this.#plan ?? {}
    if (!this.#seats || missing.length === 0) return false
    return !new Turns(this.#seats.count, this.#windowMs).isEverClearOf(missing)
  }

  #onUp(): void {
    // from now on Redis remembers, if it did not before
    memoryAge(this.redis.client).catch(() => undefined)
    this.#later('waiting', this.#quietMs, () => void this.#join())
  }

  #onDown(): void {
    if (this.#plan?.own === undefined) {
      clearTimeout(this.#timer)
      this.#change('away')
    } else if (this.#mode !== 'alone') {
      this.#later('waiting', KNOWN_MISSING_MS + this.#quietMs, () => this.#change('alone'))
    }
  }

  /** Joins the others, once the seat says so: until then they leave its turns alone. */
  async #join(): Promise<void> {
    const timer = this.#timer
    const claimed = await this.#claim()
    // Redis may have gone meanwhile
    if (timer !== this.#timer) return
    if (claimed && this.#plan?.isOwnSoon !== true) this.#change('together')
    else this.#later('waiting', CLAIM_MS, () => void this.#join())
  }

  /** Takes or renews the seat, where there are seats. Whether Redis answered; if not, what was known stays. */
  async #claim(): Promise<boolean> {
    try {
      this.#plan = await this.#seats?.claim()
      return true
      /* c8 ignore next 3 -- as above */
    } catch {
      return false
    }
  }

  #later(mode: SharingMode, delayMs: number, then: () => void): void {
    clearTimeout(this.#timer)
    this.#change(mode)
    this.#timerAt = performance.now() + delayMs
    this.#timer = setTimeout(then, delayMs)
    this.#timer.unref()
  }

  #change(mode: SharingMode): void {
    if (this.#mode === mode) return
    this.#mode = mode
    this.emit('change')
  }
}
