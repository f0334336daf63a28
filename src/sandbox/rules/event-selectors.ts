import type { DataResource, EventSelector } from '@aws-sdk/client-cloudtrail'

import { partitionOf } from './regions.js'
import { invalidSelectors } from './selector-values.js'

/** The selectors of a trail before any PutEventSelectors: all management events, no data events. */
export const DEFAULT_SELECTORS: readonly EventSelector[] = [
  {
    ReadWriteType: 'All',
    IncludeManagementEvents: true,
    DataResources: [],
    ExcludeManagementEventSources: [],
  },
]

/** "Quotas in AWS CloudTrail": selectors of a trail, and data resources over all its selectors. */
const SELECTORS_PER_TRAIL = 5
const DATA_RESOURCES_PER_TRAIL = 250

/** The sources of management events that a basic selector can exclude. */
const EXCLUDABLE = new Set(['kms.amazonaws.com', 'rdsdata.amazonaws.com'])

/** Per resource type: the service in its ARN, and the forms that a value takes after `arn:<partition>:`. */
const VALUE_FORMS: ReadonlyMap<string, { service: string; one: RegExp }> = new Map([
  // a bucket with its slash, then a prefix of object keys; no bucket at all means all of them
  ['AWS::S3::Object', { service: 's3', one: /^s3:::(?:[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]\/.*)?$/s }],
  [
    'AWS::Lambda::Function',
    { service: 'lambda', one: /^lambda:[a-z0-9-]+:\d{12}:function:[\w-]{1,140}$/ },
  ],
  [
    'AWS::DynamoDB::Table',
    { service: 'dynamodb', one: /^dynamodb:[a-z0-9-]+:\d{12}:table\/[\w.-]{3,255}$/ },
  ],
])

/**
 * Checks basic event selectors and adds the defaults of absent members.
 *
 * @param region the region of the trail, whose partition the values must have
 * @throws AwsError `InvalidEventSelectorsException`
 */
export function completeSelectors(
  region: string,
  selectors: readonly EventSelector[],
): EventSelector[] {
  if (selectors.length < 1 || selectors.length > SELECTORS_PER_TRAIL) {
    throw invalidSelectors(
      `Specify a valid number of selectors (1 to ${SELECTORS_PER_TRAIL}) for your trail`,
    )
  }
  const complete = selectors.map((selector) => ({
    ReadWriteType: selector.ReadWriteType ?? 'All',
    IncludeManagementEvents: selector.IncludeManagementEvents ?? true,
    DataResources: (selector.DataResources ?? []).map(withValues),
    ExcludeManagementEventSources: selector.ExcludeManagementEventSources ?? [],
  }))
  complete.forEach((selector) => checkSelector(selector))
  const resources = complete.flatMap(({ DataResources }) => DataResources)
  resources.forEach((resource) => checkDataResource(region, resource))
  const values = resources.filter((resource) => !namesAll(resource)).flatMap(({ Values }) => Values)
  if (values.length > DATA_RESOURCES_PER_TRAIL) {
    throw invalidSelectors(
      `Specify a valid number of DataResources.Values (0 to ${DATA_RESOURCES_PER_TRAIL}) for all your selectors`,
    )
  }
  return complete
}

function checkSelector(selector: Required<EventSelector>): void {
  const { ReadWriteType: readWriteType, ExcludeManagementEventSources: excluded } = selector
  if (!['All', 'ReadOnly', 'WriteOnly'].includes(readWriteType ?? '')) {
    throw invalidSelectors(`Value ${readWriteType ?? ''} for ReadWriteType is invalid.`)
  }
  for (const source of excluded ?? []) {
    if (!EXCLUDABLE.has(source)) {
      throw invalidSelectors(`Value ${source} for ExcludeManagementEventSources is invalid.`)
    }
  }
  if (selector.IncludeManagementEvents === false && (excluded ?? []).length > 0) {
    throw invalidSelectors(
      'ExcludeManagementEventSources needs IncludeManagementEvents to be true.',
    )
  }
}

type ListedResource = DataResource & { Values: string[] }

function withValues(resource: DataResource): ListedResource {
  return { ...resource, Values: resource.Values ?? [] }
}

function checkDataResource(region: string, resource: ListedResource): void {
  const form = VALUE_FORMS.get(resource.Type ?? '')
  if (form === undefined) {
    throw invalidSelectors(`Value ${resource.Type ?? ''} for DataResources.Type is invalid.`)
  }
  const arn = `arn:${partitionOf(region)}:`
  for (const value of resource.Values) {
    const rest = value.startsWith(arn) ? value.slice(arn.length) : undefined
    if (rest === undefined || (rest !== form.service && !form.one.test(rest))) {
      throw invalidSelectors(`Value ${value} for DataResources.Values is invalid.`)
    }
  }
}

/** Whether the resource names all buckets, functions or tables; AWS does not count such values. */
function namesAll({ Values }: ListedResource): boolean {
  return Values.some((value) => /^arn:aws[a-z-]*:(?:s3(?::::)?|lambda|dynamodb)$/.test(value))
}
