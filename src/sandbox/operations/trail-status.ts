import type {
  GetTrailStatusCommandInput,
  GetTrailStatusCommandOutput,
} from '@aws-sdk/client-cloudtrail'
import { GetTrailStatus$ } from '@aws-sdk/client-cloudtrail'

import { findTrail } from '../rules/find-trail.js'
import type { Trail } from '../state/world.js'
import { operation } from './operation.js'

const MINUTE = 60_000
/** CloudTrail delivers log files about every five minutes, and digest files every hour. */
const DELIVERY = 5 * MINUTE
const DIGEST = 60 * MINUTE

/**
 * GetTrailStatus: whether the trail logs, and what was last delivered. The members of type String are
 * out of use in AWS but still sent: texts of the same times, empty where there is none.
 */
export const getTrailStatus = operation(
  GetTrailStatus$,
  (input: GetTrailStatusCommandInput, call) => status(findTrail(call, input.Name), call.now),
)

function status(trail: Trail, now: number): Omit<GetTrailStatusCommandOutput, '$metadata'> {
  const { settings, startedAt, stoppedAt } = trail
  const delivered = lastDelivery(trail, now, DELIVERY)
  const notified = settings.SnsTopicARN === undefined ? undefined : delivered
  return {
    IsLogging: trail.isLogging,
    LatestDeliveryTime: date(delivered),
    LatestNotificationTime: date(notified),
    StartLoggingTime: date(startedAt),
    StopLoggingTime: date(stoppedAt),
    LatestCloudWatchLogsDeliveryTime:
      settings.CloudWatchLogsLogGroupArn === undefined ? undefined : date(delivered),
    LatestDigestDeliveryTime: settings.LogFileValidationEnabled
      ? date(lastDelivery(trail, now, DIGEST))
      : undefined,
    LatestDeliveryAttemptTime: text(delivered),
    LatestNotificationAttemptTime: text(notified),
    LatestNotificationAttemptSucceeded: text(notified),
    LatestDeliveryAttemptSucceeded: text(delivered),
    TimeLoggingStarted: text(startedAt),
    TimeLoggingStopped: text(stoppedAt),
  }
}

/** The last whole period since logging started, up to the present or to when logging stopped. */
function lastDelivery(trail: Trail, now: number, period: number): number | undefined {
  const { startedAt, stoppedAt, isLogging } = trail
  if (startedAt === undefined) return undefined
  const until = isLogging ? now : (stoppedAt ?? startedAt)
  const periods = Math.floor((until - startedAt) / period)
  return periods < 1 ? undefined : startedAt + periods * period
}

function date(time: number | undefined): Date | undefined {
  return time === undefined ? undefined : new Date(time)
}

function text(time: number | undefined): string {
  return time === undefined ? '' : `${new Date(time).toISOString().slice(0, 19)}Z`
}
