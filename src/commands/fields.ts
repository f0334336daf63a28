import { Type } from '@sinclair/typebox'
import { CONNECTION_FIELDS } from '../cloudtrail/connections/fields.js'

/**
 * The fields that several commands share. Descriptions are for the SOAR engineer who reads them in Swagger UI;
 * examples work in the sandbox.
 */

/** How many inputs one command takes. */
export const MAX_INPUTS = 100

/** The longest item of `trailNames`, in characters: well above any name or ARN, whose own rules are checked one by one. */
const MAX_TRAIL_LENGTH = 512

/** The rules of a trail's name (CreateTrail of the CloudTrail API reference). */
export const NAME_RULES =
  'A name is 3 to 128 ASCII letters, digits, periods (.), underscores (_) and dashes (-), starts and ends with a letter or digit, has no two of `.`, `_`, `-` side by side, and is not an IP address.'

/** A list of trails, by name or ARN; each is checked, and fails, by itself. */
export const trailNamesOf = (purpose: string, examples: string[]) =>
  Type.Array(Type.String({ maxLength: MAX_TRAIL_LENGTH }), {
    minItems: 1,
    maxItems: MAX_INPUTS,
    uniqueItems: true,
    description: `${purpose} 1 to ${MAX_INPUTS} names or trail ARNs, no duplicates. One that breaks the rules of names or ARNs fails by itself, with field and rule; the others continue.`,
    examples: [examples],
  })

/** The trails of a command that works on existing ones. */
export const TrailNames = {
  ...trailNamesOf(
    'The trails, by name or ARN. List Trails returns both in `rawData` (`$.Trails[*].Name`, `$.Trails[*].TrailARN`).',
    ['management-events', 'data-events'],
  ),
  title: 'TrailNames',
}

/** The bucket that receives the log files. */
export const S3BucketName = Type.String({
  title: 'S3BucketName',
  minLength: 3,
  maxLength: 63,
  pattern: '^[a-z0-9](?:[a-z0-9-]|\\.(?!\\.)){1,61}[a-z0-9]$',
  description:
    'The S3 bucket that receives the log files: 3 to 63 lower-case letters, digits, periods (.) and dashes (-), a letter or digit first and last. Its policy must let CloudTrail write. In the sandbox, `missing-…` does not exist and `denied-…` has no such policy.',
  examples: ['acme-cloudtrail-logs'],
})

/** A trail's ARN in any partition. */
export const TrailArn = Type.String({
  title: 'TrailArn',
  pattern:
    '^arn:aws(-cn|-us-gov|-eusc|-iso|-iso-b|-iso-e|-iso-f)?:cloudtrail:[a-z]{2,}(-[a-z]+)+-\\d{1,2}:\\d{12}:trail/.{3,128}$',
  description:
    'A trail ARN: `arn:<partition>:cloudtrail:<region>:<account>:trail/<name>`. List Trails returns it in `rawData` (`$.Trails[*].TrailARN`).',
  examples: ['arn:aws:cloudtrail:us-east-1:111122223333:trail/management-events'],
})

/** The credentials and the endpoint with which a command runs. */
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
          title: 'ConnectionFields',
          description: "A SOAR connection's own fields, where the service allows it.",
        },
      ),
    ],
    {
      title: 'Connection',
      description:
        'The credentials and the endpoint with which the command runs: the name of a configured connection, or the fields of one. Left out: the connection named `default`.',
      examples: ['default'],
    },
  ),
)

/** Of every command that writes. */
export const DryRun = Type.Optional(
  Type.Boolean({
    'x-default': false,
    title: 'DryRun',
    description:
      'Whether to write nothing: everything is checked, and the `dryRun` of each row has the call that would be made (`operation`, `input`). Default false.',
    examples: [true],
  }),
)

/** Options of the body of every command: unknown fields are refused, never dropped. */
export const STRICT = { additionalProperties: false } as const
