import { Type, type Static } from '@sinclair/typebox'
import { toData } from '../to-data.js'
import type { WireEvent } from './page.js'

const text = (description: string, example: string) =>
  Type.Optional(Type.String({ description, examples: [example] }))

/** An event of the event history as a row has it. */
export const EventData = Type.Object(
  {
    eventId: Type.String({ description: 'UUID of the event.' }),
    eventName: text('The API call.', 'StopLogging'),
    eventTime: text('Its time, ISO 8601, UTC.', '2026-11-25T14:55:00.000Z'),
    eventSource: text('The service that was called.', 'cloudtrail.amazonaws.com'),
    username: text('The user or role session that called.', 'alice'),
    accessKeyId: text('The access key that signed the call.', 'AKIARTX3GSDSQINTRUDE'),
    readOnly: text('`true` or `false`, as text.', 'false'),
    resources: Type.Optional(
      Type.Array(
        Type.Object({
          resourceType: text('Type of the resource.', 'AWS::S3::Bucket'),
          resourceName: text('Its name or ARN.', 'acme-secrets'),
        }),
        { description: 'The resources of the event.' },
      ),
    ),
    cloudTrailEvent: Type.Optional(
      Type.Unknown({
        description:
          'The full event, parsed; a string when it is not JSON. The raw string is in `rawData` (`$.Events[*].CloudTrailEvent`).',
      }),
    ),
  },
  { title: 'EventData' },
)

/** An event as a row's `data`: names in camelCase, its time in ISO 8601, and the full event parsed. */
export function eventData(event: WireEvent): Static<typeof EventData> {
  const { CloudTrailEvent: json, EventTime: seconds, EventId: eventId = '', ...members } = event
  return {
    ...toData(members),
    eventId,
    ...(seconds !== undefined && { eventTime: new Date(seconds * 1000).toISOString() }),
    ...(json !== undefined && { cloudTrailEvent: parse(json) }),
  }
}

/** The event's record; the text itself when it is not JSON. */
function parse(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    return json
  }
}
