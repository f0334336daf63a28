import type { AdvancedEventSelector, EventSelector } from '@aws-sdk/client-cloudtrail'
import { Type, type Static } from '@sinclair/typebox'
import { toData } from '../to-data.js'
import { trailReference } from '../trails/trail-reference.js'

const strings = (description: string) => Type.Optional(Type.Array(Type.String(), { description }))

const DataResource = Type.Object(
  { type: Type.Optional(Type.String({ examples: ['AWS::S3::Object'] })), values: strings('ARNs.') },
  { title: 'DataResource' },
)

const BasicSelector = Type.Object(
  {
    readWriteType: Type.Optional(Type.String({ description: 'All, ReadOnly or WriteOnly.' })),
    includeManagementEvents: Type.Optional(
      Type.Boolean({ description: 'Whether management events are logged.' }),
    ),
    dataResources: Type.Optional(
      Type.Array(DataResource, { description: 'Resources whose data events are logged.' }),
    ),
    excludeManagementEventSources: strings('Services whose management events are left out.'),
  },
  { title: 'EventSelector' },
)

const AdvancedSelector = Type.Object(
  {
    name: Type.Optional(Type.String()),
    fieldSelectors: Type.Optional(Type.Array(Type.Record(Type.String(), Type.Unknown()))),
  },
  { title: 'AdvancedEventSelector' },
)

/** The event selectors of a trail: basic or advanced ones, never both. */
export const EventSelectorsState = Type.Object(
  {
    eventSelectors: Type.Optional(
      Type.Array(BasicSelector, { description: 'Basic event selectors.' }),
    ),
    advancedEventSelectors: Type.Optional(
      Type.Array(AdvancedSelector, { description: 'Advanced event selectors.' }),
    ),
  },
  { title: 'EventSelectorsState' },
)

/** A trail's event selectors as AWS returns them. */
export const EventSelectorsData = Type.Object(
  {
    name: Type.String({ description: 'Name of the trail.' }),
    trailArn: Type.String({ description: 'ARN of the trail.' }),
    ...EventSelectorsState.properties,
  },
  { title: 'EventSelectorsData' },
)

/** The event selectors in a response of AWS. */
export interface EventSelectorsOutput {
  TrailARN?: string | undefined
  EventSelectors?: EventSelector[] | undefined
  AdvancedEventSelectors?: AdvancedEventSelector[] | undefined
}

export function eventSelectorsState(
  output: Omit<EventSelectorsOutput, 'TrailARN'>,
): Static<typeof EventSelectorsState> {
  const { EventSelectors: basic, AdvancedEventSelectors: advanced } = output
  return toData({
    ...(basic?.length && { EventSelectors: basic }),
    ...(advanced?.length && { AdvancedEventSelectors: advanced }),
  })
}

export function eventSelectorsData(
  trail: string,
  output: EventSelectorsOutput,
): Static<typeof EventSelectorsData> {
  const reference = trailReference(trail)
  return { ...reference, ...eventSelectorsState(output), trailArn: output.TrailARN ?? '' }
}
