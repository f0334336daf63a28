import { Type, type Static } from '@sinclair/typebox'
import type { ValidationError } from '../../envelope/validation-error.js'

/** Values over all conditions of all advanced event selectors of a trail ("Quotas in AWS CloudTrail"). */
const MAX_VALUES = 500

/** The operators of a field selector. */
const OPERATORS = [
  'equals',
  'startsWith',
  'endsWith',
  'notEquals',
  'notStartsWith',
  'notEndsWith',
] as const

const values = (operator: string) =>
  Type.Optional(
    Type.Array(Type.String({ minLength: 1, maxLength: 2048 }), {
      minItems: 1,
      maxItems: MAX_VALUES,
      description: `Matches when the field ${operator} one of these values of 1 to 2048 characters.`,
    }),
  )

const FieldSelector = Type.Object(
  {
    field: Type.String({
      pattern: '^[\\w.]{1,1000}$',
      description:
        'The field of an event: eventCategory, eventName, eventSource, readOnly, resources.type, resources.ARN and others.',
      examples: ['eventCategory'],
    }),
    equals: values('equals'),
    startsWith: values('starts with'),
    endsWith: values('ends with'),
    notEquals: values('does not equal'),
    notStartsWith: values('does not start with'),
    notEndsWith: values('does not end with'),
  },
  { additionalProperties: false },
)

/** Advanced event selectors as a command's body holds them (AdvancedEventSelector of the CloudTrail API reference). */
export const AdvancedEventSelectors = Type.Array(
  Type.Object(
    {
      name: Type.Optional(
        Type.String({
          maxLength: 1000,
          description: 'Name of the selector, up to 1000 characters.',
        }),
      ),
      fieldSelectors: Type.Array(FieldSelector, {
        minItems: 1,
        description: 'Conditions, all of which an event must meet; eventCategory is one of them.',
      }),
    },
    { additionalProperties: false },
  ),
  {
    minItems: 1,
    maxItems: MAX_VALUES,
    description: `Advanced event selectors, at most ${MAX_VALUES} values in all. They replace basic ones, and cannot stand beside them.`,
  },
)

/** The rules of advanced event selectors that the schema cannot say. */
export function advancedErrors(
  selectors: Static<typeof AdvancedEventSelectors>,
): ValidationError[] {
  const faults: ValidationError[] = []
  let total = 0
  for (const [index, selector] of selectors.entries()) {
    const at = `advancedEventSelectors[${index}].fieldSelectors`
    for (const [fieldIndex, condition] of selector.fieldSelectors.entries()) {
      const used = OPERATORS.filter((operator) => condition[operator] !== undefined)
      total += used.reduce((sum, operator) => sum + (condition[operator]?.length ?? 0), 0)
      if (used.length === 0) {
        faults.push({
          field: `${at}[${fieldIndex}]`,
          message: `must have at least one of ${OPERATORS.join(', ')}`,
          code: 'InvalidEventSelectorsException',
        })
      }
    }
    if (!selector.fieldSelectors.some((condition) => condition.field === 'eventCategory')) {
      faults.push({
        field: at,
        message: 'must have a condition on eventCategory',
        code: 'InvalidEventSelectorsException',
      })
    }
  }
  if (total > MAX_VALUES) {
    faults.push({
      field: 'advancedEventSelectors',
      message: `must hold at most ${MAX_VALUES} values over all conditions; they hold ${total}`,
      code: 'InvalidEventSelectorsException',
    })
  }
  return faults
}
