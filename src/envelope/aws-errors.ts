import type { ErrorCode } from './error-codes.js'

/** An error that AWS returns. */
export interface AwsError extends Omit<ErrorCode, 'status' | 'retry'> {
  /** HTTP status of a response that fails with this error alone; 400, as nearly always on the wire, where it is left out. */
  status?: number
  /** `no` where it is left out. */
  retry?: ErrorCode['retry']
}

const LAKE =
  'Commands work on trails only: give the ARN of a trail, not of an event data store, a channel or a dashboard.'

/**
 * Every exception that the CloudTrail API model declares for the operations of the commands (a test compares both), and the
 * errors of all AWS services that arrive as well. AWS's messages often mislead: an unknown trail is most often one whose home
 * is another region.
 *
 * Source: the model in the AWS SDK, and AWS's common errors. The model's HTTP statuses are not those of the wire.
 */
export const AWS_ERRORS = {
  TrailNotFoundException: {
    meaning: 'The connection knows no trail of this name or ARN in the region.',
    action:
      'A trail is found by name only in its home region: look for it with List Trails, whose rows name the home region, then use a connection to that region or the ARN.',
  },
  InvalidHomeRegionException: {
    meaning: 'The write was sent to a region that is not the home region of the trail.',
    action:
      "Give the trail's ARN: the service then calls its home region. Or use a connection to that region.",
  },
  InvalidTrailNameException: {
    meaning: 'The trail name breaks a rule.',
    action:
      'A name has 3 to 128 ASCII letters, digits, periods, underscores and dashes, starts and ends with a letter or digit, has no two of . _ - side by side, and is not an IP address.',
  },
  CloudTrailARNInvalidException: {
    meaning: 'The ARN is not that of a trail, or belongs to another account, region or partition.',
    action:
      'A trail ARN reads arn:<partition>:cloudtrail:<region>:<account>:trail/<name>, and must belong to the account and partition of the connection.',
  },
  TrailAlreadyExistsException: {
    meaning: 'The region has a trail of this name already.',
    action: 'Update Trails changes a trail that exists.',
  },
  TrailNotProvidedException: {
    meaning: 'The request names no trail. AWS no longer returns it.',
    action: 'Report it to the operator of the service.',
  },
  MaximumNumberOfTrailsExceededException: {
    meaning: 'The region has as many trails as AWS allows.',
    action: 'AWS allows five trails per region, shadow trails of multi-region trails included.',
  },
  ConflictException: {
    meaning: 'The trail is not ready: AWS works on an earlier write to it.',
    retry: 'same-key',
    action: 'AWS is still working on an earlier write to this trail. Wait a few minutes.',
    retryAfterMs: 120_000,
  },
  InvalidParameterException: {
    meaning: 'AWS does not accept the value of a field.',
    action: 'Correct the field that the message names.',
  },
  InvalidParameterCombinationException: {
    meaning: 'Fields contradict each other.',
    action:
      'Correct the fields that the message names. A trail of all regions must include the events of global services.',
  },
  UnsupportedOperationException: {
    meaning: 'The operation is not supported, in this region or for this kind of trail.',
    action: 'Use another region, or leave out the feature that the message names.',
  },
  OperationNotPermittedException: {
    meaning: 'The operation is not permitted for this account or trail.',
    action:
      'An organization trail can be changed only by the management account or a delegated administrator.',
  },

  S3BucketDoesNotExistException: {
    meaning: 'The bucket does not exist.',
    action: 'Create the bucket first, in the same account, or correct its name.',
  },
  InvalidS3BucketNameException: {
    meaning: 'The bucket name breaks a rule of Amazon S3.',
    action: 'Correct s3BucketName.',
  },
  InvalidS3PrefixException: {
    meaning: 'The prefix of the log files is invalid.',
    action: 'Correct s3KeyPrefix: at most 200 characters.',
  },
  InsufficientS3BucketPolicyException: {
    meaning: 'The bucket policy does not let CloudTrail write to the bucket.',
    action:
      'The bucket policy must allow cloudtrail.amazonaws.com s3:GetBucketAcl and s3:PutObject.',
  },
  InvalidSnsTopicNameException: {
    meaning: 'The name of the SNS topic is invalid.',
    action: 'Correct snsTopicName: at most 256 characters.',
  },
  InsufficientSnsTopicPolicyException: {
    meaning: 'The SNS topic does not exist, or its policy does not let CloudTrail publish.',
    action: 'The topic policy must allow cloudtrail.amazonaws.com sns:Publish.',
  },
  CloudTrailInvalidClientTokenIdException: {
    meaning: 'The SNS topic is in a suspended AWS account.',
    action: 'Use a topic of an active account.',
  },
  InvalidCloudWatchLogsLogGroupArnException: {
    meaning: 'CloudTrail cannot use the log group.',
    action:
      'Correct cloudWatchLogsLogGroupArn: the log group must exist, and its ARN ends with :*. The role must be able to write to it.',
  },
  InvalidCloudWatchLogsRoleArnException: {
    meaning: 'CloudTrail cannot use the role for CloudWatch Logs.',
    action:
      "Correct cloudWatchLogsRoleArn: the role's trust policy must allow cloudtrail.amazonaws.com, and its policy logs:CreateLogStream and logs:PutLogEvents.",
  },
  CloudWatchLogsDeliveryUnavailableException: {
    meaning: 'The region has no delivery to CloudWatch Logs.',
    action: 'Leave out the fields cloudWatchLogs….',
  },
  InvalidKmsKeyIdException: {
    meaning: 'The id or ARN of the KMS key is invalid.',
    action: 'Correct kmsKeyId.',
  },
  KmsKeyNotFoundException: {
    meaning: 'The KMS key does not exist, or is in another region than the bucket.',
    action: 'Use a key in the region of the bucket.',
  },
  KmsKeyDisabledException: {
    meaning: 'The KMS key is disabled. AWS no longer returns it.',
    action: 'Enable the key.',
  },
  KmsException: {
    meaning: 'AWS KMS refused the key; the message says why.',
    action: 'Check the state and the policy of the key.',
  },
  InsufficientEncryptionPolicyException: {
    meaning:
      'The policy of the KMS key or of the bucket does not let CloudTrail encrypt log files.',
    action:
      'The key policy must allow cloudtrail.amazonaws.com kms:GenerateDataKey* and kms:DescribeKey.',
  },

  InvalidEventSelectorsException: {
    meaning: 'The event selectors break a rule.',
    action:
      'A trail has 1 to 5 basic selectors with at most 250 data resources, or advanced selectors with at most 500 values. An S3 bucket ends with a slash: arn:aws:s3:::bucket/.',
  },
  InvalidInsightSelectorsException: {
    meaning:
      'The Insights selectors are invalid, or the trail does not log the events that they need.',
    action:
      'ApiCallRateInsight needs a trail that logs write management events, ApiErrorRateInsight one that logs management events.',
  },
  InsightNotEnabledException: {
    meaning: 'The trail has no Insights. The commands take it for an empty list.',
    action: 'Put Insight Selectors turns Insights on.',
  },

  InvalidTagParameterException: {
    meaning: 'A tag key or value is invalid, or a key is there twice.',
    action:
      'A key has 1 to 128 characters, a value up to 256; keys do not start with aws:, and are there once.',
  },
  TagsLimitExceededException: {
    meaning: 'The trail would have more than 50 tags.',
    action: 'Remove tags first.',
  },
  ResourceNotFoundException: {
    meaning: 'AWS knows no trail with this ARN.',
    action: 'Copy the ARN from List Trails.',
  },
  ResourceTypeNotSupportedException: {
    meaning: 'The ARN names a kind of resource that CloudTrail does not tag.',
    action: LAKE,
  },
  InvalidTokenException: {
    meaning: 'The page token of List Tags is invalid. AWS has reserved it for future use.',
    action: 'Send the command again.',
  },
  ChannelARNInvalidException: { meaning: 'The ARN of a channel is invalid.', action: LAKE },
  ChannelNotFoundException: { meaning: 'AWS does not know the channel.', action: LAKE },
  EventDataStoreARNInvalidException: {
    meaning: 'The ARN of an event data store is invalid.',
    action: LAKE,
  },
  EventDataStoreNotFoundException: {
    meaning: 'AWS does not know the event data store.',
    action: LAKE,
  },
  InactiveEventDataStoreException: {
    meaning: 'The event data store is inactive.',
    action: LAKE,
  },

  InvalidLookupAttributesException: {
    meaning: 'AWS does not accept the attribute of the search.',
    action: 'Correct attributeKey and attributeValue. An EventId is a UUID.',
  },
  InvalidTimeRangeException: {
    meaning: 'The time range of the search is invalid.',
    action: 'startTime must be before endTime, and within the last 90 days.',
  },
  InvalidEventCategoryException: {
    meaning: 'AWS does not know the event category.',
    action: 'eventCategory is insight, or is left out.',
  },
  InvalidMaxResultsException: {
    meaning: 'The page size is invalid. The service sets it, 1 to 50.',
    action: 'Report it to the operator of the service.',
  },
  InvalidNextTokenException: {
    meaning: 'AWS no longer accepts its own page token.',
    action: 'AWS refused the token of its own page: send the command again.',
  },

  NotOrganizationMasterAccountException: {
    meaning:
      'The account is neither the management account of the organization nor a delegated administrator.',
    action: 'Use a connection to the management account, or organizationTrail: false.',
  },
  NoManagementAccountSLRExistsException: {
    meaning: 'The management account lacks the service-linked role of CloudTrail.',
    action: 'Create the role AWSServiceRoleForCloudTrail in the management account.',
  },
  OrganizationsNotInUseException: {
    meaning: 'The account belongs to no organization.',
    action: 'Use a connection to an account of an organization, or organizationTrail: false.',
  },
  OrganizationNotInAllFeaturesModeException: {
    meaning: 'The organization does not have all features enabled.',
    action: 'Enable all features in AWS Organizations, or use organizationTrail: false.',
  },
  CloudTrailAccessNotEnabledException: {
    meaning: 'The organization does not trust CloudTrail.',
    action: 'Enable trusted access for CloudTrail in AWS Organizations.',
  },
  InsufficientDependencyServiceAccessPermissionException: {
    meaning: 'The keys lack a permission of another service that an organization trail needs.',
    action:
      'Add the Organizations and IAM actions of the policy in docs/iam to the keys of the connection.',
  },

  AccessDeniedException: {
    meaning: "The keys of the connection lack a permission; STS's AccessDenied arrives with 403.",
    action:
      "The policy of the connection's key lacks this action: docs/iam has the policy of each command.",
  },
  UnrecognizedClientException: {
    meaning: 'AWS does not know the access key or session token.',
    action:
      'The access key is unknown, deactivated, of another partition, or its account has not enabled this region.',
  },
  InvalidSignatureException: {
    meaning: 'The signature of the request is wrong or too old.',
    action:
      'The access secret does not belong to the access key; or the clock of the machine is wrong, where the message says that the signature expired or is not yet current.',
  },
  IncompleteSignatureException: {
    meaning: 'AWS cannot read the signature of the request.',
    action: 'Check the access key for stray characters, and proxies that change headers.',
  },
  MissingAuthenticationTokenException: {
    meaning: 'The request reached AWS without a signature.',
    action: 'Look for a proxy that removes the authorization header.',
  },
  ExpiredTokenException: {
    meaning: 'The session token has expired.',
    action: 'The session token has expired: renew the temporary credentials.',
  },
  OptInRequired: {
    meaning: 'The account is not subscribed, or has not enabled the region.',
    action: 'Enable the region for the account, or use another one.',
  },
  ThrottlingException: {
    meaning: 'AWS still throttles after the retries.',
    status: 429,
    retry: 'same-key',
    action:
      'The account used up its CloudTrail quota for this region, which all its keys and tools share. Try again later.',
    retryAfterMs: 1_000,
  },
  ValidationException: {
    meaning: 'AWS does not accept the form of the request.',
    action: 'Correct the field that the message names.',
  },
  SerializationException: {
    meaning: 'AWS cannot read the body of the request.',
    action: 'Report it to the operator of the service: look for a proxy that changes bodies.',
  },
  UnknownOperationException: {
    meaning: 'The endpoint does not know the operation.',
    action: 'The endpoint is not CloudTrail: check serverUrl.',
  },
  RequestEntityTooLargeException: {
    meaning: 'The request is too large for AWS.',
    action: 'Send fewer or shorter values.',
  },
  InternalFailure: {
    meaning: 'An error inside AWS that outlasted the retries.',
    status: 502,
    retry: 'new-request',
    action:
      'Try again later; after a write read the present state first. AWS Health shows outages.',
  },
  ServiceUnavailable: {
    meaning: 'CloudTrail was unavailable for longer than the retries.',
    status: 502,
    retry: 'new-request',
    action:
      'Try again later; after a write read the present state first. AWS Health shows outages.',
  },
} as const satisfies Record<string, AwsError>

/** AWS's error codes, as far as they are known. */
export type AwsErrorCode = keyof typeof AWS_ERRORS

/** Other spellings of the same errors, from AWS's query and REST services, STS among them. */
export const AWS_SYNONYMS: Readonly<Record<string, AwsErrorCode>> = {
  AccessDenied: 'AccessDeniedException',
  UnauthorizedOperation: 'AccessDeniedException',
  InvalidClientTokenId: 'UnrecognizedClientException',
  SignatureDoesNotMatch: 'InvalidSignatureException',
  IncompleteSignature: 'IncompleteSignatureException',
  MissingAuthenticationToken: 'MissingAuthenticationTokenException',
  ExpiredToken: 'ExpiredTokenException',
  Throttling: 'ThrottlingException',
  TooManyRequestsException: 'ThrottlingException',
  RequestLimitExceeded: 'ThrottlingException',
  ValidationError: 'ValidationException',
  InternalError: 'InternalFailure',
  InternalServerError: 'InternalFailure',
  ServiceUnavailableException: 'ServiceUnavailable',
}

/** The catalogue's entry for an error that AWS returned; a 5xx that is not in it is an error inside AWS like any other. */
export function awsError(code: string, statusCode: number): AwsError | undefined {
  const name = AWS_SYNONYMS[code] ?? code
  if (Object.hasOwn(AWS_ERRORS, name)) return AWS_ERRORS[name as AwsErrorCode]
  return statusCode >= 500 ? AWS_ERRORS.InternalFailure : undefined
}
