/** How many windows are remembered. */
const MEMORY = 6

/**
 * How much of a quota a limiter gets that shares it with other replicas: what it was given while somebody waited here,
 * window by window, compared with what it would have been given alone.
 *
 * All times are milliseconds on the clock of `performance.now()`.
 */
export class Portion {
  /** When the window that is counted now began, while somebody waits. */
  #from: number | undefined
  /** What was given in it. */
  #given = 0
  /** What was given in the windows before, the newest last. */
  #windows: number[] = []

  /**
   * @param size how many start in a window, of all replicas
   */
  constructor(
    private readonly size: number,
    private readonly windowMs: number,
  ) {}

  /** Somebody waits. What is given from a window later on tells: what comes sooner nobody had used before. */
  waits(now: number): void {
    this.#from ??= now + this.windowMs
  }

  /** A request was let go. */
  gave(now: number): void {
    if (this.#from === undefined || now < this.#from) return
    this.#look(now)
    this.#given += 1
  }

  /** Nobody waits, or something else than others holds starts up: what was seen tells nothing of what comes. */
  forget(): void {
    this.#from = undefined
    this.#given = 0
    this.#windows = []
  }

  /**
   * The portion, above 0, at most 1.
   *
   * @param share the share of the quota that is used at most, by all replicas
   */
  at(now: number, share: number): number {
    this.#look(now)
    const given = this.#windows.reduce((sum, one) => sum + one, 0)
    const alone = this.#windows.length * this.size * share
    // half a window at the full rate, so that the first that comes late is no reason to despair
    const benefit = this.size / 2
    return Math.min(1, (given + benefit) / (alone + benefit))
  }

  /** Closes windows that are over. */
  #look(now: number): void {
    if (this.#from === undefined) return
    const over = Math.floor((now - this.#from) / this.windowMs)
    if (over < 1) return
    const empty = new Array<number>(Math.min(over - 1, MEMORY)).fill(0)
    this.#windows = [...this.#windows, this.#given, ...empty].slice(-MEMORY)
    this.#given = 0
    this.#from += over * this.windowMs
  }
}
