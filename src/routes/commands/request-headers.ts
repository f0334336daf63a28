import { Type, type TObject } from '@sinclair/typebox'
import type { CommandDefinition } from '../../commands/define-command.js'
import { MAX_WAIT_S, PreferHeader } from '../prefer.js'

/** The upper bound of MAX_DEADLINE_MS (config.ts), in milliseconds. */
const LONGEST_DEADLINE_MS = 3_600_000

/** Headers that every command takes. They have no examples: Swagger UI would send them with each request. */
const COMMON = {
  'x-request-id': Type.Optional(
    Type.String({
      pattern: '^[A-Za-z0-9._-]{1,128}$',
      description:
        'Your id of the request, 1 to 128 of `A-Za-z0-9._-`; comes back in `meta.requestId`. Any other is replaced.',
    }),
  ),
  'x-deadline-ms': Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: LONGEST_DEADLINE_MS,
      description:
        'Deadline of the command, in milliseconds, from 1 to MAX_DEADLINE_MS of the service (900000 by default). Left out: DEADLINE_MS of the service, and 900000 for a job.',
    }),
  ),
  prefer: PreferHeader(
    '^(respond-async|(respond-async, )?wait=[1-9]\\d{0,2})$',
    `\`wait=<seconds>\`, 1 to ${MAX_WAIT_S}: return the command's own response when it is ready in that time, else 202 with the address of a job to follow. \`respond-async\`: return 202 at once, or after the wait, where there is one (RFC 7240). Other preferences are ignored.`,
  ),
}

const IDEMPOTENCY_KEY = Type.Optional(
  Type.String({
    pattern: '^[!-~]{1,255}$',
    description:
      'Your key for this write, 1 to 255 visible ASCII characters: within 24 hours the same request with the same key gets the same response, and nothing is written again. Make it new for each run of a playbook, from the run and the task, or as a UUID: the id of a task alone is the same when the playbook runs again, which would get the old response without the write. Ignored by dry runs.',
  }),
)

/** The request headers of a command, for the OpenAPI document: the service reads them as text. */
export function requestHeaders({ scope }: CommandDefinition): TObject {
  return Type.Object(
    scope === 'write' ? { ...COMMON, 'idempotency-key': IDEMPOTENCY_KEY } : { ...COMMON },
  )
}
