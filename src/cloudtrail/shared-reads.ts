import type { QueuePosition } from '../quota/permit.js'
import type { QueueKey } from '../quota/fair-queue.js'

/** A caller that waits for a read's response. */
export interface Member {
  /** Aborts when it stops waiting. */
  readonly signal: AbortSignal
  /** Whose turn it is at the quota when the read is made for this member. */
  readonly turn: QueueKey
  /** Whether it has made other requests before. */
  readonly hasBegun: boolean
}

/** What the read itself is given. */
export interface FlightControl {
  /** Aborts when nobody waits any more. */
  readonly signal: AbortSignal
  /** Whether one of those who wait has made other requests before. */
  hasBegun(): boolean
  /** The read waits at the quota, in the best place that any of those who want it has. */
  onWait(place: QueuePosition): void
  /** The read is about to be sent: who comes now would read older than he asked. */
  onStart(): void
}

interface Flight {
  promise: Promise<unknown>
  readonly members: Set<Member>
  /** Where it waits at the quota, when it does. */
  place: QueuePosition | undefined
  readonly controller: AbortController
}

/**
 * Lets identical reads share a response. At most one of them is in flight; those that arrive meanwhile share the next
 * one, so that no caller gets a response older than its request, or waits for more than one other. At the quota the
 * read has its turn when the first of them has his, so that sharing costs nobody time.
 */
export class SharedReads {
  /** Reads that have been sent, by key. */
  readonly #sent = new Map<string, Flight>()
  /** Reads that have not, and may be joined. */
  readonly #open = new Map<string, Flight>()

  /** Where the read waits that one who came now would share, when it waits at the quota. */
  placeOf(key: string): QueuePosition | undefined {
    return this.#open.get(key)?.place
  }

  /**
   * Joins the read that is about to be made, or makes one.
   *
   * @param key says what is identical: identity, operation and input
   * @param read makes the read; called for the first who wants it
   * @returns the response, and whether another caller's read brought it
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
      members: new Set(),
      place: undefined,
      controller,
    }
    const fly = async () => {
      if (before) await before.promise.catch(() => undefined)
      controller.signal.throwIfAborted()
      return read({
        signal: controller.signal,
        hasBegun: () => [...flight.members].some(({ hasBegun }) => hasBegun),
        onWait: (place) => {
          flight.place = place
          for (const { turn } of flight.members) place.offer(turn)
        },
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
    // its members handle what it ends with; without any left there is nobody to report to
    flight.promise.catch(() => undefined)
    return flight
  }

  /** Waits for a flight's response, as long as this member wants it. */
  #join(key: string, flight: Flight, member: Member): Promise<unknown> {
    const { signal, turn } = member
    flight.members.add(member)
    flight.place?.offer(turn)
    return new Promise((resolve, reject) => {
      const leave = () => {
        flight.members.delete(member)
        if (flight.members.size === 0) {
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
