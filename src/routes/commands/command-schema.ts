import { Type } from '@sinclair/typebox'
import type { FastifySchema } from 'fastify'
import type { CommandDefinition } from '../../commands/define-command.js'
import { envelopeSchema, readRow, writeRow } from '../../envelope/envelope.js'
import { requestExamples } from './request-examples.js'
import { MAX_WAIT_S, PREFERENCE_APPLIED, PreferHeader } from '../prefer.js'

const TAGS = { read: 'Read', lookup: 'Event history', write: 'Change' } as const

/** The headers of responses, for clients that are generated from the document. */
const REQUEST_ID = {
  'x-request-id': { type: 'string', description: 'The id of the request, as in `meta.requestId`.' },
}
const REPLAYED = {
  'idempotency-replayed': {
    type: 'string',
    description: '`true` where the response is that of an earlier request with the same key.',
  },
}
const RETRY_AFTER = {
  'retry-after': { type: 'integer', description: 'When to try again, in seconds.' },
}
const RATE_LIMIT = {
  'ratelimit-policy': {
    type: 'string',
    description: 'The quota of the command: `"read";q=10;w=1` is ten requests in a second.',
  },
  ratelimit: {
    type: 'string',
    description: 'What is left of it, and in how many seconds there is more: `"read";r=7;t=0`.',
  },
}
const JOB_STARTED = {
  location: { type: 'string', description: 'The address of the job: `/jobs/<id>`.' },
}

/** Headers of a command that ran, whose response its key may replay. */
const RUN = { ...REQUEST_ID, ...RATE_LIMIT, ...REPLAYED, ...PREFERENCE_APPLIED }

const errorResponse = (description: string, headers: Record<string, object> = REQUEST_ID) => ({
  description,
  headers,
  $ref: 'ErrorEnvelope#',
})

/** The request headers of every command. They have no examples: Swagger UI would send them with each request. */
const Headers = Type.Object({
  'x-request-id': Type.Optional(
    Type.String({
      description:
        'Your id of the request, 1 to 128 of `A-Za-z0-9._-`; comes back in `meta.requestId`.',
    }),
  ),
  'x-deadline-ms': Type.Optional(
    Type.String({
      description:
        'Deadline of the command, in milliseconds, from 1 to MAX_DEADLINE_MS of the service (900000 by default). Left out: DEADLINE_MS of the service, and 900000 for a job.',
    }),
  ),
  'idempotency-key': Type.Optional(
    Type.String({
      description:
        'Your key for this write, 1 to 255 visible ASCII characters: within 24 hours the same request with the same key gets the same response, and nothing is written again. Make it new for each run of a playbook, from the run and the task, or as a UUID: the id of a task alone is the same when the playbook runs again, which would get the old response without the write. Ignored by read commands and dry runs.',
    }),
  ),
  prefer: PreferHeader(
    `\`wait=<seconds>\`, 1 to ${MAX_WAIT_S}: return the command's own response when it is ready in that time, else 202 with the address of a job to follow. \`respond-async\`: return 202 at once, or after the wait, where there is one (RFC 7240). Other preferences are ignored.`,
  ),
})

/** The schema of a command's route, from which validation and OpenAPI follow. */
export function commandRouteSchema(command: CommandDefinition): FastifySchema {
  const id = command.name.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase())
  const row =
    command.scope === 'write' ? writeRow(command.data, command.replaced) : readRow(command.data)
  return {
    operationId: id,
    summary: command.title,
    description: `${command.description}\n\nIAM actions: ${command.iamActions.map((action) => `\`${action}\``).join(', ')}.`,
    tags: [TAGS[command.apiClass]],
    headers: Headers,
    body: {
      ...command.body,
      'x-examples': Object.fromEntries(
        requestExamples(command).map(([summary, value]) => [
          summary.replace(/[^A-Za-z0-9]+/g, '-'),
          { summary, value },
        ]),
      ),
    },
    response: {
      200: envelopeSchema(row, {
        description: 'Successful.',
        headers: RUN,
      }),
      202: {
        description:
          'A job was started, as `prefer: respond-async` asked, or it takes longer than `prefer: wait`: follow `location`.',
        headers: {
          ...REQUEST_ID,
          ...RETRY_AFTER,
          ...JOB_STARTED,
          ...REPLAYED,
          ...PREFERENCE_APPLIED,
        },
        $ref: 'Job#',
      },
      207: envelopeSchema(row, {
        description: 'Partially Successful: some inputs failed, or pages are missing.',
        headers: RUN,
      }),
      400: errorResponse('The request breaks a rule, or AWS refused it.', RUN),
      401: errorResponse('No API key, or an unknown one.'),
      403: errorResponse(
        "The API key's scope or connections do not allow it, the trail is protected, or STS did not let the keys assume the role. CloudTrail denies an action with 400 `AccessDeniedException`.",
        RUN,
      ),
      404: errorResponse(
        'The endpoint returned 404. CloudTrail returns 400 for an unknown trail.',
        RUN,
      ),
      409: errorResponse(
        'AWS is still working on an earlier write, or the first request with this `idempotency-key` is still running.',
        { ...RUN, ...RETRY_AFTER },
      ),
      413: errorResponse('The body is larger than 1 MiB.'),
      415: errorResponse('The body is not application/json.'),
      422: errorResponse('The `idempotency-key` was used for another request.'),
      429: errorResponse(
        'The quota is in use, or too many jobs of the API key run; `Retry-After` says when to try again.',
        { ...RUN, ...RETRY_AFTER },
      ),
      500: errorResponse('A defect of the service; its log has the cause, by the request id.', RUN),
      502: errorResponse('AWS returned a 5xx or an invalid response, or was not reached.', RUN),
      503: errorResponse('The service is shutting down, or a part of it is unavailable.', {
        ...RUN,
        ...RETRY_AFTER,
      }),
      504: errorResponse('The deadline passed while waiting for AWS.', RUN),
    },
  }
}
