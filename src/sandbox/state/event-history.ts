import type { Resource } from '@aws-sdk/client-cloudtrail'

/** One event of an account's history. */
export interface StoredEvent {
  id: string
  /** In milliseconds since 1970; the history keeps whole seconds, as CloudTrail does. */
  time: number
  /** The time from which LookupEvents returns it, in milliseconds since 1970; absent: at once. */
  visibleAt?: number | undefined
  category: 'management' | 'insight'
  name: string
  source: string
  readOnly?: 'true' | 'false' | undefined
  username?: string | undefined
  accessKeyId?: string | undefined
  resources: Resource[]
  /** The complete event record, which LookupEvents returns as the JSON text `CloudTrailEvent`. */
  record: Record<string, unknown>
}

/** The number of events kept per region; the oldest are dropped first. AWS keeps 90 days of any number. */
const KEPT_PER_REGION = 50_000

/** An account's event history: per region, oldest first. */
export class EventHistory {
  readonly #regions = new Map<string, StoredEvent[]>()

  /** Adds an event in the order of time, its time cut to the second. */
  add(region: string, added: StoredEvent): void {
    const event = { ...added, time: Math.floor(added.time / 1000) * 1000 }
    const events = this.#regions.get(region) ?? []
    this.#regions.set(region, events)
    let at = events.length
    while (at > 0 && isAfter(events[at - 1], event)) at -= 1
    events.splice(at, 0, event)
    // in blocks, because every cut moves the rest of the list
    if (events.length > KEPT_PER_REGION * 1.1) events.splice(0, events.length - KEPT_PER_REGION)
  }

  /** The events of a region, oldest first. */
  of(region: string): readonly StoredEvent[] {
    return this.#regions.get(region) ?? []
  }

  /** The regions that have events. */
  regions(): string[] {
    return [...this.#regions.keys()]
  }
}

function isAfter(a: StoredEvent | undefined, b: StoredEvent): boolean {
  return a !== undefined && a.time > b.time
}
