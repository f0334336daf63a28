import { Type, type Static } from '@sinclair/typebox'
import {
  ATTRIBUTE_KEYS,
  INSIGHT_KEYS,
  RECORD_KEYS,
  planOf,
  type AttributeKey,
  type FilterKey,
} from './filters.js'
import { EventData } from './event-data.js'
import { lookup, newState } from './lookup.js'
import { PAGE_SIZE } from './page.js'
import { MAX_TOKEN_LENGTH } from './token.js'
import { TIME_PATTERN, resolveWindow, timeErrors, windowErrors } from './window.js'
import { StringEnum } from '../../envelope/string-enum.js'
import { defineCommand } from '../define-command.js'
import { refused } from '../../envelope/envelope.js'
import type { Outcome } from '../../envelope/outcome.js'
import { serviceFailure } from '../../envelope/service-failure.js'
import type { ValidationError } from '../../envelope/validation-error.js'
import { ConnectionField, STRICT } from '../fields.js'
import { RegionsField, regionErrors, regionsOf } from '../regions.js'

/** Events in one response, at most; a stream holds more. */
const MAX_EVENTS = 10_000

/** Events in one stream, at most. */
const MAX_STREAMED = 1_000_000

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

const time = (description: string) =>
  Type.Optional(
    Type.Unsafe<string | number>({
      type: ['string', 'number'],
      pattern: TIME_PATTERN,
      minimum: 0,
      description: `${description} ISO 8601 with offset, epoch seconds, or a time ago such as \`-15m\`, \`-2h\`, \`-7d\`.`,
      examples: ['-2h'],
    }),
  )

/** The values of one key, of which an event must have one. */
const values = (description: object) =>
  Type.Optional(
    Type.Array(Type.String({ minLength: 1, maxLength: 2000 }), {
      minItems: 1,
      maxItems: 20,
      uniqueItems: true,
      title: 'FilterValues',
      ...description,
    }),
  )

const FilterFields = Type.Object(
  Object.fromEntries([
    ...ATTRIBUTE_KEYS.map((key) => [key, values({})]),
    ...RECORD_KEYS.map((key) => [key, values({ description: `${key} in the event itself.` })]),
  ]) as Record<FilterKey, ReturnType<typeof values>>,
  {
    additionalProperties: false,
    minProperties: 1,
    description:
      'Several conditions at once: an event must have one of the values of every key. The most selective attribute is asked of AWS, the rest is applied here; `meta.scanned` and `meta.matched` count the events that were read and found.',
    examples: [{ EventName: ['StopLogging', 'DeleteTrail'], errorCode: ['AccessDenied'] }],
  },
)

const body = Type.Object(
  {
    attributeKey: Type.Optional(
      StringEnum(ATTRIBUTE_KEYS, {
        description: `The attribute to filter by, together with attributeValue: ${ATTRIBUTE_KEYS.join(', ')}. Insights events: ${INSIGHT_KEYS.join(', ')} only.`,
        examples: ['EventName'],
      }),
    ),
    attributeValue: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 2000,
        description:
          'The exact value of the attribute, 1 to 2000 characters; an EventId is a UUID, ReadOnly is true or false. Only together with attributeKey.',
        examples: ['StopLogging'],
      }),
    ),
    filters: Type.Optional(FilterFields),
    startTime: time('Events at or after this time, at most 90 days back. Left out: 90 days back.'),
    endTime: time('Events at or before this time. Left out: now.'),
    eventCategory: Type.Optional(
      Type.Literal('insight', {
        description: '`insight` for Insights events; left out: management events.',
      }),
    ),
    limit: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: MAX_STREAMED,
        default: PAGE_SIZE,
        description: `How many events are wanted, newest first: 1 to ${MAX_EVENTS}, or to ${MAX_STREAMED} in a stream (\`accept: application/x-ndjson\`); default 50.`,
        examples: [50],
      }),
    ),
    nextToken: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: MAX_TOKEN_LENGTH,
        pattern: '^[A-Za-z0-9_-]+$',
        description:
          '`meta.nextToken` of an earlier response, with the same query and connection: continues exactly there.',
      }),
    ),
    regions: RegionsField,
    connection: ConnectionField,
  },
  STRICT,
)

type Body = Static<typeof body>

/** Lookup Events: LookupEvents, as many chains of pages at once as the quota can use, until the limit. */
export const lookupEvents = defineCommand({
  name: 'lookup-events',
  title: 'Lookup Events',
  summary: 'Search the event history',
  description:
    'Management events and Insights events of the last 90 days, newest first, in one region or in several. AWS allows two requests of 50 events per second for each account and region. Global services such as IAM are recorded in us-east-1. With `accept: application/x-ndjson` the events are streamed.',
  apiClass: 'lookup',
  iamActions: ['cloudtrail:LookupEvents'],
  scope: 'read',
  body,
  data: EventData,
  examples: {
    'who stopped logging': { attributeKey: 'EventName', attributeValue: 'StopLogging' },
    'the last 100 events': { limit: 100 },
    'what an access key was denied': {
      filters: { AccessKeyId: ['AKIARTX3GSDSQINTRUDE'], errorCode: ['AccessDenied'] },
    },
    'Insights events': { eventCategory: 'insight' },
  },
  check: lookupErrors,
  isStreamable: true,
  async run(body, cloudTrail, tools) {
    const { attributeKey: key, attributeValue: value, filters = {} } = body
    const attribute = key !== undefined && value !== undefined ? { key, value } : undefined
    const plan = planOf(attribute, filters)
    const bound = boundTo(body, cloudTrail.connection)
    const state =
      body.nextToken === undefined
        ? newState(resolveWindow(body), regionsOf(body.regions, cloudTrail), plan)
        : tools.tokens.open(body.nextToken, bound)
    if (!state) return foreignToken()
    const limit = body.limit ?? PAGE_SIZE
    const query = { plan, category: body.eventCategory, limit, state, bound }
    return lookup(query, cloudTrail, tools)
  },
})

/** What a token is good for: the same query, of the same account, or the same keys where the account is not known. */
function boundTo(
  { limit: _limit, nextToken: _token, connection: _connection, ...query }: Body,
  connection: { accountId: string | undefined; id: string; region: string },
): unknown {
  const { filters = {}, ...rest } = query
  const sorted = Object.entries({ ...rest, ...filters }).sort(([a], [b]) => (a < b ? -1 : 1))
  return [sorted, connection.accountId ?? connection.id, connection.region]
}

function foreignToken(): Outcome<never> {
  const message =
    'nextToken must be meta.nextToken of an earlier response to the same query and account'
  const hint = 'Start the search anew, without nextToken.'
  return refused([serviceFailure('ValidationError', message, { field: 'nextToken', hint })])
}

function lookupErrors(
  body: Partial<Body>,
  { isStreamed }: { isStreamed: boolean },
): ValidationError[] {
  const { attributeKey: key, attributeValue: value, filters = {} } = body
  const errors: ValidationError[] = []
  if ((key === undefined) !== (value === undefined)) {
    errors.push({
      field: key === undefined ? 'attributeKey' : 'attributeValue',
      message: 'must be given: attributeKey and attributeValue go together',
    })
  }
  if (key !== undefined && value !== undefined) {
    errors.push(...valueErrors('attributeValue', key, value))
    errors.push(...insightErrors('attributeKey', key, body.eventCategory))
  }
  for (const [filter, wanted] of Object.entries(filters) as [AttributeKey, string[]][]) {
    errors.push(
      ...wanted.flatMap((one, index) => valueErrors(`filters.${filter}[${index}]`, filter, one)),
      ...insightErrors(`filters.${filter}`, filter, body.eventCategory),
    )
  }
  if (!isStreamed && (body.limit ?? 0) > MAX_EVENTS) {
    errors.push({
      field: 'limit',
      message: `must be <= ${MAX_EVENTS}, or the response streamed with accept: application/x-ndjson`,
    })
  }
  // a search that continues keeps the window of its beginning
  const times = body.nextToken === undefined ? windowErrors(body) : timeErrors(body)
  return [...errors, ...times, ...regionErrors(body.regions)]
}

/** AWS's rules for the values of two attributes. */
function valueErrors(field: string, key: AttributeKey, value: string): ValidationError[] {
  if (key === 'EventId' && !UUID.test(value)) {
    return [{ field, message: 'EventId must be a valid UUID.' }]
  }
  if (key === 'ReadOnly' && !/^(true|false)$/.test(value)) {
    return [{ field, message: 'must be true or false for ReadOnly' }]
  }
  return []
}

/** Of the eight attributes AWS takes three for Insights events; what is read from the event itself may be any. */
function insightErrors(
  field: string,
  key: AttributeKey,
  category: 'insight' | undefined,
): ValidationError[] {
  const isRefused =
    category !== undefined &&
    ATTRIBUTE_KEYS.includes(key) &&
    !(INSIGHT_KEYS as readonly string[]).includes(key)
  return isRefused
    ? [{ field, message: `must be ${INSIGHT_KEYS.join(', ')} for Insights events` }]
    : []
}
