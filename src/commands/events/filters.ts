import type { WireEvent } from './page.js'

/**
 * The attributes that LookupEvents filters by, one at a time, the most selective first: what is sent to AWS is the
 * first of those that are asked for.
 */
export const ATTRIBUTE_KEYS = [
  'EventId',
  'AccessKeyId',
  'ResourceName',
  'Username',
  'EventName',
  'ResourceType',
  'EventSource',
  'ReadOnly',
] as const

/** The keys that AWS takes for Insights events. */
export const INSIGHT_KEYS = ['EventId', 'EventName', 'EventSource'] as const

/** Members of the event itself that are filtered here, since AWS does not. */
export const RECORD_KEYS = ['errorCode', 'sourceIPAddress', 'userIdentityArn', 'eventType'] as const

export type AttributeKey = (typeof ATTRIBUTE_KEYS)[number]
export type FilterKey = AttributeKey | (typeof RECORD_KEYS)[number]

/** Which values are wanted of each key: any of them, of every key that is named. */
export type Filters = Partial<Record<FilterKey, readonly string[]>>

/** How a search is done: what AWS filters by, a chain for each value, and what is left to do here. */
export interface Plan {
  key: AttributeKey | undefined
  values: readonly string[]
  /** Whether an event, found by the value of that number, is one of those wanted, and not found by an earlier one. */
  accepts: (event: WireEvent, valueIndex: number) => boolean
  /** Whether events that AWS sends may be refused here. */
  isFiltered: boolean
}

/**
 * Plans a search. The attribute of the request's `attributeKey` goes to AWS; without one, the most selective of the
 * filters that AWS knows.
 */
export function planOf(
  attribute: { key: AttributeKey; value: string } | undefined,
  filters: Filters,
): Plan {
  const key = attribute?.key ?? ATTRIBUTE_KEYS.find((one) => filters[one] !== undefined)
  const values = attribute ? [attribute.value] : ((key && filters[key]) ?? [])
  const rest = (Object.entries(filters) as [FilterKey, readonly string[]][]).filter(
    ([filter]) => filter !== key || attribute,
  )
  return {
    key,
    values,
    isFiltered: rest.length > 0 || values.length > 1,
    accepts: (event, valueIndex) => {
      const found = key && values.length > 1 ? valuesOf(event, key) : []
      if (values.slice(0, valueIndex).some((value) => found.includes(value))) return false
      if (rest.length === 0) return true
      const record = recordOf(event)
      return rest.every(([filter, wanted]) =>
        valuesOf(event, filter, record).some((value) => wanted.includes(value)),
      )
    },
  }
}

/** The values that an event has of a key: several of resources, none of what is not there. */
function valuesOf(
  event: WireEvent,
  key: FilterKey,
  record: Record<string, unknown> = {},
): readonly string[] {
  switch (key) {
    case 'ResourceName':
    case 'ResourceType':
      return (event.Resources ?? []).flatMap((resource) => resource[key] ?? [])
    case 'userIdentityArn': {
      const { arn } = (record.userIdentity ?? {}) as { arn?: unknown }
      return typeof arn === 'string' ? [arn] : []
    }
    case 'errorCode':
    case 'sourceIPAddress':
    case 'eventType': {
      const value = record[key]
      return typeof value === 'string' ? [value] : []
    }
    default:
      return event[key] === undefined ? [] : [event[key]]
  }
}

/** The event's own record; an empty one when it cannot be read. */
export function recordOf({ CloudTrailEvent: json }: WireEvent): Record<string, unknown> {
  try {
    const record: unknown = JSON.parse(json ?? '')
    return typeof record === 'object' && record !== null ? (record as Record<string, unknown>) : {}
  } catch {
    return {}
  }
}
