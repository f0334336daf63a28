import type {
  GetInsightSelectorsCommandInput,
  InsightSelector,
  PutInsightSelectorsCommandInput,
} from '@aws-sdk/client-cloudtrail'
import { GetInsightSelectors$, PutInsightSelectors$ } from '@aws-sdk/client-cloudtrail'

import { modelledError } from '../errors.js'
import { findTrail, findTrailToChange } from '../rules/find-trail.js'
import { checkInsightSelectors } from '../rules/insight-selectors.js'
import { operation } from './operation.js'

/** GetInsightSelectors: a trail without Insights is an error, not an empty list. */
export const getInsightSelectors = operation(
  GetInsightSelectors$,
  (input: GetInsightSelectorsCommandInput, call) => {
    checkTarget(input)
    const { settings, insightSelectors } = findTrail(call, input.TrailName)
    if (insightSelectors.length === 0) {
      throw modelledError(
        'InsightNotEnabledException',
        `Trail ${settings.TrailARN} does not have Insights enabled. Edit the trail settings to enable Insights, and then try the operation again.`,
      )
    }
    return { TrailARN: settings.TrailARN, InsightSelectors: insightSelectors }
  },
)

/**
 * PutInsightSelectors: replaces all Insights selectors of a trail, event categories included; an empty
 * list turns Insights off.
 */
export const putInsightSelectors = operation(
  PutInsightSelectors$,
  (input: PutInsightSelectorsCommandInput, call) => {
    checkTarget(input)
    if (input.InsightsDestination !== undefined) {
      throw modelledError(
        'InvalidParameterCombinationException',
        'TrailName and InsightsDestination cannot be specified together.',
      )
    }
    const trail = findTrailToChange(call, input.TrailName)
    const selectors: InsightSelector[] | undefined = input.InsightSelectors
    if (selectors === undefined) {
      throw modelledError('InvalidInsightSelectorsException', 'InsightSelectors must be given.')
    }
    checkInsightSelectors(trail, selectors)
    trail.insightSelectors = selectors
    return { TrailARN: trail.settings.TrailARN, InsightSelectors: selectors }
  },
)

/** Checks that the input names either a trail or an event data store; the sandbox has trails only. */
function checkTarget(input: {
  TrailName?: string | undefined
  EventDataStore?: string | undefined
}) {
  if ((input.TrailName === undefined) === (input.EventDataStore === undefined)) {
    throw modelledError(
      'InvalidParameterCombinationException',
      'Specify either TrailName or EventDataStore, and not both.',
    )
  }
  if (input.EventDataStore !== undefined) {
    throw modelledError('UnsupportedOperationException', 'The sandbox keeps no event data stores.')
  }
}
