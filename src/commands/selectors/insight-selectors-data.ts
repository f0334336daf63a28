import type { InsightSelector } from '@aws-sdk/client-cloudtrail'
import { Type, type Static } from '@sinclair/typebox'
import { toData } from '../to-data.js'

const InsightSelectorSchema = Type.Object(
  {
    insightType: Type.Optional(
      Type.String({ description: 'ApiCallRateInsight or ApiErrorRateInsight.' }),
    ),
    eventCategories: Type.Optional(
      Type.Array(Type.String(), {
        description: 'Management, Data or both; AWS leaves it out for Management alone.',
      }),
    ),
  },
  { title: 'InsightSelector' },
)

/** The Insights of a trail. */
export const InsightSelectorsState = Type.Object(
  {
    insightSelectors: Type.Array(InsightSelectorSchema, {
      description: 'Empty when Insights are turned off.',
    }),
  },
  { title: 'InsightSelectorsState' },
)

/** A trail's insight selectors as AWS returns them. */
export const InsightSelectorsData = Type.Object(
  {
    name: Type.String({ description: 'Name of the trail.' }),
    trailArn: Type.Optional(Type.String({ description: 'ARN of the trail.' })),
    ...InsightSelectorsState.properties,
  },
  { title: 'InsightSelectorsData' },
)

export function insightSelectorsState(
  selectors: InsightSelector[] = [],
): Static<typeof InsightSelectorsState> {
  return { insightSelectors: selectors.map((selector) => toData(selector)) }
}
