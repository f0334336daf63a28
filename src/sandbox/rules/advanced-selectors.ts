import type { AdvancedEventSelector, AdvancedFieldSelector } from '@aws-sdk/client-cloudtrail'

import type { Category } from './selector-values.js'
import { checkFieldValues, invalidSelectors } from './selector-values.js'

/** "Quotas in AWS CloudTrail": selectors of a trail, and values over all their conditions. */
const SELECTORS_PER_TRAIL = 500
const VALUES_PER_TRAIL = 500

const OPERATORS = [
  'Equals',
  'StartsWith',
  'EndsWith',
  'NotEquals',
  'NotStartsWith',
  'NotEndsWith',
] as const

/** The fields that a selector of a trail may use beside `eventCategory` ("AdvancedFieldSelector"). */
const FIELDS: Readonly<Record<Category, readonly string[]>> = {
  Management: ['eventSource', 'readOnly'],
  Data: [
    'eventName',
    'eventSource',
    'eventType',
    'readOnly',
    'resources.ARN',
    'resources.type',
    'sessionCredentialFromConsole',
    'userIdentity.arn',
  ],
  NetworkActivity: ['errorCode', 'eventName', 'eventSource', 'userIdentity.arn', 'vpcEndpointId'],
}

/** The field without which a selector of the category is refused. */
const REQUIRED: Readonly<Partial<Record<Category, string>>> = {
  Data: 'resources.type',
  NetworkActivity: 'eventSource',
}

/**
 * Checks advanced event selectors. The texts recorded from AWS are AWS's; the order of the checks is
 * known only as far as recorded requests break a single rule.
 *
 * @throws AwsError `InvalidEventSelectorsException`
 */
export function checkAdvancedSelectors(selectors: readonly AdvancedEventSelector[]): void {
  if (selectors.length < 1 || selectors.length > SELECTORS_PER_TRAIL) {
    throw invalidSelectors(`Specify between 1 and ${SELECTORS_PER_TRAIL} selectors for your trail.`)
  }
  selectors.forEach((selector) => checkSelector(selector))
  const values = selectors
    .flatMap(({ FieldSelectors = [] }) => FieldSelectors)
    .flatMap((field) => OPERATORS.flatMap((operator) => field[operator] ?? []))
  if (values.length > VALUES_PER_TRAIL) {
    throw invalidSelectors(
      `There are too many filters applied. The maximum allowed number of filters is ${VALUES_PER_TRAIL}.`,
    )
  }
}

function checkSelector({ Name: name = '', FieldSelectors: fields = [] }: AdvancedEventSelector) {
  if (name.length > 1000) {
    throw invalidSelectors('The name of a selector is longer than 1000 characters.')
  }
  const names = fields.map(({ Field = '' }) => Field)
  if (new Set(names).size < names.length) {
    throw invalidSelectors(
      'A duplicate event selector was found for at least one field. Only one selector is allowed per field.',
    )
  }
  const category = categoryOf(fields)
  const unknown = names.find(
    (field) => field !== 'eventCategory' && !FIELDS[category].includes(field),
  )
  if (unknown !== undefined) {
    throw invalidSelectors(
      `The following field is not allowed when the eventCategory field value equals ${category}: ${unknown}.`,
    )
  }
  const required = REQUIRED[category]
  if (required !== undefined && !names.includes(required)) {
    throw invalidSelectors(
      `The following selectors are required when the eventCategory field value equals ${category}: [${required}].`,
    )
  }
  const type = fields.find(({ Field }) => Field === 'resources.type')?.Equals?.[0]
  for (const field of fields) {
    checkOperators(field)
    checkFieldValues(category, type, field)
  }
}

function categoryOf(fields: readonly AdvancedFieldSelector[]): Category {
  const field = fields.find(({ Field }) => Field === 'eventCategory')
  if (field === undefined) {
    throw invalidSelectors('The following fields are required: [eventCategory].')
  }
  checkOperators(field)
  const [category] = field.Equals ?? []
  if (field.Equals?.length !== 1 || !isCategory(category)) {
    throw invalidSelectors('The eventCategory field value is not valid.')
  }
  return category
}

function isCategory(text: string | undefined): text is Category {
  return text !== undefined && Object.hasOwn(FIELDS, text)
}

/** The fields that accept a single operator. */
const EQUALS_ONLY = new Set(['eventCategory', 'readOnly', 'resources.type', 'errorCode'])

function checkOperators(field: AdvancedFieldSelector): void {
  const name = field.Field ?? ''
  const used = OPERATORS.filter((operator) => field[operator] !== undefined)
  if (used.length === 0) throw invalidSelectors(`The field ${name} needs an operator.`)
  if (EQUALS_ONLY.has(name) && used.some((operator) => operator !== 'Equals')) {
    throw invalidSelectors(
      `Only the following operators are valid with the ${name} field: [Equals].`,
    )
  }
  for (const operator of used) {
    const values = field[operator] ?? []
    if (values.length === 0) {
      throw invalidSelectors(`${operator} of the field ${name} needs a value.`)
    }
    if (values.some((value) => value.length < 1 || value.length > 2048)) {
      throw invalidSelectors(`A value of the field ${name} is not 1 to 2048 characters long.`)
    }
  }
}
