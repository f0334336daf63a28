import { GetTrailStatusCommand } from '@aws-sdk/client-cloudtrail'
import { Type } from '@sinclair/typebox'
import { defineCommand } from './command.js'
import { ConnectionField, STRICT, TrailNames } from './fields.js'
import { runPerTrail } from './run-per-trail.js'
import { toData } from './to-data.js'
import { trailReference } from './trail-reference.js'

const time = (description: string) =>
  Type.Optional(Type.String({ description: `${description} ISO 8601, UTC.` }))
const text = (description: string) => Type.Optional(Type.String({ description }))

/** A trail's state as GetTrailStatus answers it. */
const TrailStatusData = Type.Object({
  name: Type.String({ description: 'Name of the trail.' }),
  trailArn: text('ARN of the trail, when it was given.'),
  isLogging: Type.Boolean({ description: 'Whether the trail is recording now.' }),
  startLoggingTime: time('When logging was last started.'),
  stopLoggingTime: time('When logging was last stopped.'),
  latestDeliveryTime: time('When log files were last delivered to the bucket.'),
  latestDeliveryError: text('The last error of S3, if there was one.'),
  latestNotificationTime: time('When SNS was last told.'),
  latestNotificationError: text('The last error of SNS, if there was one.'),
  latestDigestDeliveryTime: time('When a digest file was last delivered.'),
  latestDigestDeliveryError: text('The last error of a digest delivery, if there was one.'),
  latestCloudWatchLogsDeliveryTime: time('When CloudWatch Logs last got events.'),
  latestCloudWatchLogsDeliveryError: text('The last error of CloudWatch Logs, if there was one.'),
})

/** Get Trail Status: one GetTrailStatus for each trail. */
export const getTrailStatus = defineCommand({
  name: 'get-trail-status',
  title: 'Get Trail Status',
  description:
    'Whether trails are logging, when logging was started and stopped, and the last delivery errors, in one region.',
  apiClass: 'read',
  iamActions: ['cloudtrail:GetTrailStatus'],
  scope: 'read',
  body: Type.Object({ trailNames: TrailNames, connection: ConnectionField }, STRICT),
  data: TrailStatusData,
  examples: {
    'two trails, and one that does not exist': {
      trailNames: ['management-events', 'data-events', 'no-such-trail'],
    },
  },
  run: (body, cloudTrail) =>
    runPerTrail(body.trailNames, cloudTrail, async (trail) => {
      const answer = await cloudTrail.send(new GetTrailStatusCommand({ Name: trail }))
      return { data: { ...trailReference(trail), ...toData(answer.output) }, body: answer.body }
    }),
})
