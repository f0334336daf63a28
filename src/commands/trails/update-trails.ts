import { Type } from '@sinclair/typebox'
import { defineCommand } from '../define-command.js'
import { FIND_HOME_REGION, ORGANIZATION_TRAIL, PASS_LOGS_ROLE } from '../iam-permissions.js'
import { ConnectionField, DryRun, S3BucketName, STRICT, TrailNames } from '../fields.js'
import { runPerTrail } from '../run-per-trail.js'
import { sendWrite } from '../send-write.js'
import { TrailData, trailData } from './trail-data.js'
import { ChangedTrailSettings, toTrailInput, trailSettingsErrors } from './trail-settings.js'

/** Update Trails: one UpdateTrail for each trail. */
export const updateTrails = defineCommand({
  name: 'update-trails',
  title: 'Update Trails',
  summary: 'Change the settings of one or more trails',
  description:
    'Changes where and how trails deliver their log files. Logging need not be stopped for it. A setting that is left out stays as it is; `null` removes one. A retry is safe: it sets the same settings. Works only in the region in which the trails were created.',
  apiClass: 'write',
  iamActions: ['cloudtrail:UpdateTrail'],
  iamPermissions: [PASS_LOGS_ROLE, ORGANIZATION_TRAIL, FIND_HOME_REGION],
  scope: 'write',
  body: Type.Object(
    {
      trailNames: TrailNames,
      s3BucketName: S3BucketName,
      ...ChangedTrailSettings,
      dryRun: DryRun,
      connection: ConnectionField,
    },
    STRICT,
  ),
  data: TrailData,
  examples: {
    'turn on log file validation': {
      trailNames: ['data-events'],
      s3BucketName: 'acme-cloudtrail-logs',
      enableLogFileValidation: true,
    },
  },
  check: trailSettingsErrors,
  run: (body, cloudTrail) =>
    runPerTrail(body.trailNames, cloudTrail, (trail, home) => {
      const input = { Name: trail, S3BucketName: body.s3BucketName, ...toTrailInput(body) }
      return sendWrite(home, 'UpdateTrail', input, trailData)
    }),
})
