import { Type } from '@sinclair/typebox'
import { defineCommand } from '../define-command.js'
import { FIND_HOME_REGION } from '../iam-permissions.js'
import { ConnectionField, DryRun, STRICT, TrailNames } from '../fields.js'
import { runPerTrail } from '../run-per-trail.js'
import { sendWrite } from '../send-write.js'
import { trailReference } from './trail-reference.js'
import { TrailNameData } from './trail-data.js'

/** Stop Logging: one StopLogging for each trail. */
export const stopLogging = defineCommand({
  name: 'stop-logging',
  title: 'Stop Logging',
  summary: 'Stop logging on one or more trails',
  description:
    'Stops recording AWS API calls and delivering log files: the only way to pause a trail. Works only in the region in which the trails were created, not on shadow trails. Attackers do this to hide (MITRE ATT&CK T1562.008). A retry is safe: a trail that is stopped stays so.',
  apiClass: 'write',
  iamActions: ['cloudtrail:StopLogging'],
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
      sendWrite(home, 'StopLogging', { Name: trail }, () => trailReference(trail)),
    ),
})
