import type {
  GetEventSelectorsCommandInput,
  PutEventSelectorsCommandInput,
} from '@aws-sdk/client-cloudtrail'
import { GetEventSelectors$, PutEventSelectors$ } from '@aws-sdk/client-cloudtrail'

import { checkAdvancedSelectors } from '../rules/advanced-selectors.js'
import { completeSelectors, DEFAULT_SELECTORS } from '../rules/event-selectors.js'
import { invalidSelectors } from '../rules/selector-values.js'
import { findTrail, findTrailToChange } from '../rules/find-trail.js'
import type { Trail } from '../state/world.js'
import { operation } from './operation.js'

/** GetEventSelectors: the selectors last put, or the default one. AWS sorts the fields by name here. */
export const getEventSelectors = operation(
  GetEventSelectors$,
  (input: GetEventSelectorsCommandInput, call) => {
    const trail = findTrail(call, input.TrailName)
    const advanced = trail.advancedEventSelectors?.map(({ FieldSelectors = [], ...selector }) => ({
      ...selector,
      FieldSelectors: FieldSelectors.toSorted((a, b) => compare(a.Field, b.Field)),
    }))
    return response({ ...trail, advancedEventSelectors: advanced })
  },
)

/** PutEventSelectors: replaces all selectors of a trail, basic and advanced, by selectors of one kind. */
export const putEventSelectors = operation(
  PutEventSelectors$,
  (input: PutEventSelectorsCommandInput, call) => {
    const trail = findTrailToChange(call, input.TrailName)
    const { EventSelectors: basic = [], AdvancedEventSelectors: advanced } = input
    if (basic.length > 0 && advanced !== undefined && advanced.length > 0) {
      throw invalidSelectors(
        'You can select events by using either EventSelectors or AdvancedEventSelectors, but not both.',
      )
    }
    if (advanced !== undefined && basic.length === 0) {
      checkAdvancedSelectors(advanced)
      trail.advancedEventSelectors = advanced
      trail.eventSelectors = undefined
    } else {
      trail.eventSelectors = completeSelectors(call.region, basic)
      trail.advancedEventSelectors = undefined
    }
    return response(trail)
  },
)

function response(trail: Trail): object {
  const { TrailARN } = trail.settings
  return trail.advancedEventSelectors === undefined
    ? { TrailARN, EventSelectors: trail.eventSelectors ?? DEFAULT_SELECTORS }
    : { TrailARN, AdvancedEventSelectors: trail.advancedEventSelectors }
}

function compare(a = '', b = ''): number {
  return a < b ? -1 : a > b ? 1 : 0
}
