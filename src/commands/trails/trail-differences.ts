import type { CreateTrailCommandInput, Tag, Trail } from '@aws-sdk/client-cloudtrail'

/**
 * In which settings a trail is not what a CreateTrail asked for, by their names in Create Trails. What was left out has
 * CloudTrail's default (CreateTrail, CloudTrail API reference).
 *
 * @param tags the trail's tags; not compared when none were asked for
 */
export function trailDifferences(
  asked: CreateTrailCommandInput,
  trail: Trail,
  tags: readonly Tag[],
): string[] {
  const same: Record<string, boolean> = {
    s3BucketName: asked.S3BucketName === trail.S3BucketName,
    s3KeyPrefix: sameText(asked.S3KeyPrefix, trail.S3KeyPrefix),
    snsTopicName: sameTopic(asked.SnsTopicName, trail),
    includeGlobalServiceEvents:
      (asked.IncludeGlobalServiceEvents ?? true) === (trail.IncludeGlobalServiceEvents ?? true),
    applyTrailToAllRegions: Boolean(asked.IsMultiRegionTrail) === Boolean(trail.IsMultiRegionTrail),
    organizationTrail: Boolean(asked.IsOrganizationTrail) === Boolean(trail.IsOrganizationTrail),
    enableLogFileValidation:
      Boolean(asked.EnableLogFileValidation) === Boolean(trail.LogFileValidationEnabled),
    recursiveLogging: (asked.RecursiveLogging ?? true) === (trail.RecursiveLogging ?? true),
    cloudWatchLogsLogGroupArn: sameText(
      asked.CloudWatchLogsLogGroupArn,
      trail.CloudWatchLogsLogGroupArn,
    ),
    cloudWatchLogsRoleArn: sameText(asked.CloudWatchLogsRoleArn, trail.CloudWatchLogsRoleArn),
    kmsKeyId: sameKey(asked.KmsKeyId, trail.KmsKeyId),
    tags: asked.TagsList === undefined || tagSet(asked.TagsList) === tagSet(tags),
  }
  return Object.keys(same).filter((setting) => !same[setting])
}

function sameText(asked = '', there = ''): boolean {
  return asked === there
}

/** A topic is asked for by its name or its ARN. */
function sameTopic(asked: string | undefined, trail: Trail): boolean {
  const there = trail.SnsTopicARN
  if (asked === undefined || there === undefined) return asked === there
  return asked === there || there.endsWith(`:${asked}`)
}

/** A key is asked for by its id, its ARN or an alias; an alias says only that there must be a key. */
function sameKey(asked: string | undefined, there: string | undefined): boolean {
  if (asked === undefined || there === undefined) return asked === there
  return asked === there || there.endsWith(`/${asked}`) || asked.includes('alias/')
}

function tagSet(tags: readonly Tag[]): string {
  return JSON.stringify(tags.map(({ Key = '', Value = '' }) => [Key, Value]).sort())
}
