import type { FastifySchema } from 'fastify'
import type { CommandDefinition } from '../../commands/define-command.js'
import { commandEnvelopeSchema, readRow, writeRow } from '../../envelope/envelope.js'
import { errorResponses, serverErrorResponses } from '../../plugins/openapi/error-responses.js'
import { headers, type HeaderName } from '../../plugins/openapi/headers.js'
import { withStream } from './ndjson-schema.js'
import { requestExamples } from './request-examples.js'
import { RECORDED_RESPONSES } from './recorded-responses.js'

const TAGS = { read: 'Read', lookup: 'Event history', write: 'Write' } as const

/** Error statuses of every command, and those of a command that writes. */
const ERRORS = [400, 401, 403, 409, 429]
const WRITE_ERRORS = [422]

/** Headers of a command that ran. */
const RAN: HeaderName[] = [
  'x-request-id',
  'ratelimit-policy',
  'ratelimit',
  'retry-after',
  'preference-applied',
]

/** The schema of a command's route: its body, which the service validates by it, and what the OpenAPI document says. */
export function commandRouteSchema(command: CommandDefinition): FastifySchema {
  const { name, summary, description, iamActions, apiClass, scope, body, data, replaced } = command
  const isWrite = scope === 'write'
  const id = operationId(name)
  const typeName = id.charAt(0).toUpperCase() + id.slice(1)
  const row = isWrite ? writeRow(data, replaced) : readRow(data)
  const ran = headers(...RAN, ...(isWrite ? (['idempotency-replayed'] as const) : []))
  // one response for both statuses: the document has it once
  const success = {
    description: '200: Successful. 207: Partially Successful, some inputs or pages failed.',
    headers: ran,
    content: {
      'application/json': {
        schema: commandEnvelopeSchema(name, row, `${typeName}Envelope`),
        ...responseExample(name),
      },
    },
  }
  const response = {
    200: success,
    202: {
      description:
        'A job was started, as `prefer: respond-async` asked, or it takes longer than `prefer: wait`: follow `location`.',
      headers: headers(
        'x-request-id',
        'retry-after',
        'location',
        'preference-applied',
        'idempotency-replayed',
      ),
      $ref: 'Job#',
    },
    207: success,
    ...errorResponses(...ERRORS, ...(isWrite ? WRITE_ERRORS : [])),
    ...serverErrorResponses(),
  }
  return {
    operationId: id,
    summary,
    description: [
      isWrite ? description : `${description} It writes nothing: a retry is safe.`,
      `IAM actions: ${iamActions.map((action) => `\`${action}\``).join(', ')}.`,
    ].join('\n\n'),
    tags: [TAGS[apiClass]],
    body: {
      ...body,
      'x-examples': Object.fromEntries(
        requestExamples(command).map(([text, value]) => [
          exampleName(text),
          { summary: text, value },
        ]),
      ),
    },
    response: command.isStreamable ? withStream(response, row, typeName) : response,
  }
}

/** The recorded response of a command, under the name of the request's example. */
function responseExample(command: string): { examples?: object } {
  const recorded = RECORDED_RESPONSES[command]
  return recorded
    ? { examples: { [exampleName(recorded.summary)]: { value: recorded.value } } }
    : {}
}

/** `create-trails` as an operation id: `createTrails`. */
export function operationId(command: string): string {
  return command.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase())
}

/** The name of an example in the document. */
function exampleName(summary: string): string {
  return summary.replace(/[^A-Za-z0-9]+/g, '-')
}
