/** The line that somebody waits in: that of a caller, and of one of its commands. */
export interface Turn {
  readonly caller: string
  readonly command: string
}

/**
 * Where requests wait for the quota. Callers take turns, and inside a caller its commands do; inside a command the
 * first come is the first served. So a command with a hundred inputs stands in nobody's way but its own.
 *
 * Joining, leaving and being called cost the same however many wait.
 */
export class WaitingRoom<Waiter extends { turn: Turn }> {
  // a Map keeps the order of insertion: who has had his turn goes to the end
  readonly #callers = new Map<string, Map<string, Set<Waiter>>>()
  #size = 0

  /** How many wait. */
  get size(): number {
    return this.#size
  }

  /** Joins at the end of the waiter's own command. */
  join(waiter: Waiter): void {
    const { caller, command } = waiter.turn
    const commands = getOrSet(this.#callers, caller, () => new Map<string, Set<Waiter>>())
    getOrSet(commands, command, () => new Set<Waiter>()).add(waiter)
    this.#size += 1
  }

  /** Leaves before being called. Whether the waiter was there. */
  leave(waiter: Waiter): boolean {
    const { caller, command } = waiter.turn
    const commands = this.#callers.get(caller)
    const waiters = commands?.get(command)
    if (!commands || !waiters?.delete(waiter)) return false
    this.#size -= 1
    if (waiters.size === 0) commands.delete(command)
    if (commands.size === 0) this.#callers.delete(caller)
    return true
  }

  /** Moves one who waits to the end of another line, if that is where he is called sooner. */
  offer(waiter: Waiter, turn: Turn): void {
    if (this.ahead(turn) >= this.aheadOf(waiter) || !this.leave(waiter)) return
    waiter.turn = turn
    this.join(waiter)
  }

  /** Calls the next in turn, or nobody. */
  next(): Waiter | undefined {
    for (const [caller, commands] of this.#callers) {
      for (const [command, waiters] of commands) {
        for (const waiter of waiters) {
          this.leave(waiter)
          toEnd(commands, command)
          toEnd(this.#callers, caller)
          return waiter
        }
      }
    }
    return undefined
  }

  /** How many are called before one who joined now would be, when nobody else comes. */
  ahead(turn: Turn): number {
    return this.#before(turn, this.#line(turn)?.size ?? 0)
  }

  /** How many are called before one who waits, when nobody else comes; 0 when he has been called. */
  aheadOf(waiter: Waiter): number {
    const place = [...(this.#line(waiter.turn) ?? [])].indexOf(waiter)
    return place < 0 ? 0 : this.#before(waiter.turn, place)
  }

  /** Everyone who waits, in no promised order. */
  *[Symbol.iterator](): Generator<Waiter> {
    for (const commands of this.#callers.values()) {
      for (const waiters of commands.values()) yield* waiters
    }
  }

  #line({ caller, command }: Turn): Set<Waiter> | undefined {
    return this.#callers.get(caller)?.get(command)
  }

  /** How many are called before the one at that place of a line. */
  #before({ caller, command }: Turn, place: number): number {
    const own = this.#callers.get(caller) ?? new Map<string, Set<Waiter>>()
    const turns = place + before(own, command, place, (waiters) => waiters.size)
    return turns + before(this.#callers, caller, turns, (commands) => sizeOf(commands, turns + 1))
  }
}

function getOrSet<Value>(map: Map<string, Value>, key: string, make: () => Value): Value {
  const found = map.get(key)
  if (found !== undefined) return found
  const made = make()
  map.set(key, made)
  return made
}

function toEnd<Value>(map: Map<string, Value>, key: string): void {
  const value = map.get(key)
  if (value === undefined) return
  map.delete(key)
  map.set(key, value)
}

/**
 * How many of the others have their turn before somebody's turn number `turns + 1`: those who stand before him once
 * more than those after.
 */
function before<Value>(
  others: Map<string, Value>,
  own: string,
  turns: number,
  size: (value: Value) => number,
): number {
  let count = 0
  let rounds = turns + 1
  for (const [name, value] of others) {
    if (name === own) rounds = turns
    else count += Math.min(size(value), rounds)
  }
  return count
}

/** How many wait for a caller, counted no further than `enough`. */
function sizeOf(commands: Map<string, Set<unknown>>, enough: number): number {
  let size = 0
  for (const waiters of commands.values()) {
    size += waiters.size
    if (size >= enough) return size
  }
  return size
}
