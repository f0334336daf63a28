/** Where a request waits: the quota is divided between callers, and a caller's part between its commands. */
export interface QueueKey {
  readonly caller: string
  readonly command: string
}

/**
 * A queue with fair order: round robin over callers, inside a caller over its commands, and first come first served
 * inside a command. A command with a hundred inputs delays no other.
 *
 * Joining, leaving and taking the next cost the same however many wait.
 */
export class FairQueue<Item extends { key: QueueKey }> {
  // a Map keeps the order of insertion: the key that was served moves to the end
  readonly #callers = new Map<string, Map<string, Set<Item>>>()
  #size = 0

  /** How many wait. */
  get size(): number {
    return this.#size
  }

  /** Adds an item at the end of its command. */
  join(item: Item): void {
    const { caller, command } = item.key
    const commands = getOrSet(this.#callers, caller, () => new Map<string, Set<Item>>())
    getOrSet(commands, command, () => new Set<Item>()).add(item)
    this.#size += 1
  }

  /** Removes an item. Whether it was in the queue. */
  leave(item: Item): boolean {
    const { caller, command } = item.key
    const commands = this.#callers.get(caller)
    const items = commands?.get(command)
    if (!commands || !items?.delete(item)) return false
    this.#size -= 1
    if (items.size === 0) commands.delete(command)
    if (commands.size === 0) this.#callers.delete(caller)
    return true
  }

  /** Moves an item to the end of another command, if it is served sooner there. */
  offer(item: Item, key: QueueKey): void {
    if (this.ahead(key) >= this.aheadOf(item) || !this.leave(item)) return
    item.key = key
    this.join(item)
  }

  /** Removes and returns the next item. */
  next(): Item | undefined {
    const [item] = this
    if (!item) return undefined
    const { caller, command } = item.key
    this.leave(item)
    const commands = this.#callers.get(caller)
    if (commands) moveToEnd(commands, command)
    moveToEnd(this.#callers, caller)
    return item
  }

  /** How many are served before an item that joined now, if no other joins. */
  ahead(key: QueueKey): number {
    return this.#before(key, this.#itemsOf(key)?.size ?? 0)
  }

  /** How many are served before an item of the queue, if no other joins; 0 for an item that has left. */
  aheadOf(item: Item): number {
    const index = [...(this.#itemsOf(item.key) ?? [])].indexOf(item)
    return index < 0 ? 0 : this.#before(item.key, index)
  }

  /** All items: the next one first, the others in no promised order. */
  *[Symbol.iterator](): Generator<Item> {
    for (const commands of this.#callers.values()) {
      for (const items of commands.values()) yield* items
    }
  }

  #itemsOf({ caller, command }: QueueKey): Set<Item> | undefined {
    return this.#callers.get(caller)?.get(command)
  }

  /** How many are served before the item with this index in its command. */
  #before({ caller, command }: QueueKey, index: number): number {
    const own = this.#callers.get(caller) ?? new Map<string, Set<Item>>()
    const ahead = index + countBefore(own, command, index, (items) => items.size)
    return (
      ahead + countBefore(this.#callers, caller, ahead, (commands) => count(commands, ahead + 1))
    )
  }
}

function getOrSet<Value>(map: Map<string, Value>, key: string, create: () => Value): Value {
  const found = map.get(key)
  if (found !== undefined) return found
  const created = create()
  map.set(key, created)
  return created
}

function moveToEnd<Value>(map: Map<string, Value>, key: string): void {
  const value = map.get(key)
  if (value === undefined) return
  map.delete(key)
  map.set(key, value)
}

/**
 * How many items of the other keys are served before the item of `own` that has `rounds` of its own before it: keys that
 * stand before `own` are served once more than those after it.
 */
function countBefore<Value>(
  keys: Map<string, Value>,
  own: string,
  rounds: number,
  size: (value: Value) => number,
): number {
  let sum = 0
  let served = rounds + 1
  for (const [key, value] of keys) {
    if (key === own) served = rounds
    else sum += Math.min(size(value), served)
  }
  return sum
}

/** How many items a caller has, counted no further than `enough`. */
function count(commands: Map<string, Set<unknown>>, enough: number): number {
  let size = 0
  for (const items of commands.values()) {
    size += items.size
    if (size >= enough) return size
  }
  return size
}
