import type { ValidationError } from '../../envelope/validation-error.js'
import { quoted } from '../../envelope/quoted.js'
import {
  MAX_VALUES,
  OPERATORS,
  type AdvancedSelector,
  type Operator,
} from './advanced-event-selectors.js'

/**
 * AWS's rules for advanced event selectors of trails that a schema cannot say (AdvancedFieldSelector of the CloudTrail
 * API reference), in the words of AWS where they are public. A bad selector is refused before AWS, with its field.
 */

type Condition = AdvancedSelector['fieldSelectors'][number]

/** The rule for the values of a field, by category where it differs. */
interface ValueRule {
  operators?: readonly Operator[]
  isValid?: (value: string) => boolean
  /** Whether the field takes one value alone. */
  isSingle?: boolean
}

/** The fields that each category allows beside eventCategory, and those that it requires. */
const CATEGORIES: Record<string, { allowed: readonly string[]; required: readonly string[] }> = {
  Management: { allowed: ['eventSource', 'readOnly'], required: [] },
  Data: {
    allowed: [
      'eventName',
      'eventSource',
      'eventType',
      'readOnly',
      'resources.ARN',
      'resources.type',
      'sessionCredentialFromConsole',
      'userIdentity.arn',
    ],
    required: ['resources.type'],
  },
  NetworkActivity: {
    allowed: ['eventSource', 'eventName', 'errorCode', 'vpcEndpointId', 'userIdentity.arn'],
    required: ['eventSource'],
  },
}

const VALUE_RULES: Record<string, ValueRule> = {
  readOnly: {
    operators: ['equals'],
    isSingle: true,
    isValid: (value) => /^(true|false)$/.test(value),
  },
  'resources.type': {
    operators: ['equals'],
    isSingle: true,
    isValid: (value) => /^AWS::\w+::\w+$/.test(value),
  },
  errorCode: { isValid: (value) => value === 'VpceAccessDenied' },
}

/** The rules for eventSource, which depend on the category. */
const SOURCE_RULES: Record<string, ValueRule> = {
  Management: {
    operators: ['notEquals'],
    isValid: (value) => /^(kms|rdsdata)\.amazonaws\.com$/.test(value),
  },
  NetworkActivity: { operators: ['equals'], isSingle: true },
}

/** The validation errors of advanced event selectors. */
export function advancedErrors(selectors: readonly AdvancedSelector[]): ValidationError[] {
  const values = selectors
    .flatMap(({ fieldSelectors }) => fieldSelectors)
    .flatMap((condition) => OPERATORS.flatMap((operator) => condition[operator] ?? []))
  const errors = selectors.flatMap((selector, index) =>
    selectorErrors(selector, `advancedEventSelectors[${index}].fieldSelectors`),
  )
  if (values.length <= MAX_VALUES) return errors
  const text = `There are too many filters applied. The maximum allowed number of filters is ${MAX_VALUES}.`
  return [refusal('advancedEventSelectors', text), ...errors]
}

function selectorErrors({ fieldSelectors }: AdvancedSelector, at: string): ValidationError[] {
  const names = fieldSelectors.map(({ field }) => field)
  const errors: ValidationError[] = []
  if (new Set(names).size < names.length) {
    errors.push(
      refusal(
        at,
        'A duplicate event selector was found for at least one field. Only one selector is allowed per field.',
      ),
    )
  }
  const empty = fieldSelectors.flatMap((condition, index) =>
    usedOperators(condition).length > 0
      ? []
      : [
          {
            field: `${at}[${index}]`,
            message: `must have at least one of ${OPERATORS.join(', ')}`,
          },
        ],
  )
  errors.push(...empty)
  const categoryAt = names.indexOf('eventCategory')
  const category = fieldSelectors[categoryAt]
  if (!category) {
    return [...errors, refusal(at, 'The following fields are required: [eventCategory].')]
  }
  const rule = { operators: ['equals'], isSingle: true, isValid: isCategory } as const
  const categoryErrors = conditionErrors(category, `${at}[${categoryAt}]`, rule)
  const name = category.equals?.[0]
  if (categoryErrors.length > 0 || name === undefined) return [...errors, ...categoryErrors]
  return [...errors, ...errorsIn(name, fieldSelectors, at)]
}

/** The errors of the conditions in a category that is known. */
function errorsIn(
  category: string,
  conditions: readonly Condition[],
  at: string,
): ValidationError[] {
  const { allowed = [], required = [] } = CATEGORIES[category] ?? {}
  const missing = required.filter((field) => !conditions.some((one) => one.field === field))
  const when = `when the eventCategory field value equals ${category}`
  const errors = conditions.flatMap((condition, index) => {
    const { field } = condition
    const here = `${at}[${index}]`
    if (field === 'eventCategory') return []
    if (!allowed.includes(field)) {
      return [refusal(here, `The following field is not allowed ${when}: ${quoted(field)}.`)]
    }
    if (field === 'resources.ARN') return arnErrors(condition, here)
    const rule = field === 'eventSource' ? SOURCE_RULES[category] : VALUE_RULES[field]
    return rule ? conditionErrors(condition, here, rule) : []
  })
  if (missing.length === 0) return errors
  const text = `The following selectors are required ${when}: [${missing.join(', ')}].`
  return [refusal(at, text), ...errors]
}

function conditionErrors(condition: Condition, at: string, rule: ValueRule): ValidationError[] {
  const { field } = condition
  const used = usedOperators(condition)
  const { operators = OPERATORS, isSingle = false, isValid = () => true } = rule
  if (used.some((operator) => !operators.includes(operator))) {
    const names = operators.map((operator) => operator.charAt(0).toUpperCase() + operator.slice(1))
    const text = `Only the following operators are valid with the ${field} field: [${names.join(', ')}].`
    return [refusal(at, text)]
  }
  const values = used.flatMap((operator) => condition[operator] ?? [])
  if ((isSingle && values.length > 1) || !values.every(isValid)) {
    return [refusal(at, `The ${field} field value is not valid.`)]
  }
  return []
}

/** A whole ARN has six parts; that of a function has no version or alias. */
function arnErrors({ equals = [] }: Condition, at: string): ValidationError[] {
  const malformed = equals.find(
    (arn) =>
      !/^arn:[^:]+:[^:]+:[^:]*:[^:]*:./.test(arn) ||
      /^arn:[^:]+:lambda:[^:]*:[^:]*:function:[^:]*:/.test(arn),
  )
  if (malformed === undefined) return []
  const text = `The specified ARN ${quoted(malformed)} is not valid. Verify that the ARN is properly formatted.`
  return [refusal(at, text)]
}

function usedOperators(condition: Condition): Operator[] {
  return OPERATORS.filter((operator) => condition[operator] !== undefined)
}

function isCategory(value: string): boolean {
  return Object.hasOwn(CATEGORIES, value)
}

/** A validation error with AWS's text. */
function refusal(field: string, text: string): ValidationError {
  return {
    field,
    message: `breaks a rule of AWS: ${text}`,
    code: 'InvalidEventSelectorsException',
  }
}
