import { ArrivalMargin } from './arrival-margin.js'
import { FairQueue, type QueueKey } from './fair-queue.js'
import { Lease } from './lease.js'
import { LocalSlots } from './local-slots.js'
import { Pace } from './pace.js'
import type { Permit, PermitOutcome, PermitRequest, QueuePosition } from './permit.js'
import { QuotaQueueFullError, QuotaWaitError } from './quota-errors.js'
import { rateOf, type Rate } from './rate.js'
import { ReplicaShare } from './replica-share.js'
import type { Slot, Slots, SlotSource } from './slots.js'

/** The quota of a limiter. */
export interface LimiterOptions {
  /** The limiter's name among the replicas. */
  name: string
  /** Requests per second, above 0; below 1 it is one request in `1 / tps` seconds. */
  tps: number
  /** How many requests may wait. */
  queueLimit: number
  /** The source of slots; without one they are this process's own. */
  source?: SlotSource | undefined
}

/** A request that waits. */
interface Waiter {
  /** Changes when another caller with a sooner place wants the same. */
  key: QueueKey
  /** Changes when another limiter absorbs this one. */
  limiter: Limiter
  readonly since: number
  grant(lease: Lease): void
  refuse(reason: Error): void
}

/** Counts since the limiter was created. */
export interface LimiterCounts {
  granted: number
  throttled: number
  refused: number
}

/** A new request of a new caller. */
const NEWCOMER: QueueKey = { caller: '', command: '' }

/**
 * The quota of one account, region and API class.
 *
 * A request waits in a fair queue until there is a slot, and holds the slot until a window after it arrived at the
 * endpoint. A slot is given when it becomes free, to the request that is next then: waiting is fair, and a request may
 * leave at any time.
 */
export class Limiter {
  readonly counts: LimiterCounts = { granted: 0, throttled: 0, refused: 0 }
  readonly #queue = new FairQueue<Waiter>()
  readonly #pace = new Pace()
  readonly #margin = new ArrivalMargin()
  readonly #rate: Rate
  readonly #replicaShare: ReplicaShare
  readonly #leases = new Set<Lease>()
  /** Limiters that this one absorbed and whose requests still count. */
  readonly #absorbed = new Set<Limiter>()
  /** The limiter that absorbed this one. */
  #successor: Limiter | undefined
  /** Undefined while no slot can be taken. */
  #slots: Slots | undefined
  /** Slots that were requested and not received. */
  #requested = 0
  #paceTimer: NodeJS.Timeout | undefined
  #usedAt = performance.now()
  #closed = false

  constructor(private readonly options: LimiterOptions) {
    this.#rate = rateOf(options.tps)
    this.#replicaShare = new ReplicaShare(this.#rate)
    this.#slots = this.#openSlots()
    options.source?.on('change', this.#onChange)
  }

  /** Permits that are held. */
  get running(): number {
    return this.#leases.size
  }

  /** Requests that wait. */
  get waiting(): number {
    return this.#queue.size
  }

  /** The last use, on the clock of `performance.now()`, in milliseconds. */
  get usedAt(): number {
    const isInUse = this.waiting + this.running + this.#absorbed.size > 0 || this.share < 1
    return isInUse ? performance.now() : this.#usedAt
  }

  /** The share of the quota that is used at most, 1 unless AWS throttled lately. */
  get share(): number {
    return this.#pace.shareAt(performance.now())
  }

  /** How long a new request would wait, in milliseconds; an estimate. */
  estimate(key: QueueKey = NEWCOMER): number {
    return this.#estimateBehind(this.#queue.ahead(key))
  }

  /**
   * Why waiting is of no use: no slot can be taken, or the estimated wait passes the deadline.
   *
   * @param joined the position of the same request, if it waits for another caller already
   */
  refusal(request: PermitRequest, joined?: QueuePosition): Error | undefined {
    const unavailable = this.options.source?.refusal()
    if (unavailable) return unavailable
    const estimate = Math.min(this.estimate(request), joined?.estimate() ?? Infinity)
    if (performance.now() + estimate <= request.deadline) return undefined
    this.counts.refused += 1
    return new QuotaWaitError(estimate)
  }

  /**
   * Waits for a permit.
   *
   * @throws {QuotaQueueFullError} when too many wait
   * @throws {RedisUnavailableError} when Redis holds the quota and is, or becomes, unavailable
   * @throws the signal's reason when it aborts
   */
  take(request: PermitRequest): Promise<Permit> {
    this.#usedAt = performance.now()
    if (request.signal.aborted) return Promise.reject(request.signal.reason as Error)
    const unavailable = this.options.source?.refusal()
    if (unavailable) return Promise.reject(unavailable)
    if (this.waiting >= this.options.queueLimit && request.hasBegun !== true) {
      this.counts.refused += 1
      return Promise.reject(new QuotaQueueFullError(this.estimate(request)))
    }
    return new Promise((resolve, reject) => {
      this.#join(request, resolve, reject)
      this.#pump()
      if (this.waiting > 0) this.#replicaShare.waiting(performance.now())
    })
  }

  /** Takes over the queue of another limiter, which turned out to be of the same account. */
  absorb(other: Limiter): void {
    // requests that hold a permit of the other may still be sent: nothing starts until their slots are free
    other.#successor = this
    if (other.running > 0) this.#absorbed.add(other)
    for (let waiter = other.#queue.next(); waiter; waiter = other.#queue.next()) {
      waiter.limiter = this
      this.#queue.join(waiter)
    }
    other.#stop()
    this.#pump()
  }

  /** Refuses the requests that wait, frees all slots, and stops all timers. */
  close(): void {
    this.#stop()
    for (const waiter of [...this.#queue]) waiter.refuse(new Error('The service is shutting down.'))
    for (const lease of [...this.#leases]) lease.free()
    for (const other of this.#absorbed) other.close()
  }

  /** Gives no more permits. Permits that are held free their slots in time. */
  #stop(): void {
    this.#closed = true
    clearTimeout(this.#paceTimer)
    this.options.source?.off('change', this.#onChange)
    this.#slots?.close()
  }

  /** The source gives slots in another way now, or none. */
  readonly #onChange = (): void => {
    this.#slots?.close()
    this.#requested = 0
    this.#slots = this.#openSlots()
    this.#replicaShare.reset()
    // an unsent request might be sent when its slot is in use elsewhere
    for (const lease of this.#leases) lease.void()
    const unavailable = this.options.source?.refusal()
    if (unavailable) for (const waiter of [...this.#queue]) waiter.refuse(unavailable)
    this.#pump()
  }

  #openSlots(): Slots | undefined {
    const { source, name, tps } = this.options
    if (!source) return new LocalSlots(this.#rate)
    return source.open({
      name,
      tps,
      heldMs: () => this.#rate.windowMs / this.share,
      onThrottle: (throttledAt, grantedAt) => this.#pace.throttled(throttledAt, grantedAt),
      onReset: () => this.#replicaShare.reset(),
    })
  }

  #join(
    request: PermitRequest,
    resolve: (permit: Permit) => void,
    reject: (reason: Error) => void,
  ): void {
    const leave = () => {
      request.signal.removeEventListener('abort', onAbort)
      waiter.limiter.#leave(waiter)
    }
    const onAbort = () => waiter.refuse(request.signal.reason as Error)
    const waiter: Waiter = {
      key: request,
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
    this.#queue.join(waiter)
    request.onWait?.({
      estimate: () => waiter.limiter.#estimateBehind(waiter.limiter.#queue.aheadOf(waiter)),
      offer: (key) => waiter.limiter.#queue.offer(waiter, key),
    })
  }

  #leave(waiter: Waiter): void {
    this.#queue.leave(waiter)
    if (this.#queue.size === 0) this.#replicaShare.reset()
  }

  /** How long a request waits with so many ahead of it, in milliseconds. */
  #estimateBehind(ahead: number): number {
    const now = performance.now()
    const pace = this.#pace.shareAt(now)
    const { size, windowMs } = this.#slots?.rate ?? this.#rate
    const own = size * (this.#slots?.isShared === true ? this.#replicaShare.at(now, pace) : 1)
    const windows = Math.max(0, this.#leases.size + ahead + 1 - own) / own
    return (
      (this.options.source?.startsInMs ?? 0) +
      this.#pace.startsInMs(now) +
      (this.#absorbed.size > 0 ? windowMs : 0) +
      (windows * windowMs) / pace
    )
  }

  /** Requests as many slots as there are requests to use them. */
  #pump(): void {
    const slots = this.#slots
    if (this.#closed || !slots || this.#absorbed.size > 0) return
    const left = this.#pace.startsInMs(performance.now())
    if (left > 0) {
      this.#paceTimer ??= setTimeout(() => {
        this.#paceTimer = undefined
        this.#pump()
      }, Math.ceil(left))
      return
    }
    // while the pace is slowed down, starts are spread: one slot at a time
    const most = this.share < 1 ? 1 : slots.rate.size
    while (this.#requested < Math.min(this.#queue.size, most)) {
      this.#requested += 1
      slots.request((slot) => this.#onSlot(slots, slot))
    }
  }

  /** Gives a slot to the next request, or back. */
  #onSlot(slots: Slots, slot: Slot): void {
    this.#requested -= 1
    const now = performance.now()
    const isInTime = now < slot.takenAt + slots.sendWithinMs
    const mayStart = !this.#closed && this.#absorbed.size === 0 && this.#pace.startsInMs(now) === 0
    const waiter = isInTime && mayStart ? this.#queue.next() : undefined
    if (waiter) this.#grant(waiter, slot, slots, now)
    else slot.release()
    this.#pump()
  }

  #grant(waiter: Waiter, slot: Slot, { rate, sendWithinMs }: Slots, now: number): void {
    const windowMs = rate.windowMs / this.#pace.shareAt(now)
    this.#pace.started(now, rate.windowMs / rate.size)
    const terms = { windowMs, marginMs: this.#margin.ms, sendBy: slot.takenAt + sendWithinMs }
    const lease = new Lease(now - waiter.since, terms, {
      onDone: (done, outcome) => this.#onDone(done, outcome),
      onFree: (freed) => {
        this.#leases.delete(freed)
        slot.release()
        if (this.#leases.size === 0 && this.#successor) this.#successor.#onDrained(this)
      },
    })
    this.#leases.add(lease)
    this.counts.granted += 1
    this.#replicaShare.granted(now)
    waiter.grant(lease)
  }

  #onDone(lease: Lease, outcome: PermitOutcome): void {
    this.#usedAt = performance.now()
    if (outcome === 'responded') {
      this.#pace.responded(lease.grantedAt)
      this.#margin.record(lease.roundTripMs)
    }
    if (outcome === 'throttled') this.#onThrottled(lease.grantedAt)
  }

  /** AWS throttled a request of this limiter, or of one that it absorbed. */
  #onThrottled(grantedAt: number): void {
    if (this.#successor) {
      this.#successor.#onThrottled(grantedAt)
      return
    }
    const now = performance.now()
    this.counts.throttled += 1
    this.#pace.throttled(now, grantedAt)
    this.#replicaShare.reset()
    this.#slots?.reportThrottle(now - grantedAt)
  }

  /** An absorbed limiter's last slot is free. */
  #onDrained(other: Limiter): void {
    this.#absorbed.delete(other)
    this.#pump()
  }
}
