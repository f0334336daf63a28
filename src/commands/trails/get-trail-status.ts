import { Type } from '@sinclair/typebox'
import { defineCommand } from '../define-command.js'
import { FIND_HOME_REGION } from '../iam-permissions.js'
import { ConnectionField, STRICT, TrailNames } from '../fields.js'
import { homeOf } from '../home-region.js'
import { RegionsField, regionErrors, runInRegions } from '../regions.js'
import { runPerTrail } from '../run-per-trail.js'
import { toData } from '../to-data.js'
import { trailReference } from './trail-reference.js'

const time = (description: string) =>
  Type.Optional(Type.String({ description: `${description} ISO 8601, UTC.` }))
const text = (description: string) => Type.Optional(Type.String({ description }))

/** A trail's state as GetTrailStatus returns it. */
const TrailStatusData = Type.Object(
  {
    name: Type.String({ description: 'Name of the trail.' }),
    trailArn: text('ARN of the trail, when it was given.'),
    isLogging: Type.Boolean({ description: 'Whether the trail is recording now.' }),
    startLoggingTime: time('When logging was last started.'),
    stopLoggingTime: time('When logging was last stopped.'),
    latestDeliveryTime: time('When log files were last delivered to the bucket.'),
    latestDeliveryError: text('The last error of S3, if there was one.'),
    latestNotificationTime: time('When SNS was last notified.'),
    latestNotificationError: text('The last error of SNS, if there was one.'),
    latestDigestDeliveryTime: time('When a digest file was last delivered.'),
    latestDigestDeliveryError: text('The last error of a digest delivery, if there was one.'),
    latestCloudWatchLogsDeliveryTime: time('When CloudWatch Logs last got events.'),
    latestDeliveryAttemptTime: text('No longer in use: when log files were last to be delivered.'),
    latestDeliveryAttemptSucceeded: text('No longer in use: the delivery that succeeded last.'),
    latestNotificationAttemptTime: text('No longer in use: when SNS was last to be notified.'),
    latestNotificationAttemptSucceeded: text(
      'No longer in use: the notification that succeeded last.',
    ),
    timeLoggingStarted: text('No longer in use; see startLoggingTime.'),
    timeLoggingStopped: text('No longer in use; see stopLoggingTime.'),
    latestCloudWatchLogsDeliveryError: text('The last error of CloudWatch Logs, if there was one.'),
  },
  { title: 'TrailStatusData' },
)

/** Get Trail Status: one GetTrailStatus for each trail. */
export const getTrailStatus = defineCommand({
  name: 'get-trail-status',
  title: 'Get Trail Status',
  summary: 'Read whether trails are logging, and their last delivery errors',
  description:
    'Whether trails are logging, when logging was started and stopped, and the last delivery errors, in the region of the connection or in the regions given.',
  apiClass: 'read',
  iamActions: ['cloudtrail:GetTrailStatus'],
  iamPermissions: [FIND_HOME_REGION],
  scope: 'read',
  body: Type.Object(
    { trailNames: TrailNames, regions: RegionsField, connection: ConnectionField },
    STRICT,
  ),
  data: TrailStatusData,
  examples: {
    'one trail': { trailNames: ['management-events'] },
    'one trail, and one that does not exist': { trailNames: ['data-events', 'no-such-trail'] },
  },
  check: (body) => regionErrors(body.regions),
  run: (body, cloudTrail) =>
    runInRegions(body.regions, cloudTrail, (there) =>
      runPerTrail(
        body.trailNames,
        there,
        async (trail, home) => {
          const { output, body } = await home.send('GetTrailStatus', { Name: trail })
          const isLogging = output.IsLogging ?? false
          return { data: { ...trailReference(trail), ...toData(output), isLogging }, body }
        },
        // with regions, a trail is asked about where they say: a shadow trail has a status of its own
        body.regions === undefined ? homeOf : () => there,
      ),
    ),
})
