/** One who wants a read's answer. */
export interface Member {
  /** When it stops waiting, on the clock of `performance.now()`, in milliseconds. */
  readonly deadline: number
  /** Aborts when it stops waiting. */
  readonly signal: AbortSignal
}

/** What the read itself is told. */
export interface FlightControl {
  /** Aborts when nobody waits any more. */
  readonly signal: AbortSignal
  /** The latest deadline of those who wait. */
  deadline(): number
  /** The read is about to be sent: who comes now would read older than he asked. */
  onStart(): void
}

interface Flight {
  promise: Promise<unknown>
  members: number
  deadline: number
  readonly controller: AbortController
}

/**
 * Lets identical reads share an answer. At most one of them is in flight; those that arrive meanwhile share the next
 * one, so that nobody gets an answer older than his question, and nobody waits for more than one other.
 */
export class SharedReads {
  /** Reads that have been sent, by key. */
  readonly #sent = new Map<string, Flight>()
  /** Reads that have not, and may be joined. */
  readonly #open = new Map<string, Flight>()

  /**
   * Joins the read that is about to be made, or makes one.
   *
   * @param key tells what is identical: identity, operation and input
   * @param read makes the read; called for the first who wants it
   * @returns the answer, and whether another caller's read brought it
   */
  async share<Value>(
    key: string,
    member: Member,
    read: (control: FlightControl) => Promise<Value>,
  ): Promise<{ value: Value; shared: boolean }> {
    member.signal.throwIfAborted()
    const open = this.#open.get(key)
    const flight = open ?? this.#start(key, read)
    const value = await this.#join(key, flight, member)
    return { value: value as Value, shared: open !== undefined }
  }

  #start(key: string, read: (control: FlightControl) => Promise<unknown>): Flight {
    const controller = new AbortController()
    const before = this.#sent.get(key)
    const flight: Flight = {
      promise: Promise.resolve(),
      members: 0,
      deadline: -Infinity,
      controller,
    }
    const fly = async () => {
      if (before) await before.promise.catch(() => undefined)
      controller.signal.throwIfAborted()
      return read({
        signal: controller.signal,
        deadline: () => flight.deadline,
        onStart: () => {
          this.#close(key, flight)
          this.#sent.set(key, flight)
        },
      })
    }
    this.#open.set(key, flight)
    flight.promise = fly().finally(() => {
      this.#close(key, flight)
      if (this.#sent.get(key) === flight) this.#sent.delete(key)
    })
    // its members handle what it ends with; without any left there is nobody to tell
    flight.promise.catch(() => undefined)
    return flight
  }

  /** Waits for a flight's answer, as long as this member wants it. */
  #join(key: string, flight: Flight, { deadline, signal }: Member): Promise<unknown> {
    flight.members += 1
    flight.deadline = Math.max(flight.deadline, deadline)
    return new Promise((resolve, reject) => {
      const leave = () => {
        flight.members -= 1
        if (flight.members === 0) {
          this.#close(key, flight)
          flight.controller.abort(signal.reason)
        }
        reject(signal.reason as Error)
      }
      signal.addEventListener('abort', leave, { once: true })
      flight.promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', leave))
    })
  }

  #close(key: string, flight: Flight): void {
    if (this.#open.get(key) === flight) this.#open.delete(key)
  }
}
