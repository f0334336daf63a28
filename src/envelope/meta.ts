import { Type, type Static } from '@sinclair/typebox'

/** `meta`: what a request cost, and what its command says of it as a whole. */
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
    scanned: Type.Optional(
      Type.Integer({ description: 'Events that Lookup Events read.', examples: [350] }),
    ),
    matched: Type.Optional(
      Type.Integer({ description: 'Those of them that met the filters.', examples: [12] }),
    ),
    window: Type.Optional(
      Type.Object(
        { startTime: Type.String(), endTime: Type.String() },
        { description: 'The range of time that Lookup Events searched, ISO 8601 in UTC.' },
      ),
    ),
  },
  { $id: 'Meta', title: 'Meta' },
)

export type Meta = Static<typeof MetaSchema>

/** The members of `meta` that a command sets itself. */
export type CommandMeta = Partial<
  Pick<Meta, 'regions' | 'truncated' | 'nextToken' | 'scanned' | 'matched' | 'window'>
>
