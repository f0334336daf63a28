import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { includesScope } from '../auth/api-key.js'
import type { LimiterState, QuotaPool } from '../quota/quota-pool.js'

const QuotasSchema = Type.Object({
  quotas: Type.Array(
    Type.Object({
      accountId: Type.String({
        description: 'The account; a digest of the connection while it is not known.',
      }),
      region: Type.String(),
      class: Type.Unsafe<string>({ type: 'string', enum: ['read', 'lookup', 'write'] }),
      operation: Type.Optional(Type.String({ description: 'With QUOTA_SCOPE=operation.' })),
      limit: Type.Number({ description: 'Requests a second at full speed.' }),
      share: Type.Number({
        description: 'The share of the limit in use: below 1 after AWS throttled, and rising.',
      }),
      running: Type.Integer({ description: 'Permits that are held.' }),
      waiting: Type.Integer({ description: 'Requests that wait for one.' }),
      estimatedWaitMs: Type.Integer({ description: 'How long a newcomer would wait.' }),
      granted: Type.Integer({ description: 'Permits given since the limiter was made.' }),
      throttled: Type.Integer({ description: 'Requests that AWS throttled.' }),
      refused: Type.Integer({ description: 'Requests that were not let in.' }),
    }),
  ),
})

/**
 * `GET /quotas`: every limiter in use. A limiter that has been idle for a minute is forgotten. Keys without the scope
 * `admin` are shown those of their own accounts.
 *
 * @param accountsOf the accounts of the configured connections that a request's key may use
 */
export function registerQuotas(
  app: FastifyInstance,
  quota: QuotaPool,
  accountsOf: (request: FastifyRequest) => readonly string[],
): void {
  app.withTypeProvider<TypeBoxTypeProvider>().get(
    '/quotas',
    {
      config: { scope: 'read' },
      schema: {
        operationId: 'quotas',
        summary: 'The state of the quota limiters',
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
      const shown = quota.snapshot().filter(({ account }) => seesAll || own.includes(account))
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
