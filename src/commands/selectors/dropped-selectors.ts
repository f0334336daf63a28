import type { AdvancedEventSelector, EventSelector } from '@aws-sdk/client-cloudtrail'
import { namesAll } from './data-resources.js'

/** The event selectors of a trail, basic or advanced. */
export interface Selectors {
  EventSelectors?: EventSelector[] | undefined
  AdvancedEventSelectors?: AdvancedEventSelector[] | undefined
}

/**
 * What a trail would no longer log, although the planned selectors do not say so, in words; empty when nothing is
 * dropped in silence. Narrower values that the request gives explicitly, such as `readWriteType`, are its intention.
 */
export function droppedSelectors(existing: Selectors, planned: Selectors): string[] {
  const before = existing.AdvancedEventSelectors ?? []
  if (before.length > 0) return droppedAdvanced(before, planned.AdvancedEventSelectors ?? [])
  const basic = existing.EventSelectors ?? []
  return planned.AdvancedEventSelectors
    ? droppedByAdvanced(basic, planned.AdvancedEventSelectors)
    : droppedByBasic(basic, planned.EventSelectors ?? [])
}

/** Advanced selectors have no order that could compare them: one that changes counts as dropped. */
function droppedAdvanced(
  existing: readonly AdvancedEventSelector[],
  planned: readonly AdvancedEventSelector[],
): string[] {
  const kept = new Set(planned.map(conditionsOf))
  return existing
    .filter((selector) => !kept.has(conditionsOf(selector)))
    .map(({ Name: name }, index) => `advanced event selector ${name ?? `number ${index + 1}`}`)
}

/** The conditions of a selector as text, whatever their order. */
function conditionsOf({ FieldSelectors = [] }: AdvancedEventSelector): string {
  const conditions = FieldSelectors.map((condition) => {
    const values = Object.entries<string | string[] | undefined>({ ...condition }).filter(
      ([, value]) => value !== undefined && value.length > 0,
    )
    return JSON.stringify(values.sort(([a], [b]) => (a < b ? -1 : 1)))
  })
  return conditions.sort().join()
}

function droppedByBasic(
  existing: readonly EventSelector[],
  planned: readonly EventSelector[],
): string[] {
  const values = dataOf(existing).filter(
    ({ type, value }) =>
      !dataOf(planned).some((one) => one.type === type && covers(one.value, value)),
  )
  const fewer =
    planned.length < existing.length
      ? [`${existing.length} event selectors would become ${planned.length}`]
      : []
  return [...fewer, ...values.map(({ type, value }) => `${type} ${value}`)]
}

function droppedByAdvanced(
  existing: readonly EventSelector[],
  planned: readonly AdvancedEventSelector[],
): string[] {
  const logsManagement = existing.some(
    ({ IncludeManagementEvents = true }) => IncludeManagementEvents,
  )
  const management =
    logsManagement && !planned.some((selector) => isOf(selector, 'eventCategory', 'Management'))
      ? ['management events']
      : []
  const values = dataOf(existing).filter(
    ({ type, value }) =>
      !planned.some(
        (selector) => isOf(selector, 'resources.type', type) && mayMatch(selector, value),
      ),
  )
  return [...management, ...values.map(({ type, value }) => `${type} ${value}`)]
}

function isOf({ FieldSelectors = [] }: AdvancedEventSelector, field: string, value: string) {
  return FieldSelectors.some(({ Field, Equals }) => Field === field && Equals?.includes(value))
}

/** Whether an advanced selector logs a basic one's data resource: its condition on the ARN, if any, includes it. */
function mayMatch({ FieldSelectors = [] }: AdvancedEventSelector, value: string): boolean {
  const arn = FieldSelectors.find(({ Field }) => Field === 'resources.ARN')
  if (!arn) return true
  const prefixes = [...(arn.StartsWith ?? []), ...(arn.Equals ?? [])]
  return !namesAll(value) && prefixes.some((prefix) => value.startsWith(prefix))
}

/** The data resources of selectors, one by one. */
function dataOf(selectors: readonly EventSelector[]): { type: string; value: string }[] {
  return selectors
    .flatMap(({ DataResources = [] }) => DataResources)
    .flatMap(({ Type: type = '', Values: values = [] }) => values.map((value) => ({ type, value })))
}

/** Whether one data resource of a type includes another: all of them, the same, or a prefix of S3. */
function covers(planned: string, existing: string): boolean {
  if (namesAll(planned) || planned === existing) return true
  return planned.includes(':s3:::') && !namesAll(existing) && existing.startsWith(planned)
}
