import { Type, type Static, type TSchema } from '@sinclair/typebox'
import { ERROR_CODES } from './error-codes.js'
import type { Meta } from './meta.js'
import type { InputFailure, Outcome, PlannedWrite } from './outcome.js'
import { StringEnum } from './string-enum.js'

/** The service's own error codes. */
const ServiceErrorCodeSchema = StringEnum(Object.keys(ERROR_CODES), {
  title: 'ServiceErrorCode',
  description: "The service's own error codes.",
})

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
    code: Type.Union([ServiceErrorCodeSchema, Type.String()], {
      description:
        "AWS's error code, that of Node.js for a connection that failed (`source: network`), or one of the service's own. docs/reference/errors.md has all: status, meaning, whether a retry helps.",
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

/** The members that every row has. */
const ROW = {
  input: Type.Optional(Type.String({ description: 'The input that the row belongs to.' })),
  region: Type.String({ description: 'The region of the row.' }),
  result: StringEnum(['Successful', 'Failed']),
  recovered: Type.Optional(
    Type.Literal(true, {
      description:
        'A write: AWS refused the last attempt because an earlier one, whose response was lost, had done the write: a read showed it.',
    }),
  ),
  note: Type.Optional(Type.String({ description: 'A remark on the row, for people.' })),
}

const RowSchema = Type.Object(ROW, {
  title: 'Row',
  description: 'What every row has.',
})

/** The name of a row's schema: that of its data, for example `TrailRow`. */
const rowTitle = (data: TSchema, kind: string) => (data.title ?? '').replace(/(Data)?$/, kind)

/** A row of a command that reads. */
export const readRow = (data: TSchema): TSchema =>
  Type.Intersect([RowSchema, Type.Object({ data: Type.Optional(data) })], {
    title: rowTitle(data, 'Row'),
  })

/**
 * A row of a command that writes. In a dry run it has `dryRun` in place of `data`.
 *
 * @param replaced what the command replaces, as it reads it first
 */
export const writeRow = (data: TSchema, replaced?: TSchema): TSchema =>
  Type.Intersect(
    [
      RowSchema,
      Type.Object({ data: Type.Optional(data), dryRun: Type.Optional(plannedWrite(replaced)) }),
    ],
    { title: rowTitle(data, 'WriteRow') },
  )

/** `dryRun` of a row. */
const plannedWrite = (replaced?: TSchema) =>
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
      {
        title: replaced
          ? `Planned${(replaced.title ?? 'Any').replace(/State$/, '')}Write`
          : 'PlannedWrite',
        description: 'In a dry run, in place of `data`: the call that was not made.',
      },
    ),
  )

/** The parts of an envelope that depend on the response. */
interface EnvelopeParts<Command extends TSchema, Row extends TSchema, Outcome extends string> {
  command: Command
  row: Row
  /** The values of `returnData`, and the name of their schema. */
  outcomes: readonly Outcome[]
  outcomesTitle: string
}

/** An envelope. */
export function envelopeSchema<
  Command extends TSchema,
  Row extends TSchema,
  const Outcome extends string,
>(
  { command, row, outcomes, outcomesTitle: title }: EnvelopeParts<Command, Row, Outcome>,
  options: object,
) {
  return Type.Object(
    {
      command,
      returnData: StringEnum(outcomes, { title, description: 'The outcome in D3 terms.' }),
      contextData: Type.Array(row, {
        description: 'A row per input, in input order, or a row per object found.',
      }),
      keyFields: Type.Record(Type.String(), Type.Array(Type.String()), {
        title: 'KeyFields',
        description: 'Names, ARNs and ids for the next steps of a playbook.',
      }),
      rawData: Type.Unknown({ description: "AWS's responses; times are epoch seconds." }),
      error: Type.String({
        description:
          'Empty, or the errors as `<Title> failed. Status Code: <n>. Message: <m>.`, one line each.',
      }),
      errors: Type.Array(Type.Unsafe<ErrorEntry>({ $ref: 'ErrorEntry#' })),
      meta: Type.Unsafe<Meta>({ $ref: 'Meta#' }),
    },
    options,
  )
}

/** `command` of a response that may be any command's. */
const AnyCommand = Type.Union([Type.String(), Type.Null()], {
  description: 'Name of the command; null when the path named none.',
  examples: ['create-trails'],
})

/** What every response of a command has where at least one input or page succeeded. */
const SuccessSchema = Type.Omit(
  envelopeSchema(
    {
      command: AnyCommand,
      row: RowSchema,
      outcomes: ['Successful', 'Partially Successful'],
      outcomesTitle: 'ReturnData',
    },
    {},
  ),
  ['command', 'contextData'],
  { title: 'Envelope', description: 'What the envelopes of all commands have in common.' },
)

/** The response of one command where at least one input or page succeeded, as the document has it. */
export const commandEnvelopeSchema = (name: string, row: TSchema, title: string): TSchema =>
  Type.Intersect(
    [
      SuccessSchema,
      Type.Object({
        command: Type.Literal(name),
        contextData: Type.Array(row),
      }),
    ],
    { title },
  )

const AnyObject = Type.Record(Type.String(), Type.Unknown())

const AnyRow = Type.Object(
  {
    ...ROW,
    data: Type.Optional(AnyObject),
    dryRun: Type.Optional(plannedWrite(AnyObject)),
  },
  { title: 'AnyRow', description: "A row of any command; the command's own schema says more." },
)

/** An envelope of any command with any outcome, as jobs have it. */
export const anyEnvelopeSchema = <const Outcome extends string>(
  outcomes: readonly Outcome[],
  outcomesTitle: string,
) =>
  envelopeSchema(
    {
      command: AnyCommand,
      row: AnyRow,
      outcomes,
      outcomesTitle,
    },
    {},
  )

const FailedRow = Type.Object(
  { ...ROW, result: Type.Literal('Failed') },
  { title: 'FailedRow', description: 'A row of an input that failed.' },
)

/** The envelope of a response in which nothing succeeded. */
export const ErrorEnvelopeSchema = envelopeSchema(
  { command: AnyCommand, row: FailedRow, outcomes: ['Failed'], outcomesTitle: 'FailedReturnData' },
  {
    $id: 'ErrorEnvelope',
    title: 'ErrorEnvelope',
    description: 'The envelope of an error response: nothing was done or read.',
  },
)

const EnvelopeSchema = anyEnvelopeSchema(
  ['Successful', 'Partially Successful', 'Failed'],
  'AnyReturnData',
)

/** The response body of every command. */
export type Envelope = Static<typeof EnvelopeSchema>

/** One entry of `errors`. */
type ErrorEntry = Static<typeof ErrorEntrySchema>

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
function errorLine(entry: ErrorEntry): string {
  const { failureIndicator, statusCode, message } = entry
  const sentence = /[.!?]$/.test(message) ? message : `${message}.`
  return `${failureIndicator} Status Code: ${statusCode}. Message: ${sentence}`
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
