import { Type, type Static } from '@sinclair/typebox'
import type { CloudTrail } from '../../cloudtrail/cloudtrail.js'
import type { ValidationError } from '../../envelope/validation-error.js'
import { defineCommand } from '../define-command.js'
import { ConnectionField, DryRun, STRICT, trailNamesOf } from '../fields.js'
import { endedBy } from '../run-once.js'
import { runPerTrail } from '../run-per-trail.js'
import { sendWrite } from '../send-write.js'
import { AdvancedEventSelectors, toAdvancedEventSelectors } from './advanced-event-selectors.js'
import { advancedErrors } from './advanced-selector-rules.js'
import {
  EventSelectors,
  eventSelectorsErrors,
  SIMPLE_FIELDS,
  simpleErrors,
  simpleSelector,
  toEventSelectors,
} from './basic-event-selectors.js'
import { droppedSelectors, type Selectors } from './dropped-selectors.js'
import {
  EventSelectorsData,
  eventSelectorsData,
  EventSelectorsState,
  eventSelectorsState,
} from './event-selectors-data.js'
import { homeTrails } from './home-trails.js'
import { ReplaceExisting, wouldDrop } from './replace-existing.js'

const body = Type.Object(
  {
    trailNames: Type.Optional(
      trailNamesOf(
        'The trails; left out: every trail whose home is the region of the connection, and then at least one field of selectors is required.',
        ['data-events'],
      ),
    ),
    ...SIMPLE_FIELDS,
    eventSelectors: Type.Optional(EventSelectors),
    advancedEventSelectors: Type.Optional(AdvancedEventSelectors),
    replaceExisting: ReplaceExisting,
    dryRun: DryRun,
    connection: ConnectionField,
  },
  STRICT,
)

type Body = Static<typeof body>

/** The fields of a single basic selector. */
const SIMPLE_NAMES = Object.keys(SIMPLE_FIELDS) as (keyof typeof SIMPLE_FIELDS)[]

/** Put Event Selectors: one GetEventSelectors and one PutEventSelectors for each trail. */
export const putEventSelectors = defineCommand({
  name: 'put-event-selectors',
  title: 'Put Event Selectors',
  summary: 'Replace the event selectors of one or more trails',
  description:
    'Replaces the event selectors of trails: the management and data events that they log. Without `trailNames` it changes every trail whose home is the region of the connection. Give the fields of one basic selector, or `eventSelectors`, or `advancedEventSelectors`; a trail has basic selectors or advanced ones, never both. A trail whose existing selectors would be dropped although the request does not name them fails with 409, unless `replaceExisting` is true. Works only in the home region of the trails; an ARN names it. A retry is safe: it sets the same selectors.',
  apiClass: 'write',
  iamActions: [
    'cloudtrail:PutEventSelectors',
    'cloudtrail:GetEventSelectors',
    'cloudtrail:ListTrails',
  ],
  scope: 'write',
  body,
  data: Type.Object(
    {
      ...EventSelectorsData.properties,
      before: { ...EventSelectorsState, description: 'The event selectors that were replaced.' },
    },
    { title: 'ReplacedEventSelectorsData' },
  ),
  replaced: EventSelectorsState,
  examples: {
    'data events of a bucket': {
      trailNames: ['management-events'],
      readWriteType: 'All',
      dataEventsS3: ['arn:aws:s3:::acme-secrets/'],
    },
    'two basic selectors': {
      trailNames: ['management-events'],
      eventSelectors: [
        { readWriteType: 'WriteOnly' },
        {
          includeManagementEvents: false,
          dataResources: [{ type: 'AWS::S3::Object', values: ['arn:aws:s3:::acme-secrets/'] }],
        },
      ],
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
        return endedBy(error, cloudTrail)
      }
    }
    const planned = toSelectors(body)
    const outcome = await runPerTrail(trails, cloudTrail, (trail, home) =>
      putOne(trail, home, planned, body.replaceExisting === true),
    )
    // a region without trails leaves nothing to do, which is no failure
    return trails.length === 0 ? { ...outcome, anySuccess: true } : outcome
  },
})

async function putOne(
  trail: string,
  home: CloudTrail,
  planned: Selectors,
  replaceExisting: boolean,
) {
  home.checkProtected('PutEventSelectors', trail)
  const { output } = await home.send('GetEventSelectors', { TrailName: trail })
  const dropped = droppedSelectors(output, planned)
  if (dropped.length > 0 && !replaceExisting) throw wouldDrop(trail, dropped)
  const before = eventSelectorsState(output)
  return sendWrite(
    home,
    'PutEventSelectors',
    { TrailName: trail, ...planned },
    (written) => ({ ...eventSelectorsData(trail, written), before }),
    { before, after: eventSelectorsState(planned) },
  )
}

function toSelectors(body: Body): Selectors {
  if (body.advancedEventSelectors) {
    return { AdvancedEventSelectors: toAdvancedEventSelectors(body.advancedEventSelectors) }
  }
  return { EventSelectors: toEventSelectors(body.eventSelectors ?? [simpleSelector(body)]) }
}

function selectorErrors(body: Partial<Body>): ValidationError[] {
  const { advancedEventSelectors: advanced, eventSelectors: basic } = body
  const simple = SIMPLE_NAMES.filter((field) => body[field] !== undefined)
  const errors = [
    ...advancedErrors(advanced ?? []),
    ...eventSelectorsErrors(basic ?? []),
    ...(advanced || basic ? [] : simpleErrors(body)),
  ]
  if (advanced) {
    errors.push(
      ...besides([...simple, ...(basic ? ['eventSelectors'] : [])], 'advancedEventSelectors'),
    )
  } else if (basic) {
    errors.push(...besides(simple, 'eventSelectors'))
  } else if (body.trailNames === undefined && simple.length === 0) {
    errors.push({
      field: 'trailNames',
      message: `is required, or else at least one of ${SIMPLE_NAMES.join(', ')}, eventSelectors, advancedEventSelectors: nothing says what to log`,
    })
  }
  return errors
}

/** The validation errors of fields that cannot stand beside another. */
function besides(fields: readonly string[], other: string): ValidationError[] {
  return fields.map((field) => ({
    field,
    message: `must not stand beside ${other}: You can select events by using either EventSelectors or AdvancedEventSelectors, but not both.`,
    code: 'InvalidEventSelectorsException',
  }))
}
