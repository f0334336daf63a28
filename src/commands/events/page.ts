/** An event as LookupEvents sends it: `EventTime` in epoch seconds, `CloudTrailEvent` a JSON text. */
export interface WireEvent {
  EventId?: string
  EventName?: string
  EventTime?: number
  EventSource?: string
  Username?: string
  AccessKeyId?: string
  ReadOnly?: string
  Resources?: { ResourceType?: string; ResourceName?: string }[]
  CloudTrailEvent?: string
}

/**
 * A range of time in whole epoch seconds, both ends included: CloudTrail keeps the times of events, and compares
 * StartTime and EndTime with them, to the second. It is empty when `from` is after `to`.
 */
export interface Range {
  from: number
  to: number
}

/** What is asked of LookupEvents. A token belongs to the very range that it was given for. */
export interface PageRequest {
  range: Range
  token: string | undefined
  signal: AbortSignal
  /** To be called when the request has its permit of the quota. */
  onPermit: () => void
}

/** One page of LookupEvents: newest first, at most 50 events. */
export interface Page {
  events: WireEvent[]
  nextToken: string | undefined
}

/** Asks for one page. */
export type FetchPage = (request: PageRequest) => Promise<Page>

/** Events on one page of LookupEvents, at most. */
export const PAGE_SIZE = 50

/** The second of an event. */
export function secondOf(event: WireEvent): number {
  return Math.floor(event.EventTime ?? 0)
}
