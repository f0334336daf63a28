import { Type, type Static, type TSchema } from '@sinclair/typebox'
import type { Meta } from './meta.js'
import type { InputFailure, Outcome, PlannedWrite } from './outcome.js'
import { StringEnum } from './string-enum.js'

/** One error, in D3's three parts (Failure Indicator, Status Code, Message) and what a playbook branches on. */
export const ErrorEntrySchema = Type.Object(
  {
    failureIndicator: Type.String({
      description: 'Which command failed.',
      examples: ['Create Trails failed.'],
    }),
    statusCode: Type.Union([Type.Integer(), Type.Literal('N/A')], {
      description:
        'The HTTP status of the endpoint, or of the service in its place; `N/A` when there was no response at all.',
      examples: [400],
    }),
    message: Type.String({ description: "AWS's message, or the service's." }),
    code: Type.String({
      description: "AWS's error code, or one of the service's own, such as ValidationError.",
      examples: ['TrailNotFoundException'],
    }),
    source: StringEnum(['aws', 'network', 'service'], {
      description:
        "Origin of the error: AWS's response, the network on the way to it, or this service.",
    }),
    input: Type.Optional(Type.String({ description: 'The input that failed.' })),
    region: Type.Optional(Type.String({ description: 'The region in which it failed.' })),
    field: Type.Optional(
      Type.String({
        description: 'The field of the request that breaks a rule.',
        examples: ['trailNames[1]'],
      }),
    ),
    awsRequestId: Type.Optional(Type.String({ description: "AWS's request id, for AWS Support." })),
    attempts: Type.Integer({ description: 'Attempts at AWS; 0: nothing was sent.' }),
    retryable: Type.Boolean({
      description: 'Whether sending the request again may succeed.',
    }),
    hint: Type.Optional(Type.String({ description: 'What to do about it.' })),
  },
  { $id: 'ErrorEntry', title: 'ErrorEntry' },
)

/** `returnData`, as D3 shows it. */
const ReturnData = StringEnum(['Successful', 'Partially Successful', 'Failed'], {
  description: 'The outcome in D3 terms.',
})

/** The members that every row has. */
const ROW = {
  input: Type.Optional(Type.String({ description: 'The input that the row belongs to.' })),
  region: Type.String({ description: 'The region of the row.' }),
  result: StringEnum(['Successful', 'Failed']),
  recovered: Type.Optional(
    Type.Literal(true, {
      description:
        'AWS refused the last attempt because an earlier one, whose response was lost, had done the write: a read showed it.',
    }),
  ),
  note: Type.Optional(Type.String({ description: 'A remark on the row, for people.' })),
}

/** A row of a command that reads. */
export const readRow = <Data extends TSchema>(data: Data) =>
  Type.Object({ ...ROW, data: Type.Optional(data) })

/**
 * A row of a command that writes. In a dry run it has `dryRun` in place of `data`.
 *
 * @param replaced what the command replaces, as it reads it first
 */
export const writeRow = <Data extends TSchema>(data: Data, replaced?: TSchema) =>
  Type.Object({
    ...ROW,
    data: Type.Optional(data),
    dryRun: Type.Optional(
      Type.Unsafe<PlannedWrite>(
        Type.Object(
          {
            operation: Type.String({
              description: 'The AWS operation that would be called.',
              examples: ['StopLogging'],
            }),
            input: Type.Record(Type.String(), Type.Unknown(), {
              description: "Its input, in AWS's names.",
            }),
            ...(replaced && {
              before: Type.Optional({ ...replaced, description: 'What the trail has now.' }),
              after: Type.Optional({ ...replaced, description: 'What the trail would have.' }),
            }),
          },
          { description: 'In a dry run, in place of `data`: the call that was not made.' },
        ),
      ),
    ),
  })

/** The envelope of a command with its rows. */
export function envelopeSchema<Row extends TSchema>(row: Row, options: object) {
  return Type.Object(
    {
      command: Type.Union([Type.String(), Type.Null()], {
        description: 'Name of the command; null when the path named none.',
        examples: ['create-trails'],
      }),
      returnData: ReturnData,
      contextData: Type.Array(row, {
        description: 'A row per input, in input order, or a row per object found.',
      }),
      keyFields: Type.Record(Type.String(), Type.Array(Type.String()), {
        description: 'Names, ARNs and ids for the next steps of a playbook.',
      }),
      rawData: Type.Unknown({ description: "AWS's responses; times are epoch seconds." }),
      error: Type.String({
        description:
          'Empty, or the errors as `<Title> failed. Status Code: <n>. Message: <m>.`, one line each.',
      }),
      errors: Type.Array(Type.Unsafe<Static<typeof ErrorEntrySchema>>({ $ref: 'ErrorEntry#' })),
      meta: Type.Unsafe<Meta>({ $ref: 'Meta#' }),
    },
    options,
  )
}

/** The envelope of a response with errors. */
export const ErrorEnvelopeSchema = envelopeSchema(
  writeRow(Type.Record(Type.String(), Type.Unknown())),
  {
    $id: 'ErrorEnvelope',
    title: 'ErrorEnvelope',
    description: 'The envelope of every outcome that is not Successful.',
  },
)

/** The response body of every command. */
export type Envelope = Static<typeof ErrorEnvelopeSchema>

/** An envelope with the HTTP status and `Retry-After` of its response. */
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
  meta: Meta,
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

/**
 * The HTTP status: that of the failures when they agree. Otherwise 504 when a deadline passed or an outcome is unknown,
 * since the caller has to look at the present state first; 400 when all are the client's to correct; else 502.
 */
function statusOf({ failures, anySuccess }: Outcome): number {
  const statuses = new Set(failures.map((failure) => failure.httpStatus))
  const [first] = statuses
  if (first === undefined) return 200
  if (anySuccess) return 207
  if (statuses.size === 1) return first
  if (statuses.has(504)) return 504
  return [...statuses].every((status) => status < 500) ? 400 : 502
}

function retryAfterOf(failures: readonly InputFailure[]): number | undefined {
  const waits = failures.flatMap(({ retryAfterMs }) => retryAfterMs ?? [])
  return waits.length === 0 ? undefined : Math.max(1, Math.ceil(Math.max(...waits) / 1000))
}

/** The outcome of a request that was refused before anything was done. */
export function refused(failures: InputFailure[]): Outcome<never> {
  return { contextData: [], keyFields: {}, rawData: null, failures, anySuccess: false }
}
