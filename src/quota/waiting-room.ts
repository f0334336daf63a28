/** Who waits: a caller, and one of its commands. */
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
export class WaitingRoom<Waiter extends Turn> {
  // a Map keeps the order of insertion: who has had his turn goes to the end
  readonly #callers = new Map<string, Map<string, Set<Waiter>>>()
  #size = 0

  /** How many wait. */
  get size(): number {
    return this.#size
  }

  /** Joins at the end of the waiter's own command. */
  join(waiter: Waiter): void {
    const commands = getOrSet(this.#callers, waiter.caller, () => new Map<string, Set<Waiter>>())
    getOrSet(commands, waiter.command, () => new Set<Waiter>()).add(waiter)
    this.#size += 1
  }

  /** Leaves before being called. Whether the waiter was there. */
  leave(waiter: Waiter): boolean {
    const commands = this.#callers.get(waiter.caller)
    const waiters = commands?.get(waiter.command)
    if (!commands || !waiters?.delete(waiter)) return false
    this.#size -= 1
    if (waiters.size === 0) commands.delete(waiter.command)
    if (commands.size === 0) this.#callers.delete(waiter.caller)
    return true
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

  /** How many are called before one who joined now would be. */
  ahead({ caller, command }: Turn): number {
    const own = this.#callers.get(caller)
    const place = (own?.get(command)?.size ?? 0) + 1
    let turns = 0
    for (const [name, waiters] of own ?? []) {
      turns += name === command ? place : Math.min(waiters.size, place)
    }
    turns = Math.max(turns, place)
    let ahead = turns - 1
    for (const [name, commands] of this.#callers) {
      if (name !== caller) ahead += Math.min(sizeOf(commands, turns), turns)
    }
    return ahead
  }

  /** Everyone who waits, in no promised order. */
  *[Symbol.iterator](): Generator<Waiter> {
    for (const commands of this.#callers.values()) {
      for (const waiters of commands.values()) yield* waiters
    }
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

/** How many wait for a caller, counted no further than `enough`. */
function sizeOf(commands: Map<string, Set<unknown>>, enough: number): number {
  let size = 0
  for (const waiters of commands.values()) {
    size += waiters.size
    if (size >= enough) return size
  }
  return size
}
