import {
  LookupEventsCommand,
  type Event,
  type LookupEventsCommandInput,
  type LookupEventsCommandOutput,
} from '@aws-sdk/client-cloudtrail'
import { Type, type Static } from '@sinclair/typebox'
import type { Answer } from '../cloudtrail/cloudtrail.js'
import { pagesOf } from '../cloudtrail/pages.js'
import { defineCommand } from './command.js'
import type { Fault } from './fault.js'
import { ConnectionField, oneOf, STRICT } from './fields.js'
import { joinPages } from './join-pages.js'
import { decodeLookupToken, encodeLookupToken } from './lookup-token.js'
import { endedBy, foundRow, succeeded } from './run-once.js'
import { toData } from './to-data.js'

/** Events on one page of LookupEvents, at most. */
const PAGE_SIZE = 50

/** How far back the event history goes. */
const HISTORY_MS = 90 * 24 * 3600 * 1000

const ATTRIBUTE_KEYS = [
  'EventId',
  'EventName',
  'ReadOnly',
  'Username',
  'ResourceType',
  'ResourceName',
  'EventSource',
  'AccessKeyId',
] as const

/** The keys that AWS takes for Insights events. */
const INSIGHT_KEYS = ['EventId', 'EventName', 'EventSource']

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** Date and time with an offset, as RFC 3339 has it. */
const TIME = '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}(:\\d{2}(\\.\\d{1,9})?)?(Z|[+-]\\d{2}:\\d{2})$'

const time = (description: string) =>
  Type.Optional(Type.String({ pattern: TIME, description, examples: ['2026-11-01T00:00:00Z'] }))

const body = Type.Object(
  {
    attributeKey: Type.Optional(
      oneOf(ATTRIBUTE_KEYS, {
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
    startTime: time(
      'Events at or after this time, ISO 8601 with offset; at most 90 days back. Left out: 90 days back.',
    ),
    endTime: time('Events at or before this time, ISO 8601 with offset. Left out: now.'),
    eventCategory: Type.Optional(
      Type.Literal('insight', {
        description: '`insight` for Insights events; left out: management events.',
      }),
    ),
    limit: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 10_000,
        default: PAGE_SIZE,
        description: 'How many events are wanted, newest first: 1 to 10000, default 50.',
        examples: [50],
      }),
    ),
    nextToken: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 16_384,
        description: '`meta.nextToken` of an earlier answer, with the same filters: goes on there.',
      }),
    ),
    connection: ConnectionField,
  },
  STRICT,
)

type Body = Static<typeof body>

const EventData = Type.Object({
  eventId: Type.String({ description: 'UUID of the event.' }),
  eventName: Type.Optional(Type.String({ description: 'The API call, for example StopLogging.' })),
  eventTime: Type.Optional(Type.String({ description: 'When it happened, ISO 8601, UTC.' })),
  eventSource: Type.Optional(Type.String({ description: 'The service that was called.' })),
  username: Type.Optional(Type.String({ description: 'Who called.' })),
  accessKeyId: Type.Optional(Type.String({ description: 'The access key that signed the call.' })),
  readOnly: Type.Optional(Type.String({ description: '"true" or "false".' })),
  resources: Type.Optional(
    Type.Array(Type.Record(Type.String(), Type.Unknown()), {
      description: 'The resources of the event.',
    }),
  ),
  cloudTrailEvent: Type.Optional(
    Type.Unknown({
      description:
        'The full event, parsed; a string when it is not JSON. The raw string is in `rawData.Events[*].CloudTrailEvent`.',
    }),
  ),
})

/** Lookup Events: LookupEvents, page after page until the limit. */
export const lookupEvents = defineCommand({
  name: 'lookup-events',
  title: 'Lookup Events',
  description:
    'Management events and Insights events of the last 90 days in one region, newest first. AWS allows two requests of 50 events a second for each account and region. Global services such as IAM are recorded in us-east-1.',
  apiClass: 'lookup',
  iamActions: ['cloudtrail:LookupEvents'],
  scope: 'read',
  body,
  data: EventData,
  examples: {
    'who stopped logging': { attributeKey: 'EventName', attributeValue: 'StopLogging' },
    'the last 100 events': { limit: 100 },
    'Insights events': { eventCategory: 'insight' },
  },
  check: lookupFaults,
  async run(body, cloudTrail) {
    const { region } = cloudTrail.connection
    const query = toQuery(body)
    const limit = body.limit ?? PAGE_SIZE
    const pages: Answer<LookupEventsCommandOutput>[] = []
    const events = () => pages.flatMap((page) => page.output.Events ?? [])
    const outcome = () => {
      const found = events()
      const token = pages.at(-1)?.output.NextToken
      return succeeded({
        contextData: found.map((event) => foundRow(region, eventData(event))),
        keyFields: { EventIds: found.map((event) => event.EventId ?? '') },
        rawData: joinPages(
          pages.map((page) => page.body),
          'Events',
        ),
        meta:
          token === undefined
            ? {}
            : {
                nextToken: encodeLookupToken(query, token),
                truncated: 'more events than the limit',
              },
      })
    }
    try {
      const first = body.nextToken === undefined ? undefined : decodeLookupToken(body.nextToken)
      const ask = (token?: string) =>
        cloudTrail.send(
          new LookupEventsCommand({
            ...query,
            ...first?.window,
            MaxResults: Math.min(PAGE_SIZE, limit - events().length),
            NextToken: token ?? first?.awsToken,
          }),
        )
      for await (const page of pagesOf(ask)) {
        pages.push(page)
        if (events().length >= limit) break
      }
      return outcome()
    } catch (error) {
      return endedBy(error, region, pages.length > 0 ? outcome() : undefined)
    }
  },
})

/** The query that every page must repeat; its window is fixed before the first page, since a moving "now" breaks tokens. */
function toQuery(body: Body): LookupEventsCommandInput & { StartTime: Date; EndTime: Date } {
  const now = Date.now()
  return {
    StartTime: body.startTime ? new Date(body.startTime) : new Date(now - HISTORY_MS + 60_000),
    EndTime: body.endTime ? new Date(body.endTime) : new Date(now),
    ...(body.attributeKey && {
      LookupAttributes: [{ AttributeKey: body.attributeKey, AttributeValue: body.attributeValue }],
    }),
    ...(body.eventCategory && { EventCategory: body.eventCategory }),
  }
}

function eventData(event: Event): Record<string, unknown> {
  const { CloudTrailEvent: json, ...members } = event
  return { ...toData(members), ...(json !== undefined && { cloudTrailEvent: parse(json) }) }
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    return json
  }
}

function lookupFaults(body: Partial<Body>): Fault[] {
  const faults: Fault[] = []
  const { attributeKey: key, attributeValue: value } = body
  if ((key === undefined) !== (value === undefined)) {
    faults.push({
      field: key === undefined ? 'attributeKey' : 'attributeValue',
      message: 'must be given: attributeKey and attributeValue go together',
    })
  }
  if (key === 'EventId' && value !== undefined && !UUID.test(value)) {
    faults.push({ field: 'attributeValue', message: 'EventId must be a valid UUID.' })
  }
  if (key === 'ReadOnly' && value !== undefined && !/^(true|false)$/.test(value)) {
    faults.push({ field: 'attributeValue', message: 'must be true or false for ReadOnly' })
  }
  if (body.eventCategory && key !== undefined && !INSIGHT_KEYS.includes(key)) {
    faults.push({
      field: 'attributeKey',
      message: `must be ${INSIGHT_KEYS.join(', ')} for Insights events`,
    })
  }
  if (body.nextToken !== undefined && !decodeLookupToken(body.nextToken)) {
    faults.push({ field: 'nextToken', message: 'must be meta.nextToken of an earlier answer' })
  }
  return [...faults, ...windowFaults(body)]
}

function windowFaults(body: Partial<Body>): Fault[] {
  const faults: Fault[] = []
  const times = { startTime: body.startTime, endTime: body.endTime }
  for (const [field, text] of Object.entries(times)) {
    if (text !== undefined && Number.isNaN(Date.parse(text))) {
      faults.push({ field, message: 'must be a time that exists' })
    }
  }
  if (faults.length > 0) return faults
  const start = body.startTime === undefined ? undefined : Date.parse(body.startTime)
  const end = body.endTime === undefined ? Date.now() : Date.parse(body.endTime)
  if (start !== undefined && start < Date.now() - HISTORY_MS) {
    faults.push({ field: 'startTime', message: 'must be within the last 90 days' })
  }
  if (start !== undefined && start > end) {
    faults.push({ field: 'startTime', message: 'must not be after endTime' })
  }
  return faults
}
