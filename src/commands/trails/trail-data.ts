import type { Trail } from '@aws-sdk/client-cloudtrail'
import { Type, type Static } from '@sinclair/typebox'
import { toData } from '../to-data.js'

const text = (description: string) => Type.Optional(Type.String({ description }))
const flag = (description: string) => Type.Optional(Type.Boolean({ description }))

/** A trail's settings as AWS returns them (the Trail type of the CloudTrail API reference). */
export const TrailData = Type.Object(
  {
    name: Type.String({ description: 'Name of the trail.' }),
    trailArn: Type.String({ description: 'ARN of the trail; its region is the home region.' }),
    homeRegion: text('Region in which the trail was created, and can be written.'),
    s3BucketName: text('Bucket that receives the log files.'),
    s3KeyPrefix: text('Prefix of the log files in the bucket.'),
    snsTopicName: text('No longer in use; see snsTopicArn.'),
    snsTopicArn: text('SNS topic that is notified of each log file.'),
    includeGlobalServiceEvents: flag('Whether events of global services are logged.'),
    isMultiRegionTrail: flag('Whether the trail logs all regions.'),
    isOrganizationTrail: flag('Whether the trail logs all accounts of the organization.'),
    logFileValidationEnabled: flag('Whether digest files prove that log files are unchanged.'),
    cloudWatchLogsLogGroupArn: text('CloudWatch Logs group that gets the events.'),
    cloudWatchLogsRoleArn: text('Role with which CloudTrail writes to the log group.'),
    kmsKeyId: text('KMS key that encrypts the log files.'),
    hasCustomEventSelectors: flag('Whether the trail has event selectors of its own.'),
    hasInsightSelectors: flag('Whether Insights are turned on.'),
    recursiveLogging: flag('Whether deliveries of this trail are logged as events themselves.'),
  },
  { title: 'TrailData' },
)

/** A trail of AWS as a row's `data`; responses without name or ARN are refused where they enter. */
export function trailData(trail: Trail): Static<typeof TrailData> {
  return { ...toData(trail), name: trail.Name ?? '', trailArn: trail.TrailARN ?? '' }
}

/** The row of a write whose response is empty. */
export const TrailNameData = Type.Object(
  {
    name: Type.String({ description: 'Name of the trail.' }),
    trailArn: text('ARN of the trail, when it was given.'),
  },
  { title: 'TrailReferenceData' },
)
