import type { PutEventSelectorsCommandInput } from '@aws-sdk/client-cloudtrail'
import { Type, type Static } from '@sinclair/typebox'
import type { CloudTrail } from '../../cloudtrail/cloudtrail.js'
import { FailureError } from '../../envelope/failure.js'
import { pagesOf } from '../../cloudtrail/pages.js'
import { defineCommand } from '../define-command.js'
import { AdvancedEventSelectors, advancedErrors } from './advanced-event-selectors.js'
import { EventSelectorsData } from './event-selectors-data.js'
import type { ValidationError } from '../../envelope/validation-error.js'
import { ConnectionField, DryRun, oneOf, STRICT, trailNamesOf } from '../fields.js'
import { endedBy } from '../run-once.js'
import { runPerTrail } from '../run-per-trail.js'
import { toData } from '../to-data.js'
import { trailReference } from '../trails/trail-reference.js'

/** Data resources over all event selectors of a trail ("Quotas in AWS CloudTrail"). */
const MAX_DATA_RESOURCES = 250

/** D3's display names beside AWS's own. */
const READ_WRITE_TYPES = {
  All: 'All',
  ReadOnly: 'ReadOnly',
  WriteOnly: 'WriteOnly',
  'Read And Write': 'All',
  'Read Only': 'ReadOnly',
  'Write Only': 'WriteOnly',
} as const

type ReadWriteType = keyof typeof READ_WRITE_TYPES

const body = Type.Object(
  {
    trailNames: Type.Optional(
      trailNamesOf(
        'The trails; left out: every trail whose home is the region of the connection.',
        ['data-events'],
      ),
    ),
    readWriteType: Type.Optional(
      oneOf(Object.keys(READ_WRITE_TYPES) as ReadWriteType[], {
        description:
          'Which events to log: `All`, `ReadOnly` or `WriteOnly` (or `Read And Write`, `Read Only`, `Write Only`). Default All.',
        examples: ['All'],
      }),
    ),
    includeManagementEvents: Type.Optional(
      Type.Boolean({
        description: 'Whether management events are logged. Default true.',
        examples: [true],
      }),
    ),
    dataEventsS3: Type.Optional(
      Type.Array(
        Type.String({
          pattern: '^arn:aws(-[a-z]+)*:s3(:::|:::[^*?/:\\s]{3,63}/[^*?]{0,1024})?$',
          description:
            'All buckets (`arn:aws:s3`), one bucket (`arn:aws:s3:::bucket/`, with the slash), or a prefix (`arn:aws:s3:::bucket/prefix`). No wildcards.',
        }),
        {
          minItems: 1,
          maxItems: MAX_DATA_RESOURCES,
          uniqueItems: true,
          description: `S3 buckets or prefixes whose data events are logged; with dataEventsLambda at most ${MAX_DATA_RESOURCES}.`,
          examples: [['arn:aws:s3:::acme-secrets/']],
        },
      ),
    ),
    dataEventsLambda: Type.Optional(
      Type.Array(
        Type.String({
          pattern:
            '^arn:aws(-[a-z]+)*:lambda(:[a-z0-9-]+:\\d{12}:function:[A-Za-z0-9_-]{1,64}(:[A-Za-z0-9$_-]{1,128})?)?$',
          description:
            'All functions (`arn:aws:lambda`), or one by its full ARN. No wildcards, no prefixes.',
        }),
        {
          minItems: 1,
          maxItems: MAX_DATA_RESOURCES,
          uniqueItems: true,
          description: `Lambda functions whose data events are logged; with dataEventsS3 at most ${MAX_DATA_RESOURCES}.`,
          examples: [['arn:aws:lambda:us-east-1:111122223333:function:payments']],
        },
      ),
    ),
    replaceAdvanced: Type.Optional(
      Type.Boolean({
        description:
          'Whether basic selectors may replace advanced ones, which are lost by it. Default false: a trail that has advanced selectors fails.',
        examples: [false],
      }),
    ),
    excludeManagementEventSources: Type.Optional(
      Type.Array(oneOf(['kms.amazonaws.com', 'rdsdata.amazonaws.com']), {
        maxItems: 2,
        uniqueItems: true,
        description:
          'High-volume services whose management events are left out: `kms.amazonaws.com`, `rdsdata.amazonaws.com`. Only with includeManagementEvents.',
        examples: [['kms.amazonaws.com']],
      }),
    ),
    advancedEventSelectors: Type.Optional(AdvancedEventSelectors),
    dryRun: DryRun,
    connection: ConnectionField,
  },
  STRICT,
)

type Body = Static<typeof body>

/** The fields of basic event selectors, which cannot stand beside advanced ones. */
const BASIC_FIELDS = [
  'readWriteType',
  'includeManagementEvents',
  'dataEventsS3',
  'dataEventsLambda',
  'excludeManagementEventSources',
] as const

/** Put Event Selectors: one PutEventSelectors for each trail. */
export const putEventSelectors = defineCommand({
  name: 'put-event-selectors',
  title: 'Put Event Selectors',
  description:
    'Replaces the event selectors of trails, which say what management and data events they log. Basic and advanced selectors replace each other: a trail never has both. Works only in the region in which the trails were created.',
  apiClass: 'write',
  iamActions: [
    'cloudtrail:PutEventSelectors',
    'cloudtrail:GetEventSelectors',
    'cloudtrail:ListTrails',
  ],
  scope: 'write',
  body,
  data: EventSelectorsData,
  examples: {
    'data events of a bucket': {
      trailNames: ['data-events'],
      readWriteType: 'All',
      dataEventsS3: ['arn:aws:s3:::acme-secrets/'],
    },
    'advanced selectors': {
      trailNames: ['insights'],
      advancedEventSelectors: [
        {
          name: 'Management events but those of KMS',
          fieldSelectors: [
            { field: 'eventCategory', equals: ['Management'] },
            { field: 'eventSource', notEquals: ['kms.amazonaws.com'] },
          ],
        },
      ],
    },
  },
  check: selectorErrors,
  async run(body, cloudTrail) {
    let trails = body.trailNames
    if (trails === undefined) {
      try {
        trails = await homeTrails(cloudTrail)
      } catch (error) {
        return endedBy(error, cloudTrail.connection.region, undefined)
      }
    }
    const selectors = toSelectors(body)
    const outcome = await runPerTrail(trails, cloudTrail, async (trail, home) => {
      if (selectors.EventSelectors && body.replaceAdvanced !== true) {
        await keepAdvanced(trail, home)
      }
      const answer = await home.send('PutEventSelectors', { TrailName: trail, ...selectors })
      return { data: { ...trailReference(trail), ...toData(answer.output) }, body: answer.body }
    })
    // a region without trails leaves nothing to do, which is no failure
    return trails.length === 0 ? { ...outcome, anySuccess: true } : outcome
  },
})

/**
 * Makes sure that basic selectors replace none that say more than they can.
 *
 * @throws {FailureError} `AdvancedSelectorsInUse` when the trail has advanced selectors
 */
async function keepAdvanced(trail: string, home: CloudTrail): Promise<void> {
  const { output } = await home.send('GetEventSelectors', { TrailName: trail })
  if (!output.AdvancedEventSelectors?.length) return
  throw new FailureError({
    code: 'AdvancedSelectorsInUse',
    message: `${trail} has advanced event selectors, which basic ones would replace.`,
    source: 'service',
    statusCode: 409,
    httpStatus: 409,
    retryable: false,
    attempts: 0,
    hint: 'Send advancedEventSelectors, or replaceAdvanced: true to give the advanced ones up.',
  })
}

/** ARNs of every trail whose home is the connection's region; shadow trails cannot be changed from here. */
async function homeTrails(cloudTrail: CloudTrail): Promise<string[]> {
  const arns: string[] = []
  const ask = (token?: string) => cloudTrail.send('ListTrails', { NextToken: token })
  for await (const page of pagesOf(ask)) {
    for (const trail of page.output.Trails ?? []) {
      if (trail.HomeRegion !== cloudTrail.connection.region || !trail.TrailARN) continue
      arns.push(trail.TrailARN)
    }
  }
  if (arns.length > 100) throw tooMany(arns.length)
  return arns
}

function tooMany(count: number): FailureError {
  return new FailureError({
    code: 'TooManyTrails',
    message: `The region has ${count} trails, more than one command works on: name them with trailNames.`,
    source: 'service',
    statusCode: 400,
    httpStatus: 400,
    retryable: false,
    attempts: 0,
  })
}

function toSelectors(
  body: Body,
): Pick<PutEventSelectorsCommandInput, 'EventSelectors' | 'AdvancedEventSelectors'> {
  if (body.advancedEventSelectors) {
    return {
      AdvancedEventSelectors: body.advancedEventSelectors.map((selector) => ({
        Name: selector.name,
        FieldSelectors: selector.fieldSelectors.map((field) => ({
          Field: field.field,
          Equals: field.equals,
          StartsWith: field.startsWith,
          EndsWith: field.endsWith,
          NotEquals: field.notEquals,
          NotStartsWith: field.notStartsWith,
          NotEndsWith: field.notEndsWith,
        })),
      })),
    }
  }
  const resources = [
    { Type: 'AWS::S3::Object', Values: body.dataEventsS3 },
    { Type: 'AWS::Lambda::Function', Values: body.dataEventsLambda },
  ].filter((resource) => resource.Values !== undefined)
  return {
    EventSelectors: [
      {
        ReadWriteType: READ_WRITE_TYPES[body.readWriteType ?? 'All'],
        IncludeManagementEvents: body.includeManagementEvents ?? true,
        DataResources: resources,
        ExcludeManagementEventSources: body.excludeManagementEventSources ?? [],
      },
    ],
  }
}

function selectorErrors(body: Partial<Body>): ValidationError[] {
  const faults = advancedErrors(body.advancedEventSelectors ?? [])
  if (body.advancedEventSelectors) {
    for (const field of BASIC_FIELDS) {
      if (body[field] === undefined) continue
      faults.push({
        field,
        message: 'must not stand beside advancedEventSelectors: a trail has one kind or the other',
        code: 'InvalidEventSelectorsException',
      })
    }
    return faults
  }
  const s3 = body.dataEventsS3 ?? []
  const lambda = body.dataEventsLambda ?? []
  // the limit does not count selectors of all buckets or all functions
  const counted = [...s3, ...lambda].filter(
    (arn) => !/^arn:aws[a-z-]*:(s3(:::)?|lambda)$/.test(arn),
  )
  if (counted.length > MAX_DATA_RESOURCES) {
    faults.push({
      field: 'dataEventsLambda',
      message: `must, with dataEventsS3, hold at most ${MAX_DATA_RESOURCES} data resources; they hold ${counted.length}`,
      code: 'InvalidEventSelectorsException',
    })
  }
  const logsNothing = body.includeManagementEvents === false && s3.length + lambda.length === 0
  if (logsNothing) {
    faults.push({
      field: 'includeManagementEvents',
      message: 'must be true, or data events named: a selector that logs nothing is not allowed',
      code: 'InvalidEventSelectorsException',
    })
  }
  if (body.includeManagementEvents === false && body.excludeManagementEventSources?.length) {
    faults.push({
      field: 'excludeManagementEventSources',
      message: 'must not be given when includeManagementEvents is false',
      code: 'InvalidEventSelectorsException',
    })
  }
  return faults
}
