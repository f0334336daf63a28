import { Type } from '@sinclair/typebox'
import { FailureError } from '../../envelope/failure.js'
import { defineCommand } from '../define-command.js'
import { ConnectionField, STRICT, TrailNames } from '../fields.js'
import { InsightSelectorsData } from './insight-selectors-data.js'
import { runPerTrail, type TrailResult } from '../run-per-trail.js'
import { toData } from '../to-data.js'
import { trailReference } from '../trails/trail-reference.js'

/** Get Insight Selectors: one GetInsightSelectors for each trail. */
export const getInsightSelectors = defineCommand({
  name: 'get-insight-selectors',
  title: 'Get Insight Selectors',
  description:
    'Which Insights trails collect. A trail without Insights answers an empty list, not an error. Works only in the region in which the trails were created.',
  apiClass: 'read',
  iamActions: ['cloudtrail:GetInsightSelectors'],
  scope: 'read',
  body: Type.Object({ trailNames: TrailNames, connection: ConnectionField }, STRICT),
  data: InsightSelectorsData,
  examples: {
    'a trail with Insights, one without, and one that does not exist': {
      trailNames: ['insights', 'data-events', 'no-such-trail'],
    },
  },
  run: (body, cloudTrail) =>
    runPerTrail(body.trailNames, cloudTrail, async (trail, home) => {
      try {
        const answer = await home.send('GetInsightSelectors', { TrailName: trail })
        return { data: { ...trailReference(trail), ...toData(answer.output) }, body: answer.body }
      } catch (error) {
        return noInsights(trail, error)
      }
    }),
})

/** AWS says "Insights are not turned on" with an error; to a playbook it is an answer: no selectors. */
function noInsights(trail: string, error: unknown): TrailResult {
  if (!(error instanceof FailureError) || error.failure.code !== 'InsightNotEnabledException') {
    throw error
  }
  return {
    data: { ...trailReference(trail), insightSelectors: [] },
    body: { InsightSelectors: [] },
  }
}
