/** A fixed number of slots, handed out in the order of asking. */
export class Slots {
  readonly #waiting: (() => void)[] = []

  /** @param free how many there are */
  constructor(private free: number) {}

  /**
   * Waits for a slot.
   *
   * @returns gives the slot back; to be called once
   */
  async take(): Promise<() => void> {
    if (this.free > 0) this.free -= 1
    else await new Promise<void>((resolve) => this.#waiting.push(resolve))
    return () => {
      const next = this.#waiting.shift()
      if (next) next()
      else this.free += 1
    }
  }
}
