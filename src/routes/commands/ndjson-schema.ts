import { Type, type TSchema } from '@sinclair/typebox'
import { ErrorEnvelopeSchema } from '../../envelope/envelope.js'
import { StringEnum } from '../../envelope/string-enum.js'
import { anyErrorResponse, SERVER_ERRORS } from '../../plugins/openapi/error-responses.js'
import { NDJSON } from './ndjson.js'

interface DocumentedResponse {
  description?: string
  headers?: object
  content?: object
}

/** The envelope at the end of a stream: without rows, key fields and raw data, which were streamed. */
const StreamedEnvelope = Type.Object(
  {
    ...Type.Omit(ErrorEnvelopeSchema, ['contextData', 'keyFields', 'rawData', 'returnData'])
      .properties,
    returnData: StringEnum(['Successful', 'Partially Successful', 'Failed'], {
      title: 'AnyReturnData',
      description: 'The outcome in D3 terms.',
    }),
  },
  { title: 'StreamedEnvelope', description: 'The last line of a stream.' },
)

/** A line of a stream, one member each. */
const lineSchema = (row: TSchema, typeName: string) =>
  Type.Object(
    {
      event: Type.Optional(row),
      checkpoint: Type.Optional(
        Type.Object(
          {
            rows: Type.Integer({ minimum: 0, description: 'Rows so far.' }),
            nextToken: Type.String({ description: 'Goes on after these rows.' }),
          },
          { description: 'Where the search continues when the stream breaks.' },
        ),
      ),
      keepAlive: Type.Optional(
        Type.Object(
          { rows: Type.Integer({ minimum: 0, description: 'Rows so far.' }) },
          { description: 'Sent while there is no row for 10 seconds.' },
        ),
      ),
      envelope: Type.Optional(StreamedEnvelope),
    },
    {
      title: `${typeName}Line`,
      minProperties: 1,
      maxProperties: 1,
      description:
        'One line of the stream: a row, a checkpoint, a keep-alive, or, as the last line, the envelope. A stream without it is not complete.',
    },
  )

/**
 * Responses of a command whose rows can be streamed: with `accept: application/x-ndjson` every response but those before the
 * command is a stream. Its status is 200 once a row was sent.
 */
export function withStream(
  responses: Record<number, DocumentedResponse>,
  row: TSchema,
  typeName: string,
): Record<number, object> {
  const stream = { [NDJSON]: { schema: lineSchema(row, typeName) } }
  const success = (status: 200 | 207) => {
    const { content, ...rest } = responses[status] ?? {}
    return { ...rest, content: { ...content, ...stream } }
  }
  const error = anyErrorResponse([...STREAMED_ERRORS, ...SERVER_ERRORS])
  const streamedError = {
    ...error,
    description: `${error.description}\n\nIn a stream the envelope is its only line.`,
    content: { 'application/json': { schema: { $ref: 'ErrorEnvelope#' } }, ...stream },
  }
  return {
    ...responses,
    200: success(200),
    207: success(207),
    ...Object.fromEntries([...STREAMED_ERRORS, '5XX'].map((status) => [status, streamedError])),
  }
}

/** Error statuses, beside those of the server, that a streamed command may end with before its first row. */
const STREAMED_ERRORS = [400, 403, 429]
