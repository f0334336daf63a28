import { Type } from '@sinclair/typebox'
import { defineCommand } from '../define-command.js'
import { FIND_HOME_REGION } from '../iam-permissions.js'
import { ConnectionField, STRICT, TrailNames } from '../fields.js'
import { runPerTrail } from '../run-per-trail.js'
import { TrailData, trailData } from './trail-data.js'

/** Get Trails: one GetTrail for each trail. */
export const getTrails = defineCommand({
  name: 'get-trails',
  title: 'Get Trails',
  summary: 'Read the settings of trails, one by one',
  description: 'The settings of trails, one by one: a trail that cannot be read fails by itself.',
  apiClass: 'read',
  iamActions: ['cloudtrail:GetTrail'],
  iamPermissions: [FIND_HOME_REGION],
  scope: 'read',
  body: Type.Object({ trailNames: TrailNames, connection: ConnectionField }, STRICT),
  data: TrailData,
  examples: {
    'one trail': { trailNames: ['management-events'] },
    'one trail, and one that does not exist': { trailNames: ['data-events', 'no-such-trail'] },
  },
  run: (body, cloudTrail) =>
    runPerTrail(body.trailNames, cloudTrail, async (trail, home) => {
      const response = await home.send('GetTrail', { Name: trail })
      return { data: trailData(response.output.Trail ?? {}), body: response.body }
    }),
})
