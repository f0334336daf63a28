import { Type } from '@sinclair/typebox'

const strings = (description: string) => Type.Optional(Type.Array(Type.String(), { description }))

/** A trail's event selectors as AWS answers them. */
export const EventSelectorsData = Type.Object({
  name: Type.String({ description: 'Name of the trail.' }),
  trailArn: Type.String({ description: 'ARN of the trail.' }),
  eventSelectors: Type.Optional(
    Type.Array(
      Type.Object({
        readWriteType: Type.Optional(Type.String({ description: 'All, ReadOnly or WriteOnly.' })),
        includeManagementEvents: Type.Optional(Type.Boolean()),
        dataResources: Type.Optional(
          Type.Array(Type.Object({ type: Type.Optional(Type.String()), values: strings('ARNs.') })),
        ),
        excludeManagementEventSources: strings('Services whose management events are left out.'),
      }),
      { description: 'Basic event selectors.' },
    ),
  ),
  advancedEventSelectors: Type.Optional(
    Type.Array(
      Type.Object({
        name: Type.Optional(Type.String()),
        fieldSelectors: Type.Array(Type.Record(Type.String(), Type.Unknown())),
      }),
      { description: 'Advanced event selectors.' },
    ),
  ),
})
