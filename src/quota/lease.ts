import { PermitVoidError, type Permit } from './permit.js'

/** How long a slot is held, in milliseconds. */
export interface Holding {
  /** From the arrival of the request. */
  windowMs: number
  /** How much later than it was sent the request may arrive, unless its answer tells better. */
  marginMs: number
  /** When the request must have been sent, on the clock of `performance.now()`; Infinity without a limit. */
  sendBy: number
}

/** What a lease tells its limiter. */
export interface LeaseEvents {
  onDone(lease: Lease, outcome: Parameters<Permit['done']>[0]): void
  /** The slot is free again. */
  onFree(lease: Lease): void
}

/**
 * A permit and the slot that it holds. The request arrives at the endpoint at some moment between being sent and being
 * answered; its slot is free a window after that moment, so that no more than the quota arrive in any window.
 */
export class Lease implements Permit {
  readonly grantedAt = performance.now()
  #sentAt: number | undefined
  #doneAt: number | undefined
  #unsent = false
  #free = false
  #timer: NodeJS.Timeout | undefined
  readonly #void: AbortController | undefined

  constructor(
    readonly waitedMs: number,
    private readonly holding: Holding,
    private readonly events: LeaseEvents,
  ) {
    if (holding.sendBy === Infinity) return
    this.#void = new AbortController()
    this.#timer = setTimeout(() => this.void(), holding.sendBy - this.grantedAt)
  }

  get voided(): AbortSignal | undefined {
    return this.#void?.signal
  }

  /** The permit is no longer good, unless it has been used. */
  void(): void {
    if (this.#sentAt === undefined && this.#doneAt === undefined) {
      this.#void?.abort(new PermitVoidError())
    }
  }

  /** The time from sent to done, in milliseconds; Infinity until then. */
  get roundTripMs(): number {
    return (this.#doneAt ?? Infinity) - (this.#sentAt ?? 0)
  }

  sent(): void {
    if (this.#sentAt !== undefined || this.#doneAt !== undefined) return
    this.#sentAt = performance.now()
    this.#arm()
  }

  done(outcome: Parameters<Permit['done']>[0]): void {
    if (this.#doneAt !== undefined) return
    this.#doneAt = performance.now()
    this.#unsent = outcome === 'unsent' && this.#sentAt === undefined
    this.events.onDone(this, outcome)
    this.#arm()
  }

  /** Frees the slot at once: the limiter ends. */
  end(): void {
    if (this.#free) return
    this.#free = true
    clearTimeout(this.#timer)
    this.events.onFree(this)
  }

  /** Waits for the moment at which the slot is free, which the answer may bring forward. */
  #arm(): void {
    if (this.#free) return
    clearTimeout(this.#timer)
    const left = this.#unsent ? 0 : this.#arrivedBy() + this.holding.windowMs - performance.now()
    if (left <= 0) {
      this.end()
      return
    }
    // Node's timers may fire a millisecond early: the time is looked at again
    this.#timer = setTimeout(() => this.#arm(), Math.ceil(left))
  }

  /** The latest moment at which the request can have arrived. */
  #arrivedBy(): number {
    const sent = this.#sentAt === undefined ? Infinity : this.#sentAt + this.holding.marginMs
    return Math.min(sent, this.#doneAt ?? Infinity)
  }
}
