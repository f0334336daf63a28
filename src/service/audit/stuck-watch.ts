/** How long the audit log may make no progress until it counts as stuck, in milliseconds. */
export const STUCK_MS = 2_000

/** Watches work that is done in steps, and reports when no step ends for `STUCK_MS`, however busy the event loop is. */
export class StuckWatch {
  #timer: NodeJS.Timeout | undefined
  #isStuck = false

  /** @param onStuck is called each time the work gets stuck */
  constructor(private readonly onStuck: () => void) {}

  /** Whether the work is stuck now. */
  get isStuck(): boolean {
    return this.#isStuck
  }

  /** The work begins, or ended a step. */
  step(): void {
    this.stop()
    const timer = setTimeout(() => {
      // timers come before the ends of file operations in a turn of the event loop, immediates after them
      setImmediate(() => {
        if (this.#timer === timer) this.#report()
      })
    }, STUCK_MS)
    this.#timer = timer
  }

  /** The work is done, or failed. */
  stop(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#isStuck = false
  }

  #report(): void {
    this.#isStuck = true
    this.onStuck()
  }
}
