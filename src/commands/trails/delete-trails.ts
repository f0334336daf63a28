import { Type } from '@sinclair/typebox'
import { alreadyDeleted } from './already-deleted.js'
import { defineCommand } from '../define-command.js'
import { FIND_HOME_REGION, RECOGNIZE_DELETED } from '../iam-permissions.js'
import { ConnectionField, DryRun, STRICT, TrailNames } from '../fields.js'
import { runPerTrail } from '../run-per-trail.js'
import { sendWrite } from '../send-write.js'
import { trailReference } from './trail-reference.js'
import { TrailNameData } from './trail-data.js'

/** Delete Trails: one DeleteTrail for each trail. */
export const deleteTrails = defineCommand({
  name: 'delete-trails',
  title: 'Delete Trails',
  summary: 'Delete one or more trails',
  description:
    'Deletes trails. Works only in the region in which the trails were created. Log files that were delivered stay in their bucket. A retry fails with TrailNotFoundException where the trail was deleted, unless the response to an earlier attempt of the same request was lost; with an `idempotency-key` it returns the first response.',
  apiClass: 'write',
  iamActions: ['cloudtrail:DeleteTrail'],
  iamPermissions: [RECOGNIZE_DELETED, FIND_HOME_REGION],
  scope: 'write',
  body: Type.Object(
    { trailNames: TrailNames, dryRun: DryRun, connection: ConnectionField },
    STRICT,
  ),
  data: TrailNameData,
  examples: {
    'one trail': { trailNames: ['data-events'] },
    'one trail, and one that does not exist': { trailNames: ['data-events', 'no-such-trail'] },
  },
  run: (body, cloudTrail) =>
    runPerTrail(body.trailNames, cloudTrail, async (trail, home) => {
      try {
        return await sendWrite(home, 'DeleteTrail', { Name: trail }, () => trailReference(trail))
      } catch (error) {
        return await alreadyDeleted(error, trail, home)
      }
    }),
})
