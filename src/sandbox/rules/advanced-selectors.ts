import type { AdvancedEventSelector, AdvancedFieldSelector } from '@aws-sdk/client-cloudtrail'

import { modelledError } from '../errors.js'

/** "Quotas in AWS CloudTrail": values over all conditions of a trail's advanced selectors. */
const VALUES_PER_TRAIL = 500

const OPERATORS = [
  'Equals',
  'StartsWith',
  'EndsWith',
  'NotEquals',
  'NotStartsWith',
  'NotEndsWith',
] as const

/** The fields that an advanced selector of a trail can look at (AdvancedFieldSelector). */
const FIELDS = new Set([
  'eventCategory',
  'eventName',
  'eventSource',
  'eventType',
  'errorCode',
  'readOnly',
  'resources.ARN',
  'resources.type',
  'sessionCredentialFromConsole',
  'userIdentity.arn',
  'vpcEndpointId',
])

/** The fields that take only `Equals`. */
const EQUALS_ONLY = new Set(['eventCategory', 'readOnly', 'resources.type'])

const CATEGORIES = new Set(['Management', 'Data', 'NetworkActivity'])

/**
 * Checks advanced event selectors.
 *
 * @throws AwsError `InvalidEventSelectorsException`
 */
export function checkAdvancedSelectors(selectors: readonly AdvancedEventSelector[]): void {
  selectors.forEach((selector) => checkSelector(selector))
  const values = selectors
    .flatMap(({ FieldSelectors }) => FieldSelectors ?? [])
    .flatMap((field) => OPERATORS.flatMap((operator) => field[operator] ?? []))
  if (values.length > VALUES_PER_TRAIL) {
    throw invalid(
      `The number of values for all conditions, ${values.length}, is more than ${VALUES_PER_TRAIL}.`,
    )
  }
}

function checkSelector({ Name: name = '', FieldSelectors: fields = [] }: AdvancedEventSelector) {
  if (name.length > 1000) throw invalid('The name of a selector is longer than 1000 characters.')
  fields.forEach((field) => checkField(field))
  const names = fields.map(({ Field }) => Field)
  if (new Set(names).size < names.length) {
    throw invalid('A selector can use each field only once.')
  }
  const category = fields.find(({ Field }) => Field === 'eventCategory')?.Equals
  if (category?.length !== 1 || !CATEGORIES.has(category[0] ?? '')) {
    throw invalid(
      'A selector needs the field eventCategory, equal to Management, Data or NetworkActivity.',
    )
  }
  if (category[0] === 'Data' && !names.includes('resources.type')) {
    throw invalid('A selector of data events needs the field resources.type.')
  }
  if (category[0] === 'NetworkActivity' && !names.includes('eventSource')) {
    throw invalid('A selector of network activity events needs the field eventSource.')
  }
}

function checkField(field: AdvancedFieldSelector): void {
  const name = field.Field ?? ''
  if (!FIELDS.has(name)) throw invalid(`Value ${name} for Field is invalid.`)
  const used = OPERATORS.filter((operator) => field[operator] !== undefined)
  if (used.length === 0) throw invalid(`The field ${name} needs an operator.`)
  for (const operator of used) {
    if (EQUALS_ONLY.has(name) && operator !== 'Equals') {
      throw invalid(`The field ${name} can only use Equals.`)
    }
    const values = field[operator] ?? []
    if (values.length === 0) throw invalid(`${operator} of the field ${name} needs a value.`)
    for (const value of values) {
      if (value.length < 1 || value.length > 2048) {
        throw invalid(`A value of the field ${name} is not 1 to 2048 characters long.`)
      }
    }
  }
}

function invalid(message: string): Error {
  return modelledError('InvalidEventSelectorsException', message)
}
