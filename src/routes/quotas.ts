import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { includesScope } from '../auth/api-key.js'
import { StringEnum } from '../envelope/string-enum.js'
import { mayUseConnection } from '../plugins/auth.js'
import type { LimiterState } from '../quota/quota-pool.js'

const QuotasSchema = Type.Object({
  quotas: Type.Array(
    Type.Object({
      accountId: Type.String({
        description: 'The account; a digest of the connection while it is not known.',
      }),
      region: Type.String(),
      class: StringEnum(['read', 'lookup', 'write']),
      operation: Type.Optional(Type.String({ description: 'With QUOTA_SCOPE=operation.' })),
      limit: Type.Number({ description: 'Requests per second at full speed.' }),
      share: Type.Number({
        description: 'The share of the limit in use: below 1 after AWS throttled, and rising.',
      }),
      running: Type.Integer({ description: 'Permits in use.' }),
      waiting: Type.Integer({ description: 'Requests that wait for a permit.' }),
      estimatedWaitMs: Type.Integer({
        description: 'Estimated wait of a new request, in milliseconds.',
      }),
      granted: Type.Integer({ description: 'Permits granted since the limiter was created.' }),
      throttled: Type.Integer({ description: 'Requests that AWS throttled.' }),
      refused: Type.Integer({
        description: 'Requests that were refused: the queue was full, or the wait too long.',
      }),
    }),
  ),
})

/**
 * `GET /quotas`: every limiter in use; a limiter that was idle for a minute is forgotten. Keys without the scope `admin` see
 * the limiters of their own accounts.
 */
export async function quotasRoute(app: FastifyInstance): Promise<void> {
  const accountsOf = (request: FastifyRequest) =>
    app.connections
      .list()
      .filter(({ name }) => mayUseConnection(request, name))
      .map((connection) => app.cloudTrail.accounts.quotaKeyOf(connection))
  app.withTypeProvider<TypeBoxTypeProvider>().get(
    '/quotas',
    {
      config: { scope: 'read' },
      schema: {
        operationId: 'getQuotas',
        summary: 'Read the state of the quota limiters',
        tags: ['Service'],
        response: {
          200: {
            ...QuotasSchema,
            description:
              'By account, region and class: all of them for a key of the scope `admin`, else those of the accounts of the connections that the key may use.',
          },
        },
      },
    },
    (request) => {
      const { apiKey } = request
      const seesAll = apiKey === undefined || includesScope(apiKey.scope, 'admin')
      const own = seesAll ? [] : accountsOf(request)
      const shown = app.quota.snapshot().filter(({ account }) => seesAll || own.includes(account))
      return { quotas: shown.map(toEntry) }
    },
  )
}

function toEntry({ account, apiClass, tps, operation, share, ...state }: LimiterState) {
  return {
    accountId: account,
    class: apiClass,
    ...(operation !== undefined && { operation }),
    limit: tps,
    share: Math.round(share * 1000) / 1000,
    ...state,
  }
}
