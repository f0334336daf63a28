import Bottleneck from 'bottleneck'

/** Where a limiter's slots come from: a slot is leave to have one request at the endpoint in a window. */
export interface Slots {
  /**
   * Runs the job when a slot is free. The slot is the job's own until its promise settles.
   *
   * @param job is told when, at the earliest, its slot was taken, on the clock of `performance.now()`
   */
  schedule(job: (takenAt: number) => Promise<void>): void
  /**
   * Tells the others who have slots of the same quota that AWS throttled a request.
   *
   * @param ageMs how long ago the request got its permit, in milliseconds
   */
  tellThrottle(ageMs: number): void
  /** No more jobs start; what is scheduled and not started never does. */
  close(): void
}

/** Slots of this process alone. */
export class LocalSlots implements Slots {
  readonly #bottleneck: Bottleneck
  #closed = false

  constructor(size: number) {
    this.#bottleneck = new Bottleneck({ maxConcurrent: size })
  }

  schedule(job: (takenAt: number) => Promise<void>): void {
    void this.#bottleneck.schedule(() => {
      forgetWallClock(this.#bottleneck)
      return this.#closed ? Promise.resolve() : job(performance.now())
    })
  }

  tellThrottle(): void {
    // there are no others
  }

  close(): void {
    this.#closed = true
    void this.#bottleneck.disconnect()
  }
}

/**
 * Bottleneck remembers the wall-clock time of the last start, to space starts by `minTime`, which is not used here. A
 * wall clock that is set back would make it wait for as long; what it remembers is forgotten.
 */
function forgetWallClock(slots: Bottleneck): void {
  const { _store: store } = slots as unknown as { _store: { _nextRequest?: number } }
  if (store._nextRequest !== undefined) store._nextRequest = 0
}
