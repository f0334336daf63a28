import { Type, type Static, type TObject } from '@sinclair/typebox'

/** Members of `meta` that commands add or override. */
const commandMembers = {
  regions: Type.Optional(
    Type.Array(Type.String(), {
      description: 'The regions that were called.',
      examples: [['us-east-1']],
    }),
  ),
  truncated: Type.Optional(
    Type.Object(
      {
        code: Type.String({
          description: '`LimitReached`, or the `code` of the error that cut the response short.',
          examples: ['LimitReached'],
        }),
        message: Type.String({ description: 'The same in words.' }),
      },
      { title: 'Truncated', description: 'Why there is more than the response holds.' },
    ),
  ),
  nextToken: Type.Optional(
    Type.String({ description: 'Lookup Events continues with this as `nextToken`.' }),
  ),
  scanned: Type.Optional(
    Type.Integer({
      description: 'Lookup Events: events that were read from AWS.',
      examples: [120],
    }),
  ),
  matched: Type.Optional(
    Type.Integer({
      description: 'Lookup Events: events of them that match the filters.',
      examples: [4],
    }),
  ),
  window: Type.Optional(
    Type.Object(
      {
        startTime: Type.String({ format: 'date-time', examples: ['2026-01-01T00:00:00.000Z'] }),
        endTime: Type.String({ format: 'date-time', examples: ['2026-01-02T00:00:00.000Z'] }),
      },
      { description: 'Lookup Events: the time range of the search.' },
    ),
  ),
}

/** What a command adds to `meta`. */
export type CommandMeta = Static<TObject<typeof commandMembers>>

/** `meta`: what the response cost, and how it came about. */
export const MetaSchema = Type.Object(
  {
    requestId: Type.String({
      description: 'Id of this request: the `x-request-id` that was sent, or a new one.',
    }),
    connection: Type.Optional(Type.String({ description: 'Name of the connection, or `inline`.' })),
    accountId: Type.Optional(Type.String({ description: 'The AWS account, where it is known.' })),
    apiCalls: Type.Integer({ description: 'Requests to AWS, retries and pages included.' }),
    throttled: Type.Integer({ description: 'Those of them that AWS throttled.' }),
    queuedMs: Type.Integer({
      description: 'Time spent waiting for the quota, in milliseconds, added up over the calls.',
    }),
    shared: Type.Optional(
      Type.Integer({
        description:
          "Reads that were not sent, because another caller's identical one brought the response.",
      }),
    ),
    durationMs: Type.Integer({ description: 'Time from request to response, in milliseconds.' }),
    resumed: Type.Optional(
      Type.Literal(true, {
        description:
          'An earlier run with the same idempotency key was lost with its process; the command looked for what that run had written.',
      }),
    ),
    sandbox: Type.Optional(
      Type.Boolean({ description: 'True when the sandbox responded, and not AWS.' }),
    ),
    ...commandMembers,
  },
  { $id: 'Meta', title: 'Meta' },
)

/** `meta` of a response. */
export type Meta = Static<typeof MetaSchema>
