import { Type } from '@sinclair/typebox'
import { defineCommand } from '../define-command.js'
import { ConnectionField, DryRun, oneOf, STRICT, TrailNames } from '../fields.js'
import { InsightSelectorsData } from './insight-selectors-data.js'
import { runPerTrail } from '../run-per-trail.js'
import { toData } from '../to-data.js'
import { trailReference } from '../trails/trail-reference.js'

/** Put Insight Selectors: one PutInsightSelectors for each trail. */
export const putInsightSelectors = defineCommand({
  name: 'put-insight-selectors',
  title: 'Put Insight Selectors',
  description:
    'Turns CloudTrail Insights of trails on or off. The trail must log management events: ApiCallRateInsight needs write events, ApiErrorRateInsight read or write events. Works only in the region in which the trails were created.',
  apiClass: 'write',
  iamActions: ['cloudtrail:PutInsightSelectors'],
  scope: 'write',
  body: Type.Object(
    {
      trailNames: TrailNames,
      insightTypes: Type.Optional(
        Type.Array(oneOf(['ApiCallRateInsight', 'ApiErrorRateInsight']), {
          maxItems: 2,
          uniqueItems: true,
          default: ['ApiCallRateInsight'],
          description:
            'The Insights to collect: ApiCallRateInsight, ApiErrorRateInsight or both; they replace those of before. An empty list turns Insights off. Default: ApiCallRateInsight.',
          examples: [['ApiCallRateInsight', 'ApiErrorRateInsight']],
        }),
      ),
      dryRun: DryRun,
      connection: ConnectionField,
    },
    STRICT,
  ),
  data: InsightSelectorsData,
  examples: {
    'both Insights': {
      trailNames: ['management-events'],
      insightTypes: ['ApiCallRateInsight', 'ApiErrorRateInsight'],
    },
    'turn Insights off': { trailNames: ['insights'], insightTypes: [] },
  },
  run: (body, cloudTrail) => {
    const types = body.insightTypes ?? ['ApiCallRateInsight']
    return runPerTrail(body.trailNames, cloudTrail, async (trail, home) => {
      const answer = await home.send('PutInsightSelectors', {
        TrailName: trail,
        InsightSelectors: types.map((type) => ({ InsightType: type })),
      })
      // an empty list is what was asked for, whether or not AWS repeats it
      const data = { insightSelectors: [], ...toData(answer.output) }
      return { data: { ...trailReference(trail), ...data }, body: answer.body }
    })
  },
})
