import { Type } from '@sinclair/typebox'
import { defineCommand } from '../define-command.js'
import { FIND_HOME_REGION } from '../iam-permissions.js'
import { ConnectionField, DryRun, STRICT, TrailNames } from '../fields.js'
import { runPerTrail } from '../run-per-trail.js'
import { sendWrite } from '../send-write.js'
import { trailReference } from './trail-reference.js'
import { TrailNameData } from './trail-data.js'

/** Start Logging: one StartLogging for each trail. */
export const startLogging = defineCommand({
  name: 'start-logging',
  title: 'Start Logging',
  summary: 'Start logging on one or more trails',
  description:
    'Starts recording AWS API calls and delivering log files. Works only in the region in which the trails were created, not on shadow trails. A retry is safe: a trail that logs stays so.',
  apiClass: 'write',
  iamActions: ['cloudtrail:StartLogging'],
  iamPermissions: [FIND_HOME_REGION],
  scope: 'write',
  body: Type.Object(
    { trailNames: TrailNames, dryRun: DryRun, connection: ConnectionField },
    STRICT,
  ),
  data: TrailNameData,
  examples: {
    'one trail': { trailNames: ['management-events'] },
    'one trail, and one that does not exist': {
      trailNames: ['management-events', 'no-such-trail'],
    },
  },
  run: (body, cloudTrail) =>
    runPerTrail(body.trailNames, cloudTrail, (trail, home) =>
      sendWrite(home, 'StartLogging', { Name: trail }, () => trailReference(trail)),
    ),
})
