import { Type } from '@sinclair/typebox'
import { CONNECTION_FIELDS } from '../cloudtrail/connections/fields.js'

/**
 * The fields that several commands share. Descriptions are for the SOAR engineer who reads them in Swagger UI;
 * examples work in the sandbox.
 */

/** One of some words. As `enum`, which reads better in Swagger UI and in errors than a union of constants. */
export const oneOf = <const Words extends readonly string[]>(words: Words, options: object = {}) =>
  Type.Unsafe<Words[number]>({ type: 'string', enum: words, ...options })

/** How many inputs one command takes. */
export const MAX_INPUTS = 100

const NAME_RULES =
  'A name is 3 to 128 ASCII letters, digits, periods (.), underscores (_) and dashes (-), starts and ends with a letter or digit, has no two of `.`, `_`, `-` side by side, and is not an IP address.'

/** A list of trails, by name or ARN; each is checked, and fails, by itself. */
export const trailNamesOf = (purpose: string, examples: string[]) =>
  Type.Array(Type.String(), {
    minItems: 1,
    maxItems: MAX_INPUTS,
    uniqueItems: true,
    description: `${purpose} 1 to ${MAX_INPUTS} names or trail ARNs, no duplicates. ${NAME_RULES} One that breaks these rules fails by itself, with field and rule; the others go on.`,
    examples: [examples],
  })

/** The trails of a command that works on existing ones. */
export const TrailNames = trailNamesOf(
  'The trails, by name or ARN. List Trails finds both (`$.Trails[*].Name`, `$.Trails[*].TrailARN`).',
  ['management-events', 'data-events'],
)

/** The bucket that receives the log files. */
export const S3BucketName = Type.String({
  minLength: 3,
  maxLength: 63,
  pattern: '^[a-z0-9](?:[a-z0-9-]|\\.(?!\\.)){1,61}[a-z0-9]$',
  description:
    'The S3 bucket that receives the log files: 3 to 63 lower-case letters, digits, periods (.) and dashes (-), a letter or digit first and last. Its policy must let CloudTrail write. In the sandbox, `missing-…` does not exist and `denied-…` has no such policy.',
  examples: ['acme-cloudtrail-logs'],
})

/** The optional settings of a trail that Create Trails and Update Trails share. */
export const trailSettings = (defaults: 'with defaults' | 'left as they are') => {
  const byDefault = (value: boolean) =>
    defaults === 'with defaults'
      ? { default: value, note: ` Default ${value}.` }
      : { note: ' Left out: stays as it is.' }
  const flag = (text: string, value: boolean) => {
    const { note, ...schema } = byDefault(value)
    return Type.Optional(Type.Boolean({ ...schema, description: text + note, examples: [value] }))
  }
  return {
    s3KeyPrefix: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 200,
        description: 'Prefix of the log files in the bucket, 1 to 200 characters.',
        examples: ['security'],
      }),
    ),
    snsTopicName: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 256,
        description:
          'Name or ARN of the SNS topic that is told of each log file, 1 to 256 characters.',
        examples: ['cloudtrail-deliveries'],
      }),
    ),
    includeGlobalServiceEvents: flag(
      'Whether events of global services, such as IAM, are logged. Must be true for a trail of all regions.',
      true,
    ),
    applyTrailToAllRegions: flag(
      'Whether the trail logs all regions (true) or its own only (false).',
      false,
    ),
    organizationTrail: flag(
      "Whether the trail logs all accounts of the organization. Needs the organization's management account or its delegated administrator.",
      false,
    ),
    enableLogFileValidation: flag(
      'Whether digest files prove that log files are unchanged.',
      false,
    ),
    cloudWatchLogsLogGroupArn: Type.Optional(
      Type.String({
        pattern: '^arn:aws[a-z-]*:logs:[a-z0-9-]+:\\d{12}:log-group:[^:*]{1,512}:\\*$',
        description:
          'ARN of the CloudWatch Logs group that gets the events, ending in `:*`. Only together with cloudWatchLogsRoleArn.',
        examples: ['arn:aws:logs:us-east-1:111122223333:log-group:cloudtrail:*'],
      }),
    ),
    cloudWatchLogsRoleArn: Type.Optional(
      Type.String({
        pattern: '^arn:aws[a-z-]*:iam::\\d{12}:role/.{1,512}$',
        description:
          'ARN of the role with which CloudTrail writes to the log group. Only together with cloudWatchLogsLogGroupArn.',
        examples: ['arn:aws:iam::111122223333:role/cloudtrail-to-cloudwatch'],
      }),
    ),
    kmsKeyId: Type.Optional(
      Type.String({
        pattern:
          '^(alias/[A-Za-z0-9/_-]{1,250}|arn:aws[a-z-]*:kms:[a-z0-9-]+:\\d{12}:(key|alias)/[A-Za-z0-9/_-]{1,250}|(mrk-)?[0-9a-f-]{32,36})$',
        description:
          'KMS key that encrypts the log files: a key id, `alias/<name>`, or the ARN of a key or an alias.',
        examples: ['alias/cloudtrail'],
      }),
    ),
  }
}

/** The fields of trailSettings() as a command's body holds them. */
export interface TrailSettings {
  s3KeyPrefix?: string
  snsTopicName?: string
  includeGlobalServiceEvents?: boolean
  applyTrailToAllRegions?: boolean
  organizationTrail?: boolean
  enableLogFileValidation?: boolean
  cloudWatchLogsLogGroupArn?: string
  cloudWatchLogsRoleArn?: string
  kmsKeyId?: string
}

/** AWS's names for the optional settings; those that are not given are not sent. */
export function toTrailInput(settings: TrailSettings) {
  const input = {
    S3KeyPrefix: settings.s3KeyPrefix,
    SnsTopicName: settings.snsTopicName,
    IncludeGlobalServiceEvents: settings.includeGlobalServiceEvents,
    IsMultiRegionTrail: settings.applyTrailToAllRegions,
    IsOrganizationTrail: settings.organizationTrail,
    EnableLogFileValidation: settings.enableLogFileValidation,
    CloudWatchLogsLogGroupArn: settings.cloudWatchLogsLogGroupArn,
    CloudWatchLogsRoleArn: settings.cloudWatchLogsRoleArn,
    KmsKeyId: settings.kmsKeyId,
  }
  return input
}

/** A trail's ARN in any partition. */
export const TrailArn = Type.String({
  pattern:
    '^arn:aws(-cn|-us-gov|-eusc|-iso|-iso-b|-iso-e|-iso-f)?:cloudtrail:[a-z]{2,}(-[a-z]+)+-\\d{1,2}:\\d{12}:trail/.{3,128}$',
  description:
    'A trail ARN: `arn:<partition>:cloudtrail:<region>:<account>:trail/<name>`. List Trails finds it (`$.Trails[*].TrailARN`).',
  examples: ['arn:aws:cloudtrail:us-east-1:111122223333:trail/management-events'],
})

/** The key of a tag. */
export const TagKey = Type.String({
  minLength: 1,
  maxLength: 128,
  pattern: '^(?![aA][wW][sS]:)[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]+$',
  description:
    'A tag key: 1 to 128 letters, digits, spaces and `_ . : / = + - @`, not starting with `aws:`.',
  examples: ['Owner'],
})

/** The value of a tag. */
export const TagValue = Type.String({
  minLength: 1,
  maxLength: 256,
  pattern: '^[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]+$',
  description: 'A tag value: 1 to 256 letters, digits, spaces and `_ . : / = + - @`.',
  examples: ['secops'],
})

/** As whom and where a command runs. */
export const ConnectionField = Type.Optional(
  Type.Union(
    [
      Type.String({
        minLength: 1,
        maxLength: 128,
        description: 'Name of a connection that is configured at the service.',
      }),
      Type.Object(
        {
          serverUrl: CONNECTION_FIELDS.serverUrl,
          accessKey: CONNECTION_FIELDS.accessKey,
          accessSecret: CONNECTION_FIELDS.accessSecret,
          sessionToken: Type.Optional(CONNECTION_FIELDS.sessionToken),
          roleArn: Type.Optional(CONNECTION_FIELDS.roleArn),
          externalId: Type.Optional(CONNECTION_FIELDS.externalId),
          region: Type.Optional(CONNECTION_FIELDS.region),
        },
        {
          additionalProperties: false,
          description: "A SOAR connection's own fields, where the service allows it.",
        },
      ),
    ],
    {
      description:
        'As whom and where the command runs: the name of a configured connection, or the fields of one. Left out: the connection named `default`.',
      examples: ['default'],
    },
  ),
)

/** Of every command that changes a trail. */
export const DryRun = Type.Optional(
  Type.Boolean({
    description:
      'Whether to change nothing: everything is checked, and each row says what would be called (`dryRun`, `operation`, `input`). Default false.',
    examples: [true],
  }),
)

/** Options of the body of every command: unknown fields are refused, never dropped. */
export const STRICT = { additionalProperties: false } as const
