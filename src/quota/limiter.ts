import { Distance } from './distance.js'
import { Lease } from './lease.js'
import { Pace } from './pace.js'
import {
  QuotaQueueFullError,
  QuotaWaitError,
  type Permit,
  type PermitRequest,
  type Place,
} from './permit.js'
import { Portion } from './portion.js'
import type { Replicas } from './replicas.js'
import { LocalSlots, type Slots } from './slots.js'
import { WaitingRoom, type Turn } from './waiting-room.js'

/** What a limiter holds. */
export interface LimiterOptions {
  /** Requests a second, above 0; below 1 it is one request in `1 / tps` seconds. */
  tps: number
  /** How many may wait. */
  queueLimit: number
  /** With whom the quota is shared; by itself without. */
  shared?: Shared | undefined
}

/** How a limiter is shared. */
export interface Shared {
  replicas: Replicas
  /** The limiter's name among the replicas. */
  name: string
}

/** How much longer than any use of it a slot is kept in Redis, in milliseconds. */
const EXPIRATION_MARGIN_MS = 1_000

/**
 * How late a throttle may be told, in milliseconds. What replicas are throttled in one burst counts as one throttle; the
 * next comes after a pause that is longer.
 */
const TOLD_LATE_MS = 250

/** One who waits. */
interface Waiter {
  /** Changes when somebody with a better one wants the same. */
  turn: Turn
  /** Where it waits; changes when another limiter takes it over. */
  limiter: Limiter
  readonly since: number
  grant(lease: Lease): void
  /** Ends the wait without a permit. */
  refuse(reason: Error): void
}

/** Counts since the limiter was made. */
export interface LimiterCounts {
  granted: number
  throttled: number
  refused: number
}

/**
 * The quota of one account, region and API class.
 *
 * Bottleneck counts the slots, in this process or in Redis: as many as requests may arrive in a window, each held until
 * a window after the request arrived. Who gets the next free slot is decided when it is free: its job takes whoever's
 * turn it is then, so that waiting is fair and can be ended at any time.
 *
 * All times are milliseconds on the clock of `performance.now()`.
 */
export class Limiter {
  readonly counts: LimiterCounts = { granted: 0, throttled: 0, refused: 0 }
  readonly #room = new WaitingRoom<Waiter>()
  readonly #pace = new Pace()
  readonly #distance = new Distance()
  readonly #portion: Portion
  readonly #leases = new Set<Lease>()
  /** Limiters that this one took over and whose requests count still. */
  readonly #absorbed = new Set<Limiter>()
  /** The limiter that took this one over. */
  #heir: Limiter | undefined
  /** Where slots come from; from nowhere while it is not known how the quota is shared. */
  #slots: Slots | undefined
  /** How many may start in a window. */
  readonly #size: number
  readonly #windowMs: number
  /** Slots that nobody uses yet: each ends its job. */
  readonly #ready: (() => void)[] = []
  /** Jobs that have not started yet. */
  #scheduled = 0
  /** The time before which no request may start, while the pace is slowed down or pauses. */
  #notBefore = -Infinity
  #paceTimer: NodeJS.Timeout | undefined
  #usedAt = performance.now()
  #closed = false

  constructor(private readonly options: LimiterOptions) {
    this.#size = Math.max(1, Math.floor(options.tps))
    this.#windowMs = Math.max(1000, (1000 * this.#size) / options.tps)
    this.#portion = new Portion(this.#size, this.#windowMs)
    this.#slots = this.#createSlots()
    options.shared?.replicas.on('change', this.#onChange)
  }

  /** Permits that are held. */
  get running(): number {
    return this.#leases.size
  }

  /** Requests that wait. */
  get waiting(): number {
    return this.#room.size
  }

  /** When the limiter was last asked, or held anything. */
  get usedAt(): number {
    const isInUse = this.waiting + this.running + this.#absorbed.size > 0 || this.share < 1
    return isInUse ? performance.now() : this.#usedAt
  }

  /** The share of the quota that is used at most, 1 unless AWS throttled lately. */
  get share(): number {
    return this.#pace.shareAt(performance.now())
  }

  /** How long a newcomer would wait, in milliseconds; an estimate. */
  estimate(turn: Turn = { caller: '', command: '' }): number {
    return this.#estimateBehind(this.#room.ahead(turn))
  }

  /** How long one waits who has so many before him. */
  #estimateBehind(ahead: number): number {
    const now = performance.now()
    const replicas = this.options.shared?.replicas
    const share = this.#pace.shareAt(now)
    const windowMs = (replicas?.windowMs(this.#windowMs) ?? this.#windowMs) / share
    const isShared = replicas?.mode === 'together'
    const size = this.#size * (isShared ? this.#portion.at(now, share) : 1)
    const windows = Math.max(0, this.#leases.size + ahead + 1 - size) / size
    const left =
      this.#pace.pauseLeftAt(now) +
      (replicas?.untilTurn(this.#windowMs) ?? 0) +
      (this.#absorbed.size > 0 ? this.#windowMs : 0)
    return left + windows * windowMs
  }

  /**
   * Why it makes no sense to wait: Redis is away, or the estimated wait passes the deadline. `undefined` when it does
   * make sense.
   *
   * @param joined where the same request waits already for somebody else
   */
  refusal(request: PermitRequest, joined?: Place): Error | undefined {
    const away = this.options.shared?.replicas.refusal()
    if (away) return away
    const estimate = Math.min(this.estimate(request), joined?.estimate() ?? Infinity)
    if (performance.now() + estimate <= request.deadline) return undefined
    this.counts.refused += 1
    return new QuotaWaitError(estimate)
  }

  /**
   * Waits for a permit.
   *
   * @throws {QuotaQueueFullError} when too many wait
   * @throws {RedisAwayError} when replicas share the quota, and Redis is away or goes away
   * @throws the signal's reason when it aborts
   */
  take(request: PermitRequest): Promise<Permit> {
    this.#usedAt = performance.now()
    if (request.signal.aborted) return Promise.reject(request.signal.reason as Error)
    const away = this.options.shared?.replicas.refusal()
    if (away) return Promise.reject(away)
    if (this.waiting >= this.options.queueLimit && request.hasBegun !== true) {
      this.counts.refused += 1
      return Promise.reject(new QuotaQueueFullError(this.estimate(request)))
    }
    return new Promise((resolve, reject) => {
      this.#join(request, resolve, reject)
      this.#pump()
      if (this.waiting > 0) this.#portion.waits(performance.now())
    })
  }

  /** Takes over those who wait at another limiter, which is the same account's after all. */
  absorb(other: Limiter): void {
    // what the other let go may still be sent: nothing more starts until it has arrived for certain
    other.#heir = this
    if (other.running > 0) this.#absorbed.add(other)
    for (let waiter = other.#room.next(); waiter; waiter = other.#room.next()) {
      waiter.limiter = this
      this.#room.join(waiter)
    }
    other.retire()
    this.#pump()
  }

  /** Gives out no more permits, since another limiter took over. Those that are held free their slots in their time. */
  retire(): void {
    this.#closed = true
    clearTimeout(this.#paceTimer)
    this.options.shared?.replicas.off('change', this.#onChange)
    for (const free of this.#ready.splice(0)) free()
    this.#slots?.close()
  }

  /** Ends everything: those who wait are refused, slots are freed, no timer is left. */
  close(): void {
    this.retire()
    for (const waiter of [...this.#room]) waiter.refuse(new Error('The service is ending.'))
    for (const lease of [...this.#leases]) lease.end()
    for (const other of this.#absorbed) other.close()
  }

  /** It is another way now in which the quota is shared. */
  readonly #onChange = (): void => {
    this.#slots?.close()
    this.#scheduled = 0
    this.#slots = this.#createSlots()
    this.#portion.forget()
    // what was not sent yet might be sent when others have its slot
    for (const lease of this.#leases) lease.void()
    const away = this.options.shared?.replicas.refusal()
    if (away) for (const waiter of [...this.#room]) waiter.refuse(away)
    this.#pump()
  }

  #createSlots(): Slots | undefined {
    const { shared } = this.options
    if (!shared) return new LocalSlots(this.#size)
    return shared.replicas.slots({
      id: `{${shared.name}}:${this.#size}:${Math.round(this.#windowMs)}`,
      size: this.#size,
      onThrottle: (ageMs) => {
        const now = performance.now()
        this.#pace.throttled(now, now - ageMs - TOLD_LATE_MS)
      },
      onForgotten: () => this.#portion.forget(),
      onEarlierThrottle: (ageMs) => {
        const at = performance.now() - ageMs
        this.#pace.throttled(at, at)
      },
      expirationMs: () =>
        shared.replicas.sendWithinMs + EXPIRATION_MARGIN_MS + this.#windowMs / this.share,
    })
  }

  #join(
    request: PermitRequest,
    resolve: (permit: Permit) => void,
    reject: (reason: Error) => void,
  ): void {
    const leave = () => {
      request.signal.removeEventListener('abort', onAbort)
      waiter.limiter.#left(waiter)
    }
    const onAbort = () => waiter.refuse(request.signal.reason as Error)
    const waiter: Waiter = {
      turn: request,
      limiter: this,
      since: performance.now(),
      grant(lease: Lease) {
        leave()
        resolve(lease)
      },
      refuse(reason: Error) {
        leave()
        reject(reason)
      },
    }
    request.signal.addEventListener('abort', onAbort, { once: true })
    this.#room.join(waiter)
    request.onWait?.({
      estimate: () => waiter.limiter.#estimateBehind(waiter.limiter.#room.aheadOf(waiter)),
      joinedBy: (turn) => waiter.limiter.#room.offer(waiter, turn),
    })
  }

  /** One does not wait any more: it has its permit, or was refused, or gone. */
  #left(waiter: Waiter): void {
    this.#room.leave(waiter)
    if (this.#room.size === 0) this.#portion.forget()
  }

  /**
   * Gives ready slots to those who wait, and schedules as many jobs as have somebody to start for. Where the slots are
   * this process's own there is one more: its slot is ready for whoever comes next, since a job takes some milliseconds
   * to start.
   */
  #pump(): void {
    const slots = this.#slots
    if (this.#closed || !slots) return
    if (this.#absorbed.size > 0) return
    const left = this.#notBeforeLeft()
    if (left > 0) {
      this.#paceTimer ??= setTimeout(() => {
        this.#paceTimer = undefined
        this.#pump()
      }, Math.ceil(left))
      return
    }
    const ready = this.#room.size > 0 ? this.#ready.pop() : undefined
    if (ready) {
      this.#useSlot(ready)
      return
    }
    // while the pace is slowed down, starts are spread: one job at a time
    const wanted = this.share < 1 ? 1 : this.#size
    const waiting = Math.min(this.#room.size, wanted)
    const jobs = this.options.shared ? waiting : Math.max(1 - this.#ready.length, waiting)
    while (this.#scheduled < jobs) {
      this.#scheduled += 1
      slots.schedule((takenAt) => this.#job(slots, takenAt))
    }
  }

  /** A job has a slot, and ends when the slot is free. */
  #job(slots: Slots, takenAt: number): Promise<void> {
    if (slots !== this.#slots) return Promise.resolve()
    this.#scheduled -= 1
    return new Promise((free) => this.#useSlot(free, takenAt))
  }

  /**
   * Gives a slot to whoever's turn it is, or keeps it ready. A shared slot is not kept: others may wait for it.
   *
   * @param takenAt when the slot was taken
   */
  #useSlot(free: () => void, takenAt = -Infinity): void {
    const now = performance.now()
    const { shared } = this.options
    const sendBy = shared ? takenAt + shared.replicas.sendWithinMs : Infinity
    const mayStart = this.#absorbed.size === 0 && this.#notBeforeLeft() <= 0 && now < sendBy
    const waiter = mayStart ? this.#room.next() : undefined
    if (!waiter) {
      if (this.#closed || shared) free()
      else this.#ready.push(free)
      this.#pump()
      return
    }
    const share = this.#pace.shareAt(now)
    if (share < 1) this.#notBefore = now + this.#windowMs / (this.#size * share)
    const marginMs = this.#distance.marginMs
    const holding = { windowMs: this.#windowMs / share, marginMs, sendBy }
    const lease = new Lease(now - waiter.since, holding, {
      onDone: (done, outcome) => this.#onDone(done, outcome),
      onFree: (freed) => {
        this.#leases.delete(freed)
        free()
        if (this.#leases.size === 0 && this.#heir) this.#heir.#onArrived(this)
      },
    })
    this.#leases.add(lease)
    this.counts.granted += 1
    this.#portion.gave(now)
    waiter.grant(lease)
    // the next ready slot can wait until the request that was let go is on its way
    if (this.#room.size > 0) this.#pump()
    else setImmediate(() => this.#pump())
  }

  #onDone(lease: Lease, outcome: Parameters<Permit['done']>[0]): void {
    const now = performance.now()
    this.#usedAt = now
    if (outcome === 'answered') {
      this.#pace.answered(lease.grantedAt)
      this.#distance.measured(lease.roundTripMs)
    }
    if (outcome === 'throttled') this.#onThrottled(lease)
  }

  /** AWS throttled a request of this limiter, or of one that it took over. */
  #onThrottled(lease: Lease): void {
    if (this.#heir) {
      this.#heir.#onThrottled(lease)
      return
    }
    const now = performance.now()
    this.counts.throttled += 1
    this.#pace.throttled(now, lease.grantedAt)
    this.#portion.forget()
    this.#slots?.tellThrottle(now - lease.grantedAt)
  }

  /** All that a limiter sent that was taken over has arrived, a window ago. */
  #onArrived(other: Limiter): void {
    this.#absorbed.delete(other)
    this.#pump()
  }

  #notBeforeLeft(): number {
    const now = performance.now()
    const turn = this.options.shared?.replicas.untilTurn(this.#windowMs) ?? 0
    return Math.max(this.#notBefore - now, this.#pace.pauseLeftAt(now), turn)
  }
}
