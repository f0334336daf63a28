import type { EventSelector } from '@aws-sdk/client-cloudtrail'
import { Type, type Static } from '@sinclair/typebox'
import { StringEnum } from '../../envelope/string-enum.js'
import type { ValidationError } from '../../envelope/validation-error.js'
import { countErrors, DATA_RESOURCES, dataEventsField, valueErrors } from './data-resources.js'

/** Basic event selectors of a trail ("Quotas in AWS CloudTrail"). */
const MAX_SELECTORS = 5

/** D3's display names beside AWS's own. */
const READ_WRITE_TYPES = {
  All: 'All',
  ReadOnly: 'ReadOnly',
  WriteOnly: 'WriteOnly',
  'Read And Write': 'All',
  'Read Only': 'ReadOnly',
  'Write Only': 'WriteOnly',
} as const

const readWriteType = Type.Optional(
  StringEnum(['All', 'ReadOnly', 'WriteOnly', 'Read And Write', 'Read Only', 'Write Only'], {
    description:
      'Which events to log: `All`, `ReadOnly` or `WriteOnly` (or `Read And Write`, `Read Only`, `Write Only`). Default All.',
    examples: ['All'],
  }),
)

const includeManagementEvents = Type.Optional(
  Type.Boolean({
    description: 'Whether management events are logged. Default true.',
    examples: [true],
  }),
)

const excludeManagementEventSources = Type.Optional(
  Type.Array(StringEnum(['kms.amazonaws.com', 'rdsdata.amazonaws.com']), {
    title: 'ExcludedEventSources',
    maxItems: 2,
    uniqueItems: true,
    description:
      'High-volume services whose management events are left out: `kms.amazonaws.com`, `rdsdata.amazonaws.com`. Only with includeManagementEvents.',
    examples: [['kms.amazonaws.com']],
  }),
)

/** The fields of one basic selector, as the mission document has them. */
export const SIMPLE_FIELDS = {
  readWriteType,
  includeManagementEvents,
  dataEventsS3: dataEventsField('AWS::S3::Object'),
  dataEventsLambda: dataEventsField('AWS::Lambda::Function'),
  dataEventsDynamoDb: dataEventsField('AWS::DynamoDB::Table'),
  excludeManagementEventSources,
}

/** Several basic selectors, in AWS's shape (EventSelector of the CloudTrail API reference). */
export const EventSelectors = Type.Array(
  Type.Object(
    {
      readWriteType: { ...readWriteType, 'x-default': 'All' },
      includeManagementEvents: { ...includeManagementEvents, 'x-default': true },
      dataResources: Type.Optional(
        Type.Array(
          Type.Object(
            {
              type: StringEnum(Object.keys(DATA_RESOURCES) as (keyof typeof DATA_RESOURCES)[], {
                description: 'The kind of resource.',
                examples: ['AWS::S3::Object'],
              }),
              values: Type.Array(Type.String({ minLength: 1, maxLength: 2048 }), {
                minItems: 1,
                maxItems: 250,
                uniqueItems: true,
                description: 'ARNs, as in dataEventsS3, dataEventsLambda and dataEventsDynamoDb.',
                examples: [['arn:aws:s3:::acme-secrets/']],
              }),
            },
            { additionalProperties: false, title: 'NewDataResource' },
          ),
          { maxItems: 250, description: 'Resources whose data events are logged.' },
        ),
      ),
      excludeManagementEventSources,
    },
    { additionalProperties: false },
  ),
  {
    minItems: 1,
    maxItems: MAX_SELECTORS,
    description: `1 to ${MAX_SELECTORS} basic event selectors as Get Event Selectors returns them, in place of the fields of a single one.`,
    examples: [
      [
        { readWriteType: 'WriteOnly' },
        {
          includeManagementEvents: false,
          dataResources: [{ type: 'AWS::S3::Object', values: ['arn:aws:s3:::acme-secrets/'] }],
        },
      ],
    ],
  },
)

type SimpleFields = {
  [Field in keyof typeof SIMPLE_FIELDS]?: Static<(typeof SIMPLE_FIELDS)[Field]>
}
type BasicSelector = Static<typeof EventSelectors>[number]

/** The single selector that the simple fields describe. */
export function simpleSelector(fields: SimpleFields): BasicSelector {
  const dataResources = [
    { type: 'AWS::S3::Object' as const, values: fields.dataEventsS3 },
    { type: 'AWS::Lambda::Function' as const, values: fields.dataEventsLambda },
    { type: 'AWS::DynamoDB::Table' as const, values: fields.dataEventsDynamoDb },
  ].flatMap(({ type, values }) => (values ? [{ type, values }] : []))
  return { ...fields, dataResources }
}

/** Basic selectors in AWS's names, with the defaults of what they leave out. */
export function toEventSelectors(selectors: readonly BasicSelector[]): EventSelector[] {
  return selectors.map((selector) => ({
    ReadWriteType: READ_WRITE_TYPES[selector.readWriteType ?? 'All'],
    IncludeManagementEvents: selector.includeManagementEvents ?? true,
    DataResources: (selector.dataResources ?? []).map(({ type, values }) => ({
      Type: type,
      Values: values,
    })),
    ExcludeManagementEventSources: selector.excludeManagementEventSources ?? [],
  }))
}

/** The validation errors of the simple fields that the schema cannot find. */
export function simpleErrors(fields: SimpleFields): ValidationError[] {
  const selector = simpleSelector(fields)
  return [...countErrors([selector], 'dataEventsS3'), ...selectorErrors(selector)]
}

/** The validation errors of `eventSelectors` that the schema cannot find. */
export function eventSelectorsErrors(selectors: readonly BasicSelector[]): ValidationError[] {
  return [
    ...countErrors(selectors, 'eventSelectors'),
    ...selectors.flatMap((selector, index) => [
      ...valueErrors(selector.dataResources ?? [], `eventSelectors[${index}]`),
      ...selectorErrors(selector, `eventSelectors[${index}].`),
    ]),
  ]
}

/** The rules between the members of a selector. */
function selectorErrors(selector: BasicSelector, prefix = ''): ValidationError[] {
  if (selector.includeManagementEvents !== false) return []
  const errors: ValidationError[] = []
  if (!selector.dataResources?.length) {
    errors.push({
      field: `${prefix}includeManagementEvents`,
      message: 'must be true, or data events named: a selector that logs nothing is not allowed',
      code: 'InvalidEventSelectorsException',
    })
  }
  if (selector.excludeManagementEventSources?.length) {
    errors.push({
      field: `${prefix}excludeManagementEventSources`,
      message: 'must not be given when includeManagementEvents is false',
      code: 'InvalidEventSelectorsException',
    })
  }
  return errors
}
