import type { UpdateTrailCommandInput } from '@aws-sdk/client-cloudtrail'
import { Type, type Static, type TString, type TUnsafe } from '@sinclair/typebox'
import type { ValidationError } from '../../envelope/validation-error.js'

const TEXTS = {
  s3KeyPrefix: Type.String({
    minLength: 1,
    maxLength: 200,
    description: 'Prefix of the log files in the bucket, 1 to 200 characters.',
    examples: ['security'],
  }),
  snsTopicName: Type.String({
    minLength: 1,
    maxLength: 256,
    description:
      'Name or ARN of the SNS topic that is notified of each log file, 1 to 256 characters.',
    examples: ['cloudtrail-deliveries'],
  }),
  cloudWatchLogsLogGroupArn: Type.String({
    pattern: '^arn:aws[a-z-]*:logs:[a-z0-9-]+:\\d{12}:log-group:[^:*]{1,512}:\\*$',
    description:
      'ARN of the CloudWatch Logs group that receives the events, ending in `:*`. Only together with cloudWatchLogsRoleArn.',
    examples: ['arn:aws:logs:us-east-1:111122223333:log-group:cloudtrail:*'],
  }),
  cloudWatchLogsRoleArn: Type.String({
    pattern: '^arn:aws[a-z-]*:iam::\\d{12}:role/.{1,512}$',
    description:
      'ARN of the role with which CloudTrail writes to the log group. Only together with cloudWatchLogsLogGroupArn.',
    examples: ['arn:aws:iam::111122223333:role/cloudtrail-to-cloudwatch'],
  }),
  kmsKeyId: Type.String({
    pattern:
      '^(alias/[A-Za-z0-9/_-]{1,250}|arn:aws[a-z-]*:kms:[a-z0-9-]+:\\d{12}:(key|alias)/[A-Za-z0-9/_-]{1,250}|(mrk-)?[0-9a-f-]{32,36})$',
    description:
      'KMS key that encrypts the log files: a key id, `alias/<name>`, or the ARN of a key or an alias.',
    examples: ['alias/cloudtrail'],
  }),
}

/** The flags with their defaults in CreateTrail (CloudTrail API reference). */
const FLAGS = {
  includeGlobalServiceEvents: {
    text: 'Whether events of global services, such as IAM, are logged. Must be true for a multi-region trail.',
    initial: true,
  },
  applyTrailToAllRegions: {
    text: 'Whether the trail logs all regions (true) or its own only (false).',
    initial: false,
  },
  organizationTrail: {
    text: "Whether the trail logs all accounts of the organization. Needs the organization's management account or its delegated administrator.",
    initial: false,
  },
  enableLogFileValidation: {
    text: 'Whether digest files prove that log files are unchanged.',
    initial: false,
  },
  recursiveLogging: {
    text: "Whether the trail logs its own deliveries to the bucket as data events, where the bucket's data events are logged.",
    initial: true,
  },
}

type Texts = typeof TEXTS

const flag = (name: keyof typeof FLAGS, withDefault: boolean) => {
  const { text, initial } = FLAGS[name]
  const note = withDefault ? `Default ${initial}.` : 'Left out: stays as it is.'
  return Type.Optional(
    Type.Boolean({
      ...(withDefault && { [name === 'recursiveLogging' ? 'x-default' : 'default']: initial }),
      description: `${text} ${note}`,
      examples: [initial],
    }),
  )
}

const flags = (withDefault: boolean) => ({
  includeGlobalServiceEvents: flag('includeGlobalServiceEvents', withDefault),
  applyTrailToAllRegions: flag('applyTrailToAllRegions', withDefault),
  organizationTrail: flag('organizationTrail', withDefault),
  enableLogFileValidation: flag('enableLogFileValidation', withDefault),
  recursiveLogging: flag('recursiveLogging', withDefault),
})

const clearable = (text: TString): TUnsafe<string | null> =>
  Type.Unsafe<string | null>({
    ...text,
    type: ['string', 'null'],
    description: `${text.description} Left out: stays as it is. \`null\`: removed.`,
  })

/** The optional settings of a new trail. */
export const NewTrailSettings = {
  s3KeyPrefix: Type.Optional(TEXTS.s3KeyPrefix),
  snsTopicName: Type.Optional(TEXTS.snsTopicName),
  ...flags(true),
  cloudWatchLogsLogGroupArn: Type.Optional(TEXTS.cloudWatchLogsLogGroupArn),
  cloudWatchLogsRoleArn: Type.Optional(TEXTS.cloudWatchLogsRoleArn),
  kmsKeyId: Type.Optional(TEXTS.kmsKeyId),
}

/** The optional settings of an existing trail; `null` removes one. */
export const ChangedTrailSettings = {
  s3KeyPrefix: Type.Optional(clearable(TEXTS.s3KeyPrefix)),
  snsTopicName: Type.Optional(clearable(TEXTS.snsTopicName)),
  ...flags(false),
  cloudWatchLogsLogGroupArn: Type.Optional(clearable(TEXTS.cloudWatchLogsLogGroupArn)),
  cloudWatchLogsRoleArn: Type.Optional(clearable(TEXTS.cloudWatchLogsRoleArn)),
  kmsKeyId: Type.Optional(clearable(TEXTS.kmsKeyId)),
}

/** Settings as a request gives them. */
export type TrailSettings = {
  [Name in keyof typeof FLAGS]?: boolean
} & { [Name in keyof Texts]?: Static<Texts[Name]> | null }

/** The settings in AWS's names: what is left out is not sent, and an empty text removes a setting. */
export function toTrailInput(
  settings: TrailSettings,
): Omit<UpdateTrailCommandInput, 'Name' | 'S3BucketName'> {
  const text = (value: string | null | undefined) => (value === null ? '' : value)
  return {
    S3KeyPrefix: text(settings.s3KeyPrefix),
    SnsTopicName: text(settings.snsTopicName),
    IncludeGlobalServiceEvents: settings.includeGlobalServiceEvents,
    IsMultiRegionTrail: settings.applyTrailToAllRegions,
    IsOrganizationTrail: settings.organizationTrail,
    EnableLogFileValidation: settings.enableLogFileValidation,
    RecursiveLogging: settings.recursiveLogging,
    ...logsInput(settings),
    KmsKeyId: text(settings.kmsKeyId),
  }
}

/** CloudWatch Logs is removed by both empty texts, whichever of the two is `null`. */
function logsInput({
  cloudWatchLogsLogGroupArn: group,
  cloudWatchLogsRoleArn: role,
}: TrailSettings) {
  if (group === null || role === null) {
    return { CloudWatchLogsLogGroupArn: '', CloudWatchLogsRoleArn: '' }
  }
  return { CloudWatchLogsLogGroupArn: group, CloudWatchLogsRoleArn: role }
}

/** The rules between the settings of a trail (CreateTrail and UpdateTrail of the CloudTrail API reference). */
export function trailSettingsErrors(settings: TrailSettings): ValidationError[] {
  const errors: ValidationError[] = []
  if (settings.applyTrailToAllRegions === true && settings.includeGlobalServiceEvents === false) {
    errors.push({
      field: 'includeGlobalServiceEvents',
      message:
        'must be true with applyTrailToAllRegions: Multi-Region trail must include global service events.',
      code: 'InvalidParameterCombinationException',
    })
  }
  const { cloudWatchLogsLogGroupArn: group, cloudWatchLogsRoleArn: role } = settings
  // `null` alone removes both
  const isHalf = typeof group === 'string' ? typeof role !== 'string' : typeof role === 'string'
  if (isHalf) {
    errors.push({
      field: typeof group === 'string' ? 'cloudWatchLogsRoleArn' : 'cloudWatchLogsLogGroupArn',
      message: 'must be given: cloudWatchLogsLogGroupArn and cloudWatchLogsRoleArn go together',
      code: 'InvalidParameterCombinationException',
    })
  }
  return errors
}
