/** How long into its turn a replica may start requests, in milliseconds. */
const START_MS = 150

/** How soon a request that starts in a turn must have been sent, in milliseconds. */
export const SEND_IN_TURN_MS = 200

/** What a turn is longer than the quota's window, in milliseconds: starting, sending, and how wrong clocks may be. */
const ROOM_MS = START_MS + SEND_IN_TURN_MS + 250

/** How much sooner than another's turn a request must have started to arrive a window before it, in milliseconds. */
const ARRIVAL_MS = 150

/** How finely a round is looked at for a moment that is nobody's, in milliseconds. */
const LOOK_MS = 10

/**
 * The turns that replicas take when they cannot ask each other: each has a seat, and in its turn it may use the quota of
 * one window. Turns are further apart than a window, so that whatever seats are taken, no window ever sees more than
 * the quota.
 *
 * All times are milliseconds of a clock that the replicas share.
 */
export class Turns {
  /** From the start of one turn to the start of the next. */
  readonly #turnMs: number

  constructor(
    readonly seats: number,
    private readonly windowMs: number,
  ) {
    this.#turnMs = windowMs + ROOM_MS
  }

  /** From one turn of a seat to its next. */
  get roundMs(): number {
    return this.seats * this.#turnMs
  }

  /** How long until that seat may start requests; 0 in its turn. */
  untilTurn(seat: number, now: number): number {
    const into = this.#into(seat, now)
    return into < START_MS ? 0 : this.roundMs - into
  }

  /** How long everybody else must wait since that seat may have its turn; 0 when he is in nobody's way. */
  untilClearOf(seat: number, now: number): number {
    const into = this.#into(seat, now)
    const after = START_MS + SEND_IN_TURN_MS + ARRIVAL_MS + this.windowMs
    if (into < after) return after - into
    const before = this.roundMs - into
    return before < this.windowMs + ARRIVAL_MS ? before + after : 0
  }

  /** Whether there is ever a moment at which none of these seats may have its turn, or be about to. */
  isEverClearOf(seats: readonly number[]): boolean {
    for (let now = 0; now < this.roundMs; now += LOOK_MS) {
      if (seats.every((seat) => this.untilClearOf(seat, now) === 0)) return true
    }
    return false
  }

  /** The time since the last turn of a seat began. */
  #into(seat: number, now: number): number {
    const into = (now - seat * this.#turnMs) % this.roundMs
    return into < 0 ? into + this.roundMs : into
  }
}
