import { Type, type Static, type TSchema } from '@sinclair/typebox'
import type { InputFailure, Outcome } from './outcome.js'

/** One error, in D3's three parts (Failure Indicator, Status Code, Message) and what a playbook branches on. */
export const ErrorEntrySchema = Type.Object(
  {
    failureIndicator: Type.String({
      description: 'Which command failed.',
      examples: ['Create Trails failed.'],
    }),
    statusCode: Type.Union([Type.Integer(), Type.Literal('N/A')], {
      description:
        'What the endpoint answered, or the service in its place; `N/A` when there was no answer at all.',
      examples: [400],
    }),
    message: Type.String({ description: "AWS's message, or the service's." }),
    code: Type.String({
      description: "AWS's error code, or one of the service's, such as ValidationError.",
      examples: ['TrailNotFoundException'],
    }),
    source: Type.Unsafe<'aws' | 'network' | 'service'>({
      type: 'string',
      enum: ['aws', 'network', 'service'],
      description: "Where the error comes from: AWS's answer, the way to AWS, or this service.",
    }),
    input: Type.Optional(Type.String({ description: 'The input that failed.' })),
    region: Type.Optional(Type.String({ description: 'The region in which it failed.' })),
    field: Type.Optional(
      Type.String({
        description: 'The field of the request at fault.',
        examples: ['trailNames[1]'],
      }),
    ),
    awsRequestId: Type.Optional(Type.String({ description: "AWS's request id, for AWS Support." })),
    attempts: Type.Integer({ description: 'Attempts that reached for AWS; 0: nothing was sent.' }),
    retryable: Type.Boolean({
      description: 'Whether the same request may succeed when it is sent again.',
    }),
    hint: Type.Optional(Type.String({ description: 'What to do about it.' })),
  },
  { $id: 'ErrorEntry', title: 'ErrorEntry' },
)

/** What the answer cost, and how. Commands may add to it. */
export const MetaSchema = Type.Object(
  {
    requestId: Type.String({
      description: 'Id of this request: the `x-request-id` that was sent, or a new one.',
    }),
    connection: Type.Optional(Type.String({ description: 'Name of the connection, or `inline`.' })),
    accountId: Type.Optional(Type.String({ description: 'The AWS account, where it is known.' })),
    regions: Type.Optional(
      Type.Array(Type.String(), { description: 'The regions that were asked.' }),
    ),
    apiCalls: Type.Integer({ description: 'Requests made of AWS, retries and pages included.' }),
    throttled: Type.Integer({ description: 'Those of them that AWS throttled.' }),
    queuedMs: Type.Integer({
      description: 'Time spent waiting for the quota, in milliseconds, added up over the calls.',
    }),
    shared: Type.Optional(
      Type.Integer({
        description:
          "Reads that were not made, since another caller's identical one brought the answer.",
      }),
    ),
    durationMs: Type.Integer({ description: 'Time from request to answer, in milliseconds.' }),
    resumed: Type.Optional(
      Type.Literal(true, {
        description:
          'An earlier run with the same idempotency key was lost with its process; what it had done was looked for.',
      }),
    ),
    sandbox: Type.Optional(
      Type.Boolean({ description: 'True when the sandbox answered, and not AWS.' }),
    ),
    truncated: Type.Optional(
      Type.String({ description: 'Why there is more than this answer holds.' }),
    ),
    nextToken: Type.Optional(
      Type.String({ description: 'Lookup Events goes on with this as `nextToken`.' }),
    ),
  },
  { $id: 'Meta', title: 'Meta', additionalProperties: true },
)

/** `returnData`, as D3 shows it. */
const ReturnData = Type.Unsafe<'Successful' | 'Partially Successful' | 'Failed'>({
  type: 'string',
  enum: ['Successful', 'Partially Successful', 'Failed'],
  description: 'The outcome in D3 terms.',
})

/** The envelope of a command whose rows hold `data`. */
export function envelopeSchema(data: TSchema, options: object) {
  return Type.Object(
    {
      command: Type.Union([Type.String(), Type.Null()], {
        description: 'Name of the command; null when the path named none.',
        examples: ['create-trails'],
      }),
      returnData: ReturnData,
      contextData: Type.Array(
        Type.Object({
          input: Type.Optional(Type.String({ description: 'The input that the row answers.' })),
          region: Type.String({ description: 'The region of the row.' }),
          result: Type.Unsafe<'Successful' | 'Failed'>({
            type: 'string',
            enum: ['Successful', 'Failed'],
          }),
          data: Type.Optional(data),
          recovered: Type.Optional(
            Type.Literal(true, {
              description:
                'AWS refused the last attempt, since an earlier one, whose answer was lost, had done it: a read showed so.',
            }),
          ),
          note: Type.Optional(
            Type.String({ description: 'What is to be known of the row, for people.' }),
          ),
        }),
        { description: 'A row per input, in input order, or a row per object found.' },
      ),
      keyFields: Type.Record(Type.String(), Type.Array(Type.String()), {
        description: 'Names, ARNs and ids to go on with.',
      }),
      rawData: Type.Unknown({ description: 'What AWS answered; times are epoch seconds.' }),
      error: Type.String({
        description:
          'Empty, or the errors as `<Title> failed. Status Code: <n>. Message: <m>.`, a line each.',
      }),
      errors: Type.Array(Type.Unsafe<Static<typeof ErrorEntrySchema>>({ $ref: 'ErrorEntry#' })),
      meta: Type.Unsafe<Static<typeof MetaSchema>>({ $ref: 'Meta#' }),
    },
    options,
  )
}

/** The envelope of an answer that holds errors. */
export const ErrorEnvelopeSchema = envelopeSchema(Type.Record(Type.String(), Type.Unknown()), {
  $id: 'ErrorEnvelope',
  title: 'ErrorEnvelope',
  description: 'The envelope of every outcome that is not Successful.',
})

/** The one answer to every command. */
export type Envelope = Static<typeof ErrorEnvelopeSchema>

/** An envelope and the status and waiting time with which it is sent. */
export interface CommandResponse {
  status: number
  /** For `Retry-After`, in seconds. */
  retryAfter: number | undefined
  envelope: Envelope
}

/**
 * Puts the outcome of a command in the envelope.
 *
 * @param command name and title of the command, or `undefined` where the path names none
 */
export function toResponse(
  command: { name: string; title: string } | undefined,
  outcome: Outcome,
  meta: Envelope['meta'],
): CommandResponse {
  const { failures } = outcome
  const failureIndicator = `${command?.title ?? 'Request'} failed.`
  const errors = failures.map(
    ({ httpStatus: _status, retryAfterMs: _wait, statusCode, message, ...failure }) => ({
      failureIndicator,
      statusCode,
      message,
      ...failure,
    }),
  )
  const envelope: Envelope = {
    command: command?.name ?? null,
    returnData:
      failures.length === 0 ? 'Successful' : outcome.anySuccess ? 'Partially Successful' : 'Failed',
    contextData: outcome.contextData,
    keyFields: outcome.keyFields,
    rawData: outcome.rawData,
    error: errors.map(errorLine).join('\n'),
    errors,
    meta: { ...meta, ...outcome.meta },
  }
  return { status: statusOf(outcome), retryAfter: retryAfterOf(failures), envelope }
}

/** D3's error line. */
function errorLine(entry: Static<typeof ErrorEntrySchema>): string {
  const { failureIndicator, statusCode, message } = entry
  return `${failureIndicator} Status Code: ${statusCode}. Message: ${message.replace(/\.$/, '')}.`
}

/** The HTTP status: that of the failures when they agree, 400 when all are the client's to mend, else 502. */
function statusOf({ failures, anySuccess }: Outcome): number {
  const statuses = new Set(failures.map((failure) => failure.httpStatus))
  const [first] = statuses
  if (first === undefined) return 200
  if (anySuccess) return 207
  if (statuses.size === 1) return first
  return [...statuses].every((status) => status < 500) ? 400 : 502
}

function retryAfterOf(failures: readonly InputFailure[]): number | undefined {
  const waits = failures.flatMap(({ retryAfterMs }) => retryAfterMs ?? [])
  return waits.length === 0 ? undefined : Math.max(1, Math.ceil(Math.max(...waits) / 1000))
}

/** The outcome of a request that was refused before anything was done. */
export function refused(failures: InputFailure[]): Outcome {
  return { contextData: [], keyFields: {}, rawData: null, failures, anySuccess: false }
}
