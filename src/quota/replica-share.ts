import type { Rate } from './rate.js'

/** How many windows are kept. */
const WINDOWS = 6

/**
 * The share of a common quota that this replica gets, for the estimate of waits: the permits granted while requests
 * waited here, window by window, compared with those of a replica that has the quota alone.
 *
 * All times are milliseconds on the clock of `performance.now()`.
 */
export class ReplicaShare {
  /** When the current window began, while requests wait. */
  #from: number | undefined
  /** Permits granted in the current window. */
  #granted = 0
  /** Permits granted in earlier windows, the newest last. */
  #windows: number[] = []

  /** @param rate the whole quota, of all replicas */
  constructor(private readonly rate: Rate) {}

  /** A request waits. Counting starts a window later: permits until then were free because nobody had used them. */
  waiting(now: number): void {
    this.#from ??= now + this.rate.windowMs
  }

  /** A permit was granted. */
  granted(now: number): void {
    if (this.#from === undefined || now < this.#from) return
    this.#closeWindows(now)
    this.#granted += 1
  }

  /** Starts again: nobody waits, or something other than replicas limits the rate, and the counts say nothing. */
  reset(): void {
    this.#from = undefined
    this.#granted = 0
    this.#windows = []
  }

  /**
   * The share, above 0, at most 1.
   *
   * @param pace the share of the quota that all replicas together use at most
   */
  at(now: number, pace: number): number {
    this.#closeWindows(now)
    const granted = this.#windows.reduce((sum, count) => sum + count, 0)
    const alone = this.#windows.length * this.rate.size * pace
    // half a window at the full rate is assumed, so that one late permit does not count too much
    const assumed = this.rate.size / 2
    return Math.min(1, (granted + assumed) / (alone + assumed))
  }

  #closeWindows(now: number): void {
    if (this.#from === undefined) return
    const over = Math.floor((now - this.#from) / this.rate.windowMs)
    if (over < 1) return
    const empty = new Array<number>(Math.min(over - 1, WINDOWS)).fill(0)
    this.#windows = [...this.#windows, this.#granted, ...empty].slice(-WINDOWS)
    this.#granted = 0
    this.#from += over * this.rate.windowMs
  }
}
