import fp from 'fastify-plugin'
import { IdempotencyKeys } from '../service/idempotency/idempotency-keys.js'
import { openIdempotencyRecords } from '../service/idempotency/idempotency-records.js'

declare module 'fastify' {
  interface FastifyInstance {
    /** Runs commands under idempotency keys. */
    idempotencyKeys: IdempotencyKeys
  }
}

/** Owns the idempotency keys: in Redis where it is configured, else in memory. */
export const idempotencyPlugin = fp(
  async (app) => {
    const records = openIdempotencyRecords(app.redis, app.log)
    const idempotencyKeys = new IdempotencyKeys(records, app.log)
    app.decorate('idempotencyKeys', idempotencyKeys)
    app.addHook('onClose', () => idempotencyKeys.close())
  },
  { name: 'idempotency', dependencies: ['redis'] },
)
