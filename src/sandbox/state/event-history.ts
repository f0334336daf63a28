import type { Resource } from '@aws-sdk/client-cloudtrail'

/** One event of an account's history. */
export interface StoredEvent {
  id: string
  /** When it happened, in milliseconds since 1970, a whole second as CloudTrail keeps it. */
  time: number
  /** From when LookupEvents finds it, in milliseconds since 1970; at once when absent. */
  visibleAt?: number | undefined
  category: 'management' | 'insight'
  name: string
  source: string
  readOnly?: 'true' | 'false' | undefined
  username?: string | undefined
  accessKeyId?: string | undefined
  resources: Resource[]
  /** The whole record, as `CloudTrailEvent` carries it, but for being parsed. */
  record: Record<string, unknown>
}

/** How many events of a region are kept; the oldest go first. AWS keeps 90 days of any number. */
const KEPT_PER_REGION = 50_000

/** An account's event history: per region, oldest first. */
export class EventHistory {
  readonly #regions = new Map<string, StoredEvent[]>()

  /** Adds an event at its place in time. */
  add(region: string, event: StoredEvent): void {
    const events = this.#regions.get(region) ?? []
    this.#regions.set(region, events)
    let at = events.length
    while (at > 0 && isAfter(events[at - 1], event)) at -= 1
    events.splice(at, 0, event)
    // dropped in blocks, because each cut moves the whole list
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
