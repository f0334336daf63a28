import type { Rate } from './rate.js'

/** Permission to have one request at the endpoint in a window. */
export interface Slot {
  /** When the slot was taken, or a little before, on the clock of `performance.now()`, in milliseconds. */
  readonly takenAt: number
  release(): void
}

/** The slots of one limiter, of this process alone or shared with other replicas. */
export interface Slots {
  readonly rate: Rate
  /** Whether other replicas take slots of the same quota. */
  readonly isShared: boolean
  /** A request must be sent within this time of taking its slot, in milliseconds. Infinity: at any time. */
  readonly sendWithinMs: number
  /** Calls `onSlot` once, as soon as there is a slot; calls are in the order of the requests. */
  request(onSlot: (slot: Slot) => void): void
  /**
   * Reports to the other replicas that AWS throttled a request.
   *
   * @param ageMs the time since that request got its permit, in milliseconds
   */
  reportThrottle(ageMs: number): void
  /** No more slots are taken; requests without a slot get none. */
  close(): void
}

/** A limiter's need of slots. All times are milliseconds on the clock of `performance.now()`. */
export interface SlotsOptions {
  /** The limiter's name; replicas that use the same name share its slots. */
  name: string
  tps: number
  /** How long a slot is in use after its request was sent, in milliseconds; longer while the pace is slowed down. */
  heldMs(): number
  /**
   * Another replica was throttled.
   *
   * @param grantedAt when its request got its permit, or a little before
   */
  onThrottle(throttledAt: number, grantedAt: number): void
  /** Redis lost the slots in use, and gives none for a while. */
  onReset(): void
}

/** Opens the slots of limiters, as the replicas share the quota now. */
export interface SlotSource {
  /** How long until slots can be taken, in milliseconds. */
  readonly startsInMs: number
  /** Why no slot can be taken now, where waiting is of no use. */
  refusal(): Error | undefined
  /** Undefined while no slot can be taken. */
  open(options: SlotsOptions): Slots | undefined
  /** `change`: slots that were opened before must be closed and opened again. */
  on(event: 'change', listener: () => void): unknown
  off(event: 'change', listener: () => void): unknown
}
