import { Type } from '@sinclair/typebox'
import { defineCommand } from '../define-command.js'
import { FIND_HOME_REGION } from '../iam-permissions.js'
import { EventSelectorsData, eventSelectorsData } from './event-selectors-data.js'
import { ConnectionField, STRICT, TrailNames } from '../fields.js'
import { runPerTrail } from '../run-per-trail.js'

/** Get Event Selectors: one GetEventSelectors for each trail. */
export const getEventSelectors = defineCommand({
  name: 'get-event-selectors',
  title: 'Get Event Selectors',
  summary: 'Read which events trails log',
  description:
    'Which management and data events trails log: basic or advanced event selectors, never both. Works only in the region in which the trails were created.',
  apiClass: 'read',
  iamActions: ['cloudtrail:GetEventSelectors'],
  iamPermissions: [FIND_HOME_REGION],
  scope: 'read',
  body: Type.Object({ trailNames: TrailNames, connection: ConnectionField }, STRICT),
  data: EventSelectorsData,
  examples: {
    'one trail': { trailNames: ['management-events'] },
    'one trail, and one that does not exist': { trailNames: ['data-events', 'no-such-trail'] },
  },
  run: (body, cloudTrail) =>
    runPerTrail(body.trailNames, cloudTrail, async (trail, home) => {
      const { output, body } = await home.send('GetEventSelectors', { TrailName: trail })
      return { data: eventSelectorsData(trail, output), body }
    }),
})
