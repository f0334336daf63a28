import { Type } from '@sinclair/typebox'

/** A trail's insight selectors as AWS answers them. */
export const InsightSelectorsData = Type.Object({
  name: Type.String({ description: 'Name of the trail.' }),
  trailArn: Type.Optional(Type.String({ description: 'ARN of the trail.' })),
  insightSelectors: Type.Array(
    Type.Object({
      insightType: Type.Optional(
        Type.String({ description: 'ApiCallRateInsight or ApiErrorRateInsight.' }),
      ),
      eventCategories: Type.Optional(Type.Array(Type.String())),
    }),
    { description: 'Empty when Insights are turned off.' },
  ),
})
