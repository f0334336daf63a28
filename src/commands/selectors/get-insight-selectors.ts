import { Type } from '@sinclair/typebox'
import { defineCommand } from '../define-command.js'
import { FIND_HOME_REGION } from '../iam-permissions.js'
import { ConnectionField, STRICT, TrailNames } from '../fields.js'
import { runPerTrail } from '../run-per-trail.js'
import { trailReference } from '../trails/trail-reference.js'
import { InsightSelectorsData, insightSelectorsState } from './insight-selectors-data.js'
import { readInsightSelectors } from './read-insight-selectors.js'

/** Get Insight Selectors: one GetInsightSelectors for each trail. */
export const getInsightSelectors = defineCommand({
  name: 'get-insight-selectors',
  title: 'Get Insight Selectors',
  summary: 'Read which Insights trails collect',
  description:
    'The Insights that trails collect. A trail without Insights has an empty list; it is no error. Works only in the home region of the trails; an ARN names it.',
  apiClass: 'read',
  iamActions: ['cloudtrail:GetInsightSelectors'],
  iamPermissions: [FIND_HOME_REGION],
  scope: 'read',
  body: Type.Object({ trailNames: TrailNames, connection: ConnectionField }, STRICT),
  data: InsightSelectorsData,
  examples: {
    'one trail': { trailNames: ['insights'] },
    'one trail without Insights, and one that does not exist': {
      trailNames: ['data-events', 'no-such-trail'],
    },
  },
  run: (body, cloudTrail) =>
    runPerTrail(body.trailNames, cloudTrail, async (trail, home) => {
      const { trailArn, selectors, body } = await readInsightSelectors(trail, home)
      const reference = { ...trailReference(trail), ...(trailArn !== undefined && { trailArn }) }
      return { data: { ...reference, ...insightSelectorsState(selectors) }, body }
    }),
})
