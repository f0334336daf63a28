import Bottleneck from 'bottleneck'
import type { BottleneckConnection } from '../redis/bottleneck-connection.js'
import { memoryAge } from '../redis/memory-age.js'
import type { RedisClient } from '../redis/redis-client.js'
import { rateOf, type Rate } from './rate.js'
import { SharedThrottles } from './shared-throttles.js'
import { SEND_WITHIN_MS, slotExpirationMs } from './slot-expiration.js'
import type { Slot, Slots, SlotsOptions } from './slots.js'

/** How long after a failure a slot is requested again, in milliseconds. */
const RETRY_MS = 200

/** How often Redis is asked for a slot when it does not announce one, in milliseconds. */
const POLL_MS = 500

/** How long Redis keeps a limiter that nobody uses, in milliseconds. */
const KEEP_MS = 300_000

/** The connection of shared slots. */
export interface SharedSlotsParts {
  connection: BottleneckConnection
  redis: RedisClient
  /** How long no slot is taken once Redis has lost the slots in use, in milliseconds. */
  quietMs: number
}

/** The members of Bottleneck that are used beyond its types. */
interface Internals {
  _store: {
    __register__(index: string, weight: number, expiration: unknown): Promise<Registration>
  }
  _drainAll(): Promise<unknown>
}

interface Registration {
  success: boolean
  wait?: number
}

/**
 * Slots that all replicas share, counted by Bottleneck in Redis.
 *
 * Every failure is retried until the slots are closed: a request gets its slot late or never. The slot of a replica that
 * died, or whose response from Redis was lost, expires.
 */
export class SharedSlots implements Slots {
  readonly isShared = true
  readonly sendWithinMs = SEND_WITHIN_MS
  readonly rate: Rate
  readonly #id: string
  readonly #throttles: SharedThrottles
  #bottleneck: Bottleneck
  /** When the slots that were taken had been requested of Redis; their jobs start in this order. */
  readonly #takenAt: number[] = []
  /** Requests without a slot. */
  #waiting = 0
  #askedAt = -Infinity
  #quietUntil = -Infinity
  /** Whether the state in Redis is known; no slot is taken before. */
  #isReady = false
  #closed = false
  readonly #timer: NodeJS.Timeout

  constructor(
    private readonly options: SlotsOptions,
    private readonly parts: SharedSlotsParts,
  ) {
    this.rate = rateOf(options.tps)
    // the hash tag puts all keys of a limiter into the same shard of a cluster
    this.#id = `{${options.name}}:${this.rate.size}:${Math.round(this.rate.windowMs)}`
    this.#throttles = new SharedThrottles(parts.redis, `${this.#id}:throttled`)
    this.#bottleneck = this.#create()
    this.#timer = setInterval(() => this.#poll(), POLL_MS)
    this.#timer.unref()
    void this.#start()
  }

  request(onSlot: (slot: Slot) => void): void {
    let started = false
    const job = () => {
      started = true
      const takenAt = this.#takenAt.shift() ?? -Infinity
      if (this.#closed) return Promise.resolve()
      this.#waiting -= 1
      return new Promise<void>((release) => onSlot({ takenAt, release }))
    }
    const attempt = () => {
      if (this.#closed) return
      this.#bottleneck.schedule(job).catch(() => {
        if (!started) setTimeout(attempt, RETRY_MS).unref()
      })
    }
    this.#waiting += 1
    attempt()
  }

  reportThrottle(ageMs: number): void {
    this.#throttles.report(this.#bottleneck, ageMs)
  }

  close(): void {
    this.#closed = true
    clearInterval(this.#timer)
    this.parts.connection.forget(this.#bottleneck)
  }

  /**
   * Reads the state in Redis: the last throttle, and whether Redis may have lost slots in use before these slots were
   * opened. A later loss is noticed by their own requests.
   */
  async #start(): Promise<void> {
    const { redis, quietMs } = this.parts
    try {
      const askedAt = performance.now()
      const [age, throttle] = await Promise.all([memoryAge(redis), this.#throttles.last()])
      if (this.#closed) return
      this.#quietUntil = Math.max(this.#quietUntil, askedAt + quietMs - age)
      this.#isReady = true
      if (throttle !== undefined) this.options.onThrottle(throttle, throttle)
      this.#drain()
    } catch {
      if (!this.#closed) setTimeout(() => void this.#start(), RETRY_MS).unref()
    }
  }

  #create(): Bottleneck {
    const { connection, quietMs } = this.parts
    const bottleneck = new Bottleneck({
      id: this.#id,
      maxConcurrent: this.rate.size,
      timeout: KEEP_MS,
      connection: connection.connection,
    })
    // errors of a job reject the job; the heartbeat recovers by itself
    bottleneck.on('error', () => undefined)
    this.#throttles.listen(bottleneck, (throttledAt, grantedAt) => {
      if (!this.#closed) this.options.onThrottle(throttledAt, grantedAt)
    })
    const { _store: store } = bottleneck as unknown as Internals
    const register = store.__register__.bind(store)
    store.__register__ = (index, weight) =>
      this.#take(() => register(index, weight, slotExpirationMs(this.options.heldMs())))
    connection.watch(bottleneck, () => {
      this.#quietUntil = performance.now() + quietMs
      this.options.onReset()
    })
    bottleneck.ready().catch(() => this.#replace(bottleneck))
    return bottleneck
  }

  /** Takes a slot, if there is one, and notes when it was requested: its expiration counts from then on. */
  async #take(register: () => Promise<Registration>): Promise<Registration> {
    const askedAt = performance.now()
    this.#askedAt = askedAt
    if (!this.#isReady || askedAt < this.#quietUntil || this.#closed) return { success: false }
    const registration = await register()
    // Redis lost its slots meanwhile: this one is left to expire
    if (!registration.success || performance.now() < this.#quietUntil) return { success: false }
    this.#takenAt.push(askedAt)
    return { ...registration, wait: 0 }
  }

  /** Replaces a limiter that could not be created in Redis. */
  #replace(broken: Bottleneck): void {
    setTimeout(() => {
      if (this.#closed || this.#bottleneck !== broken) return
      this.parts.connection.forget(broken)
      this.#bottleneck = this.#create()
    }, RETRY_MS).unref()
  }

  /** Asks for a slot if a request waits and nothing was asked for a while: a message of Redis may be lost. */
  #poll(): void {
    if (this.#waiting > 0 && performance.now() - this.#askedAt >= POLL_MS) this.#drain()
  }

  /** Makes Bottleneck start the jobs for which there are slots. */
  #drain(): void {
    void (this.#bottleneck as unknown as Internals)._drainAll()
  }
}
