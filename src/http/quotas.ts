import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import type { FastifyInstance } from 'fastify'
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

/** `GET /quotas`: every limiter in use. A limiter that has been idle for a minute is forgotten. */
export function registerQuotas(app: FastifyInstance, quota: QuotaPool): void {
  app.withTypeProvider<TypeBoxTypeProvider>().get(
    '/quotas',
    {
      config: { scope: 'admin' },
      schema: {
        operationId: 'quotas',
        summary: 'The state of the quota limiters',
        tags: ['Service'],
        response: { 200: { ...QuotasSchema, description: 'By account, region and class.' } },
      },
    },
    () => ({ quotas: quota.snapshot().map(toEntry) }),
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
