import type { Permit, PermitOutcome } from './permit.js'
import { PermitVoidError } from './quota-errors.js'

/** The times of a lease, in milliseconds. */
export interface LeaseTerms {
  /** How long the slot stays in use after the request arrived. */
  windowMs: number
  /** How much later than it was sent the request may arrive; a response ends it sooner. */
  marginMs: number
  /** When the request must have been sent, on the clock of `performance.now()`; Infinity without a limit. */
  sendBy: number
}

/** Callbacks of a lease. */
export interface LeaseEvents {
  onDone(lease: Lease, outcome: PermitOutcome): void
  /** The slot is free again. */
  onFree(lease: Lease): void
}

/**
 * A permit and its slot. The request arrives at the endpoint at some moment between sending and response; the slot is
 * free a window after the latest such moment, so that no more requests than the quota arrive in any window.
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
    private readonly terms: LeaseTerms,
    private readonly events: LeaseEvents,
  ) {
    if (terms.sendBy === Infinity) return
    this.#void = new AbortController()
    this.#timer = setTimeout(() => this.void(), terms.sendBy - this.grantedAt)
  }

  get voided(): AbortSignal | undefined {
    return this.#void?.signal
  }

  expire(): void {
    if (performance.now() >= this.terms.sendBy) this.void()
  }

  /** Voids the permit, unless it has been used. */
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
    this.#freeInTime()
  }

  done(outcome: PermitOutcome): void {
    if (this.#doneAt !== undefined) return
    this.#doneAt = performance.now()
    this.#unsent = outcome === 'unsent' && this.#sentAt === undefined
    this.events.onDone(this, outcome)
    this.#freeInTime()
  }

  /** Frees the slot now. */
  free(): void {
    if (this.#free) return
    this.#free = true
    clearTimeout(this.#timer)
    this.events.onFree(this)
  }

  /** Frees the slot a window after the request's arrival, which a response may bring forward. */
  #freeInTime(): void {
    if (this.#free) return
    clearTimeout(this.#timer)
    const left = this.#unsent ? 0 : this.#arrivedBy() + this.terms.windowMs - performance.now()
    if (left <= 0) {
      this.free()
      return
    }
    // Node's timers may fire a millisecond early: the time is checked again
    this.#timer = setTimeout(() => this.#freeInTime(), Math.ceil(left))
  }

  /** The latest moment at which the request can have arrived. */
  #arrivedBy(): number {
    const sent = this.#sentAt === undefined ? Infinity : this.#sentAt + this.terms.marginMs
    return Math.min(sent, this.#doneAt ?? Infinity)
  }
}
