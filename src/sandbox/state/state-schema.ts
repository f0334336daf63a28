import type { Static } from '@sinclair/typebox'
import { Type } from '@sinclair/typebox'

const Text = Type.String()
/** In milliseconds since 1970, up to the last moment that a JavaScript date can hold. */
const Time = Type.Number({ minimum: 0, maximum: 8.64e15 })

const Settings = Type.Object(
  {
    Name: Text,
    S3BucketName: Text,
    S3KeyPrefix: Type.Optional(Text),
    SnsTopicName: Type.Optional(Text),
    SnsTopicARN: Type.Optional(Text),
    IncludeGlobalServiceEvents: Type.Boolean(),
    IsMultiRegionTrail: Type.Boolean(),
    HomeRegion: Text,
    TrailARN: Type.String({ pattern: '^arn:aws[a-z-]*:cloudtrail:[a-z0-9-]+:\\d{12}:trail/.+$' }),
    LogFileValidationEnabled: Type.Boolean(),
    CloudWatchLogsLogGroupArn: Type.Optional(Text),
    CloudWatchLogsRoleArn: Type.Optional(Text),
    KmsKeyId: Type.Optional(Text),
    IsOrganizationTrail: Type.Boolean(),
    RecursiveLogging: Type.Boolean({ default: true }),
  },
  { additionalProperties: false },
)

const FieldSelector = Type.Object(
  {
    Field: Text,
    Equals: Type.Optional(Type.Array(Text)),
    StartsWith: Type.Optional(Type.Array(Text)),
    EndsWith: Type.Optional(Type.Array(Text)),
    NotEquals: Type.Optional(Type.Array(Text)),
    NotStartsWith: Type.Optional(Type.Array(Text)),
    NotEndsWith: Type.Optional(Type.Array(Text)),
  },
  { additionalProperties: false },
)

const TrailState = Type.Object(
  {
    settings: Settings,
    isLogging: Type.Boolean(),
    startedAt: Type.Optional(Time),
    stoppedAt: Type.Optional(Time),
    eventSelectors: Type.Optional(
      Type.Array(
        Type.Object({
          ReadWriteType: Type.Enum({ All: 'All', ReadOnly: 'ReadOnly', WriteOnly: 'WriteOnly' }),
          IncludeManagementEvents: Type.Boolean(),
          DataResources: Type.Array(Type.Object({ Type: Text, Values: Type.Array(Text) })),
          ExcludeManagementEventSources: Type.Array(Text),
        }),
      ),
    ),
    advancedEventSelectors: Type.Optional(
      Type.Array(
        Type.Object({ Name: Type.Optional(Text), FieldSelectors: Type.Array(FieldSelector) }),
      ),
    ),
    insightSelectors: Type.Array(
      Type.Object({
        InsightType: Type.Enum({
          ApiCallRateInsight: 'ApiCallRateInsight',
          ApiErrorRateInsight: 'ApiErrorRateInsight',
        }),
        EventCategories: Type.Optional(
          Type.Array(Type.Enum({ Management: 'Management', Data: 'Data' })),
        ),
      }),
    ),
    tags: Type.Array(Type.Object({ Key: Text, Value: Type.Optional(Text) })),
  },
  { additionalProperties: false },
)

const EventState = Type.Object(
  {
    id: Text,
    time: Time,
    visibleAt: Type.Optional(Time),
    category: Type.Union([Type.Literal('management'), Type.Literal('insight')]),
    name: Text,
    source: Text,
    readOnly: Type.Optional(Type.Union([Type.Literal('true'), Type.Literal('false')])),
    username: Type.Optional(Text),
    accessKeyId: Type.Optional(Text),
    resources: Type.Array(
      Type.Object({ ResourceType: Type.Optional(Text), ResourceName: Type.Optional(Text) }),
    ),
    record: Type.Record(Text, Type.Unknown()),
  },
  { additionalProperties: false },
)

/** What a state file holds, in full: a file with anything else is refused. */
export const StateSchema = Type.Object({
  version: Type.Literal(1),
  accounts: Type.Array(
    Type.Object({
      accountId: Type.String({ pattern: '^\\d{12}$' }),
      trails: Type.Array(TrailState),
      /** By region. */
      events: Type.Record(Text, Type.Array(EventState)),
    }),
  ),
})

/** A sandbox's state as JSON. Sessions, quotas and planned faults are not part of it. */
export type SandboxState = Static<typeof StateSchema>
