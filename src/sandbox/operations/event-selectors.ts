import type {
  GetEventSelectorsCommandInput,
  PutEventSelectorsCommandInput,
} from '@aws-sdk/client-cloudtrail'
import { GetEventSelectors$, PutEventSelectors$ } from '@aws-sdk/client-cloudtrail'

import { checkAdvancedSelectors } from '../rules/advanced-selectors.js'
import { modelledError } from '../errors.js'
import { completeSelectors, DEFAULT_SELECTORS } from '../rules/event-selectors.js'
import { findTrail, findTrailToChange } from '../rules/find-trail.js'
import type { Trail } from '../state/world.js'
import { operation } from './operation.js'

/** GetEventSelectors: the selectors last put, or the default one. */
export const getEventSelectors = operation(
  GetEventSelectors$,
  (input: GetEventSelectorsCommandInput, call) => answer(findTrail(call, input.TrailName)),
)

/** PutEventSelectors: replaces all selectors of a trail, basic and advanced, by one kind of them. */
export const putEventSelectors = operation(
  PutEventSelectors$,
  (input: PutEventSelectorsCommandInput, call) => {
    const trail = findTrailToChange(call, input.TrailName)
    const { EventSelectors: basic = [], AdvancedEventSelectors: advanced = [] } = input
    if (basic.length > 0 && advanced.length > 0) {
      throw modelledError(
        'InvalidEventSelectorsException',
        'Specify either EventSelectors or AdvancedEventSelectors, not both.',
      )
    }
    if (advanced.length > 0) {
      checkAdvancedSelectors(advanced)
      trail.advancedEventSelectors = advanced
      trail.eventSelectors = undefined
    } else {
      trail.eventSelectors = completeSelectors(call.region, basic)
      trail.advancedEventSelectors = undefined
    }
    return answer(trail)
  },
)

function answer(trail: Trail): object {
  const { TrailARN } = trail.settings
  return trail.advancedEventSelectors === undefined
    ? { TrailARN, EventSelectors: trail.eventSelectors ?? DEFAULT_SELECTORS }
    : { TrailARN, AdvancedEventSelectors: trail.advancedEventSelectors }
}
