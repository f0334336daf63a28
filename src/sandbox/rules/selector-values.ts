import type { AdvancedFieldSelector } from '@aws-sdk/client-cloudtrail'

import { modelledError } from '../errors.js'
import { DATA_RESOURCE_TYPES } from './resource-types.js'

/** An event category that a trail can log. */
export type Category = 'Management' | 'Data' | 'NetworkActivity'

/** The error for selectors that PutEventSelectors refuses. */
export function invalidSelectors(message: string): Error {
  return modelledError('InvalidEventSelectorsException', message)
}

/** The sources of management events that a selector can leave out. */
const EXCLUDABLE_SOURCES = ['kms.amazonaws.com', 'rdsdata.amazonaws.com']

/** The form of an ARN in general, for resource types without a form of their own here. */
const ANY_ARN = /^arn:aws[a-z-]*:[a-z0-9-]+:[a-z0-9-]*:\d{0,12}:.+$/

/** The form that an ARN must have when a condition compares the whole of it. */
const ARN_FORMS: ReadonlyMap<string, RegExp> = new Map([
  ['AWS::S3::Object', /^arn:aws[a-z-]*:s3:::[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]\/.*$/s],
  // a function without a version or alias
  ['AWS::Lambda::Function', /^arn:aws[a-z-]*:lambda:[a-z0-9-]+:\d{12}:function:[\w-]{1,140}$/],
  ['AWS::DynamoDB::Table', /^arn:aws[a-z-]*:dynamodb:[a-z0-9-]+:\d{12}:table\/[\w.-]{3,255}$/],
])

/**
 * Checks the values of one field of an advanced event selector.
 *
 * @param category the event category of the selector
 * @param resourceType the selector's `resources.type`, for the form of its ARNs
 * @throws AwsError `InvalidEventSelectorsException`
 */
export function checkFieldValues(
  category: Category,
  resourceType: string | undefined,
  field: AdvancedFieldSelector,
): void {
  const { Field: name, Equals: equals = [], NotEquals: notEquals = [] } = field
  switch (name) {
    case 'resources.type':
      if (equals.length !== 1 || !DATA_RESOURCE_TYPES.has(equals[0] ?? '')) throw notValid(name)
      return
    case 'readOnly':
      if (equals.some((value) => value !== 'true' && value !== 'false')) throw notValid(name)
      return
    case 'errorCode':
      if (equals.some((value) => value !== 'VpceAccessDenied')) throw notValid(name)
      return
    case 'resources.ARN':
      checkArns(resourceType, [...equals, ...notEquals])
      return
    case 'eventSource':
      if (category === 'Management') checkManagementSource(field)
      if (category === 'NetworkActivity') checkNetworkSource(field)
  }
}

function checkArns(resourceType: string | undefined, arns: readonly string[]): void {
  const form = ARN_FORMS.get(resourceType ?? '') ?? ANY_ARN
  const bad = arns.find((arn) => !form.test(arn))
  if (bad !== undefined) {
    throw invalidSelectors(
      `The specified ARN ${bad} is not valid. Verify that the ARN is properly formatted.`,
    )
  }
}

/** "AdvancedFieldSelector": `eventSource` of management events is NotEquals KMS or the RDS Data API. */
function checkManagementSource({ NotEquals: sources, ...field }: AdvancedFieldSelector): void {
  checkSingleOperator(field, sources, 'NotEquals')
  if (sources?.some((source) => !EXCLUDABLE_SOURCES.includes(source)) === true) {
    throw notValid('eventSource')
  }
}

/** "Logging network activity events": a selector has one event source, compared with Equals. */
function checkNetworkSource({ Equals: sources, ...field }: AdvancedFieldSelector): void {
  checkSingleOperator(field, sources, 'Equals')
  if (sources?.length !== 1) throw notValid('eventSource')
}

function checkSingleOperator(
  { Field: name, ...others }: AdvancedFieldSelector,
  values: readonly string[] | undefined,
  operator: string,
): void {
  if (values === undefined || Object.values(others).some((other) => other !== undefined)) {
    throw invalidSelectors(
      `Only the following operators are valid with the ${name ?? ''} field: [${operator}].`,
    )
  }
}

function notValid(field: string): Error {
  return invalidSelectors(`The ${field} field value is not valid.`)
}
