import type { InsightSelector, PutInsightSelectorsCommandOutput } from '@aws-sdk/client-cloudtrail'
import { Type, type Static } from '@sinclair/typebox'
import { StringEnum } from '../../envelope/string-enum.js'
import { defineCommand } from '../define-command.js'
import { FIND_HOME_REGION } from '../iam-permissions.js'
import { ConnectionField, DryRun, STRICT, TrailNames } from '../fields.js'
import { runPerTrail } from '../run-per-trail.js'
import { sendWrite } from '../send-write.js'
import { trailReference } from '../trails/trail-reference.js'
import {
  InsightSelectorsData,
  InsightSelectorsState,
  insightSelectorsState,
} from './insight-selectors-data.js'
import { readInsightSelectors } from './read-insight-selectors.js'
import { ReplaceExisting, wouldDrop } from './replace-existing.js'

const body = Type.Object(
  {
    trailNames: TrailNames,
    insightTypes: Type.Optional(
      Type.Array(StringEnum(['ApiCallRateInsight', 'ApiErrorRateInsight']), {
        maxItems: 2,
        uniqueItems: true,
        default: ['ApiCallRateInsight'],
        description:
          'The Insights to collect: ApiCallRateInsight, ApiErrorRateInsight or both. An empty list turns Insights off. Default: ApiCallRateInsight.',
        examples: [['ApiCallRateInsight', 'ApiErrorRateInsight']],
      }),
    ),
    eventCategories: Type.Optional(
      Type.Array(StringEnum(['Management', 'Data']), {
        minItems: 1,
        maxItems: 2,
        uniqueItems: true,
        description:
          'The events that each of the Insights counts: Management, Data or both. Data needs a trail that logs data events. Left out: Management, as AWS has it.',
        examples: [['Management']],
      }),
    ),
    replaceExisting: ReplaceExisting,
    dryRun: DryRun,
    connection: ConnectionField,
  },
  STRICT,
)

/** Put Insight Selectors: one GetInsightSelectors and one PutInsightSelectors for each trail. */
export const putInsightSelectors = defineCommand({
  name: 'put-insight-selectors',
  title: 'Put Insight Selectors',
  summary: 'Turn Insights of one or more trails on or off',
  description:
    'Turns CloudTrail Insights of trails on or off. AWS replaces all Insights of a trail: a trail whose other Insights would be dropped fails with 409, unless `replaceExisting` is true or `insightTypes` is empty. The trail must log management events: ApiCallRateInsight needs write events, ApiErrorRateInsight read or write events. Works only in the home region of the trails; an ARN names it. A retry is safe: it sets the same Insights.',
  apiClass: 'write',
  iamActions: ['cloudtrail:PutInsightSelectors', 'cloudtrail:GetInsightSelectors'],
  iamPermissions: [FIND_HOME_REGION],
  scope: 'write',
  body,
  data: Type.Object(
    {
      ...InsightSelectorsData.properties,
      before: { ...InsightSelectorsState, description: 'The Insights that were replaced.' },
    },
    { title: 'ReplacedInsightSelectorsData' },
  ),
  replaced: InsightSelectorsState,
  examples: {
    'both Insights': {
      trailNames: ['management-events'],
      insightTypes: ['ApiCallRateInsight', 'ApiErrorRateInsight'],
    },
    'turn Insights off': { trailNames: ['insights'], insightTypes: [] },
  },
  run: (body, cloudTrail) => {
    const planned = toSelectors(body)
    return runPerTrail(body.trailNames, cloudTrail, async (trail, home) => {
      const existing = await readInsightSelectors(trail, home)
      const dropped = insightsOf(existing.selectors).filter(
        (insight) => !insightsOf(planned).includes(insight),
      )
      // an empty list says by itself that all Insights are to go
      const isIntended = body.replaceExisting === true || planned.length === 0
      if (dropped.length > 0 && !isIntended) throw wouldDrop(trail, dropped)
      if (dropped.length > 0) home.checkProtected('PutInsightSelectors', trail)
      const before = insightSelectorsState(existing.selectors)
      const after = insightSelectorsState(planned)
      const toRow = (output: PutInsightSelectorsCommandOutput) => ({
        ...trailReference(trail),
        ...(output.TrailARN !== undefined && { trailArn: output.TrailARN }),
        // AWS need not repeat an empty list
        ...insightSelectorsState(output.InsightSelectors),
        before,
      })
      const input = { TrailName: trail, InsightSelectors: planned }
      return sendWrite(home, 'PutInsightSelectors', input, toRow, { before, after })
    })
  },
})

function toSelectors({
  insightTypes = ['ApiCallRateInsight'],
  eventCategories,
}: Static<typeof body>): InsightSelector[] {
  return insightTypes.map((type) => ({ InsightType: type, EventCategories: eventCategories }))
}

/** Each Insight with each category of events, as text. */
function insightsOf(selectors: readonly InsightSelector[]): string[] {
  return selectors.flatMap(({ InsightType = '', EventCategories = ['Management'] }) =>
    EventCategories.map((category) => `${InsightType} on ${category.toLowerCase()} events`),
  )
}
