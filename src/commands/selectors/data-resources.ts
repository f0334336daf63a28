import { Type } from '@sinclair/typebox'
import type { ValidationError } from '../../envelope/validation-error.js'

/** Data resources over all event selectors of a trail ("Quotas in AWS CloudTrail"). */
const MAX_DATA_RESOURCES = 250

/** The data resources that basic selectors know, with the form of their values (DataResource, CloudTrail API reference). */
export const DATA_RESOURCES = {
  'AWS::S3::Object': {
    pattern: '^arn:aws(-[a-z]+)*:s3(:::|:::[^*?/:\\s]{3,63}/[^*?]{0,1024})?$',
    rule: 'All buckets (`arn:aws:s3`), one bucket (`arn:aws:s3:::bucket/`, with the slash), or a prefix (`arn:aws:s3:::bucket/prefix`). No wildcards.',
    resources: 'S3 buckets or prefixes',
    example: 'arn:aws:s3:::acme-secrets/',
  },
  'AWS::Lambda::Function': {
    pattern: '^arn:aws(-[a-z]+)*:lambda(:[a-z0-9-]+:\\d{12}:function:[A-Za-z0-9_-]{1,64})?$',
    rule: 'All functions (`arn:aws:lambda`), or one by its full ARN without version or alias. No wildcards.',
    resources: 'Lambda functions',
    example: 'arn:aws:lambda:us-east-1:111122223333:function:payments',
  },
  'AWS::DynamoDB::Table': {
    pattern: '^arn:aws(-[a-z]+)*:dynamodb(:[a-z0-9-]+:\\d{12}:table/[A-Za-z0-9_.-]{3,255})?$',
    rule: 'All tables (`arn:aws:dynamodb`), or one by its full ARN. No wildcards.',
    resources: 'DynamoDB tables',
    example: 'arn:aws:dynamodb:us-east-1:111122223333:table/orders',
  },
} as const

type ResourceType = keyof typeof DATA_RESOURCES

/** A selector's data resources as a request gives them. */
type DataResources = readonly { type: ResourceType; values: readonly string[] }[]

/** A list of data resources of one type. */
export const dataEventsField = (type: ResourceType) => {
  const { pattern, rule, resources, example } = DATA_RESOURCES[type]
  return Type.Optional(
    Type.Array(Type.String({ pattern, maxLength: 2048, description: rule }), {
      minItems: 1,
      maxItems: MAX_DATA_RESOURCES,
      uniqueItems: true,
      description: `${resources} whose data events are logged, 1 to ${MAX_DATA_RESOURCES} together with the other dataEvents fields. ${rule}`,
      examples: [[example]],
    }),
  )
}

/** The validation errors of values that do not have the form of their type. */
export function valueErrors(resources: DataResources, selector: string): ValidationError[] {
  return resources.flatMap(({ type, values }, resource) => {
    const { pattern, rule } = DATA_RESOURCES[type]
    return values.flatMap((value, index) =>
      new RegExp(pattern).test(value)
        ? []
        : [
            {
              field: `${selector}.dataResources[${resource}].values[${index}]`,
              message: `must follow its rule: ${rule}`,
              code: 'InvalidEventSelectorsException',
            },
          ],
    )
  })
}

/** The validation error of more data resources than a trail can have; all buckets, functions or tables count as none. */
export function countErrors(
  selectors: readonly { dataResources?: DataResources }[],
  field: string,
): ValidationError[] {
  const count = selectors
    .flatMap(({ dataResources = [] }) => dataResources)
    .flatMap(({ values }) => values)
    .filter((value) => !namesAll(value)).length
  if (count <= MAX_DATA_RESOURCES) return []
  return [
    {
      field,
      message: `must hold at most ${MAX_DATA_RESOURCES} data resources over all selectors and types; they hold ${count}`,
      code: 'InvalidEventSelectorsException',
    },
  ]
}

/** Whether a value names all buckets, functions or tables. */
export function namesAll(value: string): boolean {
  return /^arn:aws[a-z-]*:(s3(:::)?|lambda|dynamodb)$/.test(value)
}
