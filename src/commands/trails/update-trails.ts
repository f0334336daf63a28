import { Type } from '@sinclair/typebox'
import { defineCommand } from '../define-command.js'
import {
  ConnectionField,
  DryRun,
  S3BucketName,
  STRICT,
  toTrailInput,
  TrailNames,
  trailSettings,
} from '../fields.js'
import { runPerTrail } from '../run-per-trail.js'
import { toData } from '../to-data.js'
import { TrailData } from './trail-data.js'
import { trailSettingsErrors } from './trail-settings-errors.js'

/** Update Trails: one UpdateTrail for each trail. */
export const updateTrails = defineCommand({
  name: 'update-trails',
  title: 'Update Trails',
  description:
    'Changes where and how trails deliver their log files. Logging need not be stopped for it. A setting that is left out stays as it is. Works only in the region in which the trails were created.',
  apiClass: 'write',
  iamActions: ['cloudtrail:UpdateTrail'],
  scope: 'write',
  body: Type.Object(
    {
      trailNames: TrailNames,
      s3BucketName: S3BucketName,
      ...trailSettings('left as they are'),
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
    runPerTrail(body.trailNames, cloudTrail, async (trail, home) => {
      const answer = await home.send('UpdateTrail', {
        Name: trail,
        S3BucketName: body.s3BucketName,
        ...toTrailInput(body),
      })
      return { data: toData(answer.output), body: answer.body }
    }),
})
