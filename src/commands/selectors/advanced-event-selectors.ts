import type { AdvancedEventSelector } from '@aws-sdk/client-cloudtrail'
import { Type, type Static } from '@sinclair/typebox'

/** Values over all conditions of all advanced event selectors of a trail ("Quotas in AWS CloudTrail"). */
export const MAX_VALUES = 500

/** Conditions of one selector, at most: AWS takes each field once, and knows fewer fields than these. */
const MAX_CONDITIONS = 20

const values = (operator: string, example: string) =>
  Type.Optional(
    Type.Array(Type.String({ minLength: 1, maxLength: 2048 }), {
      minItems: 1,
      maxItems: MAX_VALUES,
      title: 'ConditionValues',
      description: `Matches when the field ${operator} one of these values of 1 to 2048 characters.`,
      examples: [[example]],
    }),
  )

/** The operators of a condition. */
const OPERATOR_FIELDS = {
  equals: values('equals', 'Data'),
  startsWith: values('starts with', 'arn:aws:s3:::acme-secrets/'),
  endsWith: values('ends with', '.pem'),
  notEquals: values('does not equal', 'kms.amazonaws.com'),
  notStartsWith: values('does not start with', 'arn:aws:s3:::acme-logs/'),
  notEndsWith: values('does not end with', '.log'),
}

export type Operator = keyof typeof OPERATOR_FIELDS

export const OPERATORS = Object.keys(OPERATOR_FIELDS) as Operator[]

/** Advanced event selectors as a request gives them (AdvancedEventSelector of the CloudTrail API reference). */
export const AdvancedEventSelectors = Type.Array(
  Type.Object(
    {
      name: Type.Optional(
        Type.String({
          maxLength: 1000,
          description: 'Name of the selector, up to 1000 characters.',
          examples: ['Objects of acme-secrets'],
        }),
      ),
      fieldSelectors: Type.Array(
        Type.Object(
          {
            field: Type.String({
              pattern: '^[\\w.]{1,1000}$',
              maxLength: 1000,
              description:
                'The field of an event: eventCategory, eventName, eventSource, readOnly, resources.type, resources.ARN and others. Which are allowed depends on eventCategory.',
              examples: ['eventCategory'],
            }),
            ...OPERATOR_FIELDS,
          },
          { additionalProperties: false, title: 'FieldSelector' },
        ),
        {
          minItems: 1,
          maxItems: MAX_CONDITIONS,
          description:
            'Conditions, all of which an event must meet; eventCategory is one of them. Each field once.',
        },
      ),
    },
    { additionalProperties: false, title: 'NewAdvancedEventSelector' },
  ),
  {
    minItems: 1,
    maxItems: MAX_VALUES,
    description: `Advanced event selectors, at most ${MAX_VALUES} values in all. They replace basic ones, and cannot stand beside them.`,
  },
)

export type AdvancedSelector = Static<typeof AdvancedEventSelectors>[number]

/** Advanced event selectors in AWS's names. */
export function toAdvancedEventSelectors(
  selectors: readonly AdvancedSelector[],
): AdvancedEventSelector[] {
  return selectors.map(({ name, fieldSelectors }) => ({
    Name: name,
    FieldSelectors: fieldSelectors.map((condition) => ({
      Field: condition.field,
      Equals: condition.equals,
      StartsWith: condition.startsWith,
      EndsWith: condition.endsWith,
      NotEquals: condition.notEquals,
      NotStartsWith: condition.notStartsWith,
      NotEndsWith: condition.notEndsWith,
    })),
  }))
}
