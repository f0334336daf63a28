import Bottleneck from 'bottleneck'
import type { BottleneckConnection } from '../redis/bottleneck-connection.js'
import { memoryAge } from '../redis/memory-age.js'
import type { RedisClient } from '../redis/redis-client.js'
import type { Slots } from './slots.js'

/** How long after a failure a slot is asked for again, in milliseconds. */
const RETRY_MS = 200

/** How often Redis is asked for a slot when it does not tell of one by itself, in milliseconds. */
const ASK_MS = 500

/** How long Redis keeps what it knows of a limiter that nobody uses, in milliseconds. */
const KEPT_MS = 300_000

/** How long a throttle is known to those who come later, in milliseconds: until the pace is nearly what it was. */
const THROTTLE_KNOWN_MS = 30_000

/** What slots are shared by. */
export interface SharedSlotsOptions {
  connection: BottleneckConnection
  redis: RedisClient
  /** The name of the limiter; replicas that name it alike share it. */
  id: string
  size: number
  /** After how long a slot taken now is free again at the latest, even if this replica dies, in milliseconds. */
  expirationMs: () => number
  /** How long no slot is taken once Redis turns out to have forgotten those that are in use, in milliseconds. */
  quietMs: number
  /**
   * Told when another replica was throttled.
   *
   * @param ageMs how long ago, or a little longer, the request got its permit, in milliseconds
   */
  onThrottle: (ageMs: number) => void
  /** Told that Redis has forgotten slots that are in use, for which no slot is taken for a while. */
  onForgotten: () => void
  /**
   * Told that a replica was throttled before these slots were shared.
   *
   * @param ageMs how long ago, in milliseconds
   */
  onEarlierThrottle: (ageMs: number) => void
}

/** What is used of Bottleneck beyond its types. */
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
 * Whatever fails is tried again, as long as it is not closed: jobs wait, and start late or never. A slot whose replica
 * died, or whose answer was lost, comes back by its expiration.
 */
export class SharedSlots implements Slots {
  #bottleneck: Bottleneck
  /** When slots that have been taken were asked for; their jobs start in this order. */
  #takenAt: number[] = []
  /** Jobs that have not started. */
  #waiting = 0
  #askedAt = -Infinity
  #quietUntil = -Infinity
  /** Whether it is known what Redis knows; no slot is taken before. */
  #isBegun = false
  #closed = false
  readonly #timer: NodeJS.Timeout

  constructor(private readonly options: SharedSlotsOptions) {
    this.#bottleneck = this.#create()
    this.#timer = setInterval(() => this.#ask(), ASK_MS)
    this.#timer.unref()
    void this.#begin()
  }

  schedule(job: (takenAt: number) => Promise<void>): void {
    let started = false
    const run = () => {
      started = true
      const takenAt = this.#takenAt.shift() ?? -Infinity
      if (this.#closed) return Promise.resolve()
      this.#waiting -= 1
      return job(takenAt)
    }
    const attempt = () => {
      if (this.#closed) return
      /* c8 ignore next 4 -- Redis goes in the moment in which the job is given to it: met in the soak */
      this.#bottleneck.schedule(run).catch(() => {
        // Redis did not take the job, or this limiter could not be made there
        if (!started) setTimeout(attempt, RETRY_MS).unref()
      })
    }
    this.#waiting += 1
    attempt()
  }

  tellThrottle(ageMs: number): void {
    // whoever does not hear of it is throttled himself
    this.#bottleneck.publish(String(Math.round(ageMs))).catch(() => undefined)
    const { redis } = this.options
    redis.set(this.#throttledKey, '', 'PX', THROTTLE_KNOWN_MS).catch(() => undefined)
  }

  close(): void {
    this.#closed = true
    clearInterval(this.#timer)
    this.options.connection.forget(this.#bottleneck)
  }

  /** In the same slot of a cluster as what Bottleneck keeps. */
  get #throttledKey(): string {
    return `${this.options.id}:throttled`
  }

  /**
   * Learns what happened before: when AWS throttled last, and whether Redis may have forgotten slots that are in use. Who
   * shares slots already notices that by himself.
   */
  async #begin(): Promise<void> {
    const { redis, quietMs, onEarlierThrottle } = this.options
    try {
      const askedAt = performance.now()
      const [age, throttleLeft] = await Promise.all([
        memoryAge(redis),
        redis.pttl(this.#throttledKey),
      ])
      if (this.#closed) return
      this.#quietUntil = Math.max(this.#quietUntil, askedAt + quietMs - age)
      this.#isBegun = true
      if (throttleLeft > 0) onEarlierThrottle(THROTTLE_KNOWN_MS - throttleLeft)
      void (this.#bottleneck as unknown as Internals)._drainAll()
      /* c8 ignore next 3 -- Redis goes in the moment in which the limiter is made: met in the soak */
    } catch {
      if (!this.#closed) setTimeout(() => void this.#begin(), RETRY_MS).unref()
    }
  }

  #create(): Bottleneck {
    const { connection, id, size } = this.options
    const bottleneck = new Bottleneck({
      id,
      maxConcurrent: size,
      timeout: KEPT_MS,
      connection: connection.connection,
    })
    // errors of a job reject the job; those of the heartbeat mend themselves
    bottleneck.on('error', () => undefined)
    bottleneck.on('message', (message: string) => {
      const ageMs = Number(message)
      if (ageMs >= 0 && !this.#closed) this.options.onThrottle(ageMs)
    })
    const { _store: store } = bottleneck as unknown as Internals
    const register = store.__register__.bind(store)
    store.__register__ = (index, weight) =>
      this.#register(() => {
        return register(index, weight, Math.ceil(this.options.expirationMs()))
      })
    connection.watch(bottleneck, () => {
      this.#quietUntil = performance.now() + this.options.quietMs
      this.options.onForgotten()
    })
    bottleneck.ready().catch(() => this.#renew(bottleneck))
    return bottleneck
  }

  /** Takes a slot, if there is one; when it was asked for is noted, since its expiration runs from then on. */
  async #register(register: () => Promise<Registration>): Promise<Registration> {
    const askedAt = performance.now()
    this.#askedAt = askedAt
    if (!this.#isBegun || askedAt < this.#quietUntil || this.#closed) return { success: false }
    const answer = await register()
    // what Redis forgot while it was asked counts too: the slot is left to expire
    if (!answer.success || performance.now() < this.#quietUntil) return { success: false }
    this.#takenAt.push(askedAt)
    return { ...answer, wait: 0 }
  }

  /** Makes another limiter in the place of one that could not be made in Redis. */
  /* c8 ignore next 7 -- Redis goes in the moment in which the limiter is made: met in the soak */
  #renew(broken: Bottleneck): void {
    setTimeout(() => {
      if (this.#closed || this.#bottleneck !== broken) return
      this.options.connection.forget(broken)
      this.#bottleneck = this.#create()
    }, RETRY_MS).unref()
  }

  /** Asks for a slot if somebody waits and nothing was heard for a while: a message of Redis may be lost. */
  #ask(): void {
    if (this.#waiting === 0 || performance.now() - this.#askedAt < ASK_MS) return
    void (this.#bottleneck as unknown as Internals)._drainAll()
  }
}
