/**
 * The hint for the author of a playbook, by AWS's error code. AWS's messages often mislead: an unknown trail is most
 * often one whose home is another region.
 */
const HINTS: Record<string, string> = {
  TrailNotFoundException:
    'A trail is found by name only in its home region: look for it with List Trails, whose rows name the home region, then use a connection to that region or the ARN.',
  InvalidHomeRegionException:
    "Trails can be written only in their home region: use a connection to the region in the trail's ARN.",
  CloudTrailARNInvalidException:
    'A trail ARN reads arn:<partition>:cloudtrail:<region>:<account>:trail/<name>, and must belong to the account and partition of the connection.',
  TrailAlreadyExistsException: 'Update Trails changes a trail that exists.',
  MaximumNumberOfTrailsExceededException:
    'AWS allows five trails per region, shadow trails of multi-region trails included.',
  S3BucketDoesNotExistException:
    'Create the bucket first, in the same account, or correct its name.',
  InsufficientS3BucketPolicyException:
    'The bucket policy must allow cloudtrail.amazonaws.com s3:GetBucketAcl and s3:PutObject.',
  AccessDeniedException:
    "The policy of the connection's key lacks this action: docs/iam has the policy of each command.",
  UnrecognizedClientException:
    'The access key is unknown, deactivated, of another partition, or its account has not enabled this region.',
  InvalidSignatureException: 'The access secret does not belong to the access key.',
  ExpiredTokenException: 'The session token has expired: renew the temporary credentials.',
  ThrottlingException:
    'The account used up its CloudTrail quota for this region, which all its keys and tools share. Try again later.',
  ConflictException: 'AWS is still working on an earlier write to this trail. Wait a few minutes.',
  InsightNotEnabledException: 'Put Insight Selectors turns Insights on.',
  InvalidNextTokenException: 'AWS refused the token of its own page: send the command again.',
}

/** Other spellings of the same errors, from AWS's query and REST services. */
const SAME_AS: Record<string, string> = {
  AccessDenied: 'AccessDeniedException',
  UnauthorizedOperation: 'AccessDeniedException',
  InvalidClientTokenId: 'UnrecognizedClientException',
  SignatureDoesNotMatch: 'InvalidSignatureException',
  ExpiredToken: 'ExpiredTokenException',
  Throttling: 'ThrottlingException',
}

/** The hint for an error code, if there is one. */
export function hintFor(code: string): string | undefined {
  return HINTS[SAME_AS[code] ?? code]
}
