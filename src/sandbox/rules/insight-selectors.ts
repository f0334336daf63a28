import type { InsightSelector } from '@aws-sdk/client-cloudtrail'

import { modelledError } from '../errors.js'
import { DEFAULT_SELECTORS } from './event-selectors.js'
import type { Trail } from '../state/world.js'

const TYPES = new Set(['ApiCallRateInsight', 'ApiErrorRateInsight'])
const CATEGORIES = new Set(['Management', 'Data'])

/**
 * Checks Insights selectors against the events that the trail logs: ApiCallRateInsight on management
 * events needs write events, ApiErrorRateInsight needs management events of any kind, and Insights on
 * data events need data events. Without EventCategories, Insights are on management events.
 *
 * @throws AwsError `InvalidInsightSelectorsException`
 */
export function checkInsightSelectors(trail: Trail, selectors: readonly InsightSelector[]): void {
  const types = new Set<string>()
  for (const { InsightType: type, EventCategories: categories = ['Management'] } of selectors) {
    if (type === undefined || !TYPES.has(type)) {
      throw invalid(`Value ${type ?? ''} for InsightType is invalid.`)
    }
    if (types.has(type)) throw invalid(`InsightType ${type} is given more than once.`)
    types.add(type)
    for (const category of categories) {
      if (!CATEGORIES.has(category))
        throw invalid(`Value ${category} for EventCategories is invalid.`)
      if (
        category === 'Management' &&
        !logsManagementEvents(trail, type === 'ApiCallRateInsight')
      ) {
        throw invalid(`${type} needs a trail that logs the management events that it analyzes.`)
      }
      if (category === 'Data' && !logsDataEvents(trail)) {
        throw invalid(`${type} on data events needs a trail that logs data events.`)
      }
    }
  }
}

function logsManagementEvents(trail: Trail, mustBeWrite: boolean): boolean {
  if (trail.advancedEventSelectors !== undefined) {
    return trail.advancedEventSelectors.some(
      ({ FieldSelectors = [] }) =>
        isOfCategory(FieldSelectors, 'Management') &&
        !(
          mustBeWrite &&
          FieldSelectors.some(
            ({ Field, Equals }) => Field === 'readOnly' && Equals?.includes('true') === true,
          )
        ),
    )
  }
  return (trail.eventSelectors ?? DEFAULT_SELECTORS).some(
    (selector) =>
      selector.IncludeManagementEvents === true &&
      !(mustBeWrite && selector.ReadWriteType === 'ReadOnly'),
  )
}

function logsDataEvents(trail: Trail): boolean {
  return (
    trail.advancedEventSelectors?.some(({ FieldSelectors = [] }) =>
      isOfCategory(FieldSelectors, 'Data'),
    ) ?? (trail.eventSelectors ?? []).some(({ DataResources = [] }) => DataResources.length > 0)
  )
}

function isOfCategory(
  fields: readonly { Field?: string | undefined; Equals?: string[] | undefined }[],
  category: string,
): boolean {
  return fields.some(
    ({ Field, Equals }) => Field === 'eventCategory' && Equals?.includes(category) === true,
  )
}

function invalid(message: string): Error {
  return modelledError('InvalidInsightSelectorsException', message)
}
