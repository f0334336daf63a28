import type { UpdateTrailCommandInput } from '@aws-sdk/client-cloudtrail'

import type { Call } from '../state/call.js'
import { logsPair } from './cloudwatch-logs.js'
import { modelledError } from '../errors.js'
import { keyArn } from './kms-key.js'
import { partitionOf } from './regions.js'
import type { TrailSettings } from '../state/world.js'

/**
 * Checks that a multi-region trail includes the events of global services.
 *
 * @throws AwsError `InvalidParameterCombinationException`
 */
export function checkGlobalEvents(isMultiRegion: boolean, includesGlobalEvents: boolean): void {
  if (isMultiRegion && !includesGlobalEvents) {
    throw modelledError(
      'InvalidParameterCombinationException',
      'Multi-Region trail must include global service events.',
    )
  }
}

/**
 * The settings of a trail after CreateTrail or UpdateTrail: members of the input are checked and
 * replace the old values, absent members leave them, and an empty text removes an optional setting
 * (key prefix, SNS topic, KMS key, CloudWatch Logs pair).
 *
 * @throws AwsError the exception that the operations declare for the invalid setting
 */
export function applySettings(
  call: Call,
  input: UpdateTrailCommandInput,
  before: TrailSettings,
): TrailSettings {
  const bucket = input.S3BucketName ?? before.S3BucketName
  if (input.S3BucketName !== undefined || bucket === '') checkBucket(bucket)
  checkPrefix(input.S3KeyPrefix ?? '')
  const settings: TrailSettings = {
    ...before,
    S3BucketName: bucket,
    S3KeyPrefix: given(input.S3KeyPrefix, before.S3KeyPrefix),
    ...topic(call, input.SnsTopicName, before),
    IncludeGlobalServiceEvents:
      input.IncludeGlobalServiceEvents ?? before.IncludeGlobalServiceEvents,
    IsMultiRegionTrail: input.IsMultiRegionTrail ?? before.IsMultiRegionTrail,
    LogFileValidationEnabled: input.EnableLogFileValidation ?? before.LogFileValidationEnabled,
    ...logsPair(call, input, before),
    IsOrganizationTrail: input.IsOrganizationTrail ?? before.IsOrganizationTrail,
    RecursiveLogging: input.RecursiveLogging ?? before.RecursiveLogging,
  }
  settings.KmsKeyId =
    input.KmsKeyId === undefined ? before.KmsKeyId : keyArn(call, input.KmsKeyId, bucket)
  return settings
}

function given(text: string | undefined, before: string | undefined): string | undefined {
  if (text === undefined) return before
  return text === '' ? undefined : text
}

/** Checks Amazon S3's naming rules; the prefixes `missing-` and `denied-` stand for bad buckets. */
function checkBucket(bucket: string): void {
  if (bucket === '') {
    throw modelledError('InvalidS3BucketNameException', 'S3 bucket name cannot be blank!')
  }
  if (!/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(bucket) || bucket.includes('..')) {
    throw modelledError(
      'InvalidS3BucketNameException',
      `S3 bucket name ${bucket} does not follow the naming rules of Amazon S3.`,
    )
  }
  if (bucket.startsWith('missing-')) {
    throw modelledError('S3BucketDoesNotExistException', `S3 bucket ${bucket} does not exist!`)
  }
  if (bucket.startsWith('denied-')) {
    throw modelledError(
      'InsufficientS3BucketPolicyException',
      `Incorrect S3 bucket policy is detected for bucket: ${bucket}`,
    )
  }
}

function checkPrefix(prefix: string): void {
  if (prefix.length > 200) {
    throw modelledError(
      'InvalidS3PrefixException',
      `S3 prefix is longer than maximum length:${prefix}`,
    )
  }
}

/** The two members of the SNS topic: its name as given, which may be an ARN, and its ARN. */
function topic(
  call: Call,
  name: string | undefined,
  before: TrailSettings,
): Pick<TrailSettings, 'SnsTopicName' | 'SnsTopicARN'> {
  if (name === undefined) {
    return { SnsTopicName: before.SnsTopicName, SnsTopicARN: before.SnsTopicARN }
  }
  if (name === '') return { SnsTopicName: undefined, SnsTopicARN: undefined }
  const partition = partitionOf(call.region)
  const [, shortName] =
    /^(?:arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:)?([\w-]{1,256})$/.exec(name) ?? []
  if (shortName === undefined) {
    throw modelledError('InvalidSnsTopicNameException', `SNS topic name ${name} is not valid.`)
  }
  if (/^(missing|denied)-/.test(shortName)) {
    throw modelledError(
      'InsufficientSnsTopicPolicyException',
      'SNS Topic does not exist or the topic policy is incorrect!',
    )
  }
  const arn = name.startsWith('arn:')
    ? name
    : `arn:${partition}:sns:${call.region}:${call.account.accountId}:${name}`
  return { SnsTopicName: name, SnsTopicARN: arn }
}
