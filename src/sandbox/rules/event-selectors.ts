import type { DataResource, EventSelector } from '@aws-sdk/client-cloudtrail'

import { modelledError } from '../errors.js'
import { partitionOf } from './regions.js'

/** What a trail logs until PutEventSelectors says otherwise: all management events, no data events. */
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

/** The sources of management events that a basic selector may leave out. */
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
 * Checks basic event selectors and adds the defaults of what they leave out.
 *
 * @param region the region of the trail, whose partition the values must have
 * @throws AwsError `InvalidEventSelectorsException`
 */
export function completeSelectors(
  region: string,
  selectors: readonly EventSelector[],
): EventSelector[] {
  if (selectors.length < 1 || selectors.length > SELECTORS_PER_TRAIL) {
    throw invalid('Specify a valid number of selectors for your trail')
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
    throw invalid(
      `Specify a valid number of DataResources.Values (0 to ${DATA_RESOURCES_PER_TRAIL}) for all your selectors`,
    )
  }
  return complete
}

function checkSelector(selector: Required<EventSelector>): void {
  const { ReadWriteType: readWriteType, ExcludeManagementEventSources: excluded } = selector
  if (!['All', 'ReadOnly', 'WriteOnly'].includes(readWriteType ?? '')) {
    throw invalid(`Value ${readWriteType ?? ''} for ReadWriteType is invalid.`)
  }
  for (const source of excluded ?? []) {
    if (!EXCLUDABLE.has(source)) {
      throw invalid(`Value ${source} for ExcludeManagementEventSources is invalid.`)
    }
  }
  if (selector.IncludeManagementEvents === false && (excluded ?? []).length > 0) {
    throw invalid('ExcludeManagementEventSources needs IncludeManagementEvents to be true.')
  }
}

type ListedResource = DataResource & { Values: string[] }

function withValues(resource: DataResource): ListedResource {
  return { ...resource, Values: resource.Values ?? [] }
}

function checkDataResource(region: string, resource: ListedResource): void {
  const form = VALUE_FORMS.get(resource.Type ?? '')
  if (form === undefined) {
    throw invalid(`Value ${resource.Type ?? ''} for DataResources.Type is invalid.`)
  }
  const arn = `arn:${partitionOf(region)}:`
  for (const value of resource.Values) {
    const rest = value.startsWith(arn) ? value.slice(arn.length) : undefined
    if (rest === undefined || (rest !== form.service && !form.one.test(rest))) {
      throw invalid(`Value ${value} for DataResources.Values is invalid.`)
    }
  }
}

/** Whether the resource names all buckets, functions or tables: such values are not counted. */
function namesAll({ Values }: ListedResource): boolean {
  return Values.some((value) => /^arn:aws[a-z-]*:(?:s3(?::::)?|lambda|dynamodb)$/.test(value))
}

function invalid(message: string): Error {
  return modelledError('InvalidEventSelectorsException', message)
}
