import type { Event, LookupAttribute, LookupEventsCommandInput } from '@aws-sdk/client-cloudtrail'
import { LookupEvents$ } from '@aws-sdk/client-cloudtrail'

import { modelledError } from '../errors.js'
import type { StoredEvent } from '../state/event-history.js'
import { queryOf, readPageToken, writePageToken } from './page-token.js'
import { operation } from './operation.js'

const DAY = 24 * 60 * 60 * 1000
/** How long CloudTrail keeps its event history, in milliseconds. */
const KEPT = 90 * DAY

/** LookupEvents: the event history of the region, newest first, filtered by at most one attribute. */
export const lookupEvents = operation(LookupEvents$, (input: LookupEventsCommandInput, call) => {
  const category =
    input.EventCategory === undefined ? 'management' : checkCategory(input.EventCategory)
  const attribute = checkAttributes(input.LookupAttributes ?? [])
  const size = checkMaxResults(input.MaxResults)
  const from = Math.max(input.StartTime?.getTime() ?? 0, call.now - KEPT)
  // without an end time the range ends at the present
  const to = input.EndTime?.getTime() ?? call.now
  if (input.StartTime !== undefined && input.StartTime.getTime() > to) {
    throw modelledError('InvalidTimeRangeException', 'Start time is after end time.')
  }
  const query = queryOf(call, input)
  const after = input.NextToken === undefined ? undefined : readPageToken(input.NextToken, query)
  const matches = (event: StoredEvent) =>
    event.category === category &&
    event.time >= from &&
    event.time <= to &&
    (event.visibleAt ?? 0) <= call.now &&
    (attribute === undefined || attribute(event))
  const { page, hasMore } = newestFirst(call.account.history.of(call.region), matches, after, size)
  const last = page.at(-1)
  return {
    Events: page.map(wireEvent),
    NextToken: hasMore && last !== undefined ? writePageToken(last, query) : undefined,
  }
})

/** The next page before the event `after`, and whether one more event follows it. */
function newestFirst(
  events: readonly StoredEvent[],
  matches: (event: StoredEvent) => boolean,
  after: { time: number; id: string } | undefined,
  size: number,
): { page: StoredEvent[]; hasMore: boolean } {
  const page: StoredEvent[] = []
  let isPast = after === undefined
  for (let at = events.length - 1; at >= 0; at -= 1) {
    const event = events[at]
    if (event === undefined) continue
    if (!isPast && after !== undefined) {
      if (event.time > after.time || (event.time === after.time && event.id !== after.id)) continue
      isPast = true
      if (event.id === after.id) continue
    }
    if (!matches(event)) continue
    if (page.length === size) return { page, hasMore: true }
    page.push(event)
  }
  return { page, hasMore: false }
}

function wireEvent(event: StoredEvent): Event {
  return {
    EventId: event.id,
    EventName: event.name,
    ReadOnly: event.readOnly,
    AccessKeyId: event.accessKeyId,
    EventTime: new Date(event.time),
    EventSource: event.source,
    Username: event.username,
    Resources: event.resources,
    CloudTrailEvent: JSON.stringify(event.record),
  }
}

function checkCategory(category: string): 'insight' {
  if (category !== 'insight') {
    throw modelledError('InvalidEventCategoryException', `Event category ${category} is not valid.`)
  }
  return category
}

function checkMaxResults(given = 50): number {
  if (given < 1 || given > 50) {
    throw modelledError(
      'InvalidMaxResultsException',
      `A max results value of ${given} is invalid. Specify max results between 1 and 50.`,
    )
  }
  return given
}

/**
 * The longest attribute value, in characters. The documentation counts underscores, spaces, commas and
 * newlines double; recorded requests show that AWS does not.
 */
const MAX_VALUE_LENGTH = 2000

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** The comparison of each attribute key. Keys and values are case sensitive. */
const ATTRIBUTES: Readonly<Record<string, (event: StoredEvent, value: string) => boolean>> = {
  EventId: (event, value) => event.id === value.toLowerCase(),
  EventName: (event, value) => event.name === value,
  EventSource: (event, value) => event.source === value,
  ReadOnly: (event, value) => event.readOnly === value,
  Username: (event, value) => event.username === value,
  AccessKeyId: (event, value) => event.accessKeyId === value,
  ResourceType: (event, value) =>
    event.resources.some(({ ResourceType }) => ResourceType === value),
  ResourceName: (event, value) =>
    event.resources.some(({ ResourceName }) => ResourceName === value),
}

/** Checks the lookup attributes; CloudTrail accepts one at most. */
function checkAttributes(
  attributes: readonly LookupAttribute[],
): ((event: StoredEvent) => boolean) | undefined {
  const [attribute] = attributes
  if (attribute === undefined) return undefined
  if (attributes.length > 1) {
    throw invalidAttributes('Only one lookup attribute can be specified.')
  }
  const key: string = attribute.AttributeKey ?? ''
  const value = attribute.AttributeValue ?? ''
  const compare = Object.hasOwn(ATTRIBUTES, key) ? ATTRIBUTES[key] : undefined
  if (compare === undefined) throw invalidAttributes('Lookup attribute key is not valid.')
  if (
    value === '' ||
    value.length > MAX_VALUE_LENGTH ||
    (key === 'ReadOnly' && value !== 'true' && value !== 'false')
  ) {
    throw invalidAttributes('Lookup attribute value is not valid.')
  }
  if (key === 'EventId' && !UUID.test(value)) {
    throw invalidAttributes('EventId must be a valid UUID.')
  }
  return (event) => compare(event, value)
}

function invalidAttributes(message: string): Error {
  return modelledError('InvalidLookupAttributesException', message)
}
