import fp from 'fastify-plugin'
import type { Config } from '../config.js'
import { QuotaPool } from '../quota/quota-pool.js'
import { Replicas } from '../quota/replicas.js'

declare module 'fastify' {
  interface FastifyInstance {
    /** The limiters. */
    quota: QuotaPool
    /** The slots shared with other replicas; `undefined` without Redis. */
    replicas: Replicas | undefined
  }
}

/** Options of the plugin. */
export interface QuotaOptions {
  config: Config
  /** Idle time after which a limiter is forgotten, in milliseconds. */
  idleMs: number
}

/** Owns the limiters, and with Redis the slots that replicas share. */
export const quotaPlugin = fp<QuotaOptions>(
  async (app, { config, idleMs }) => {
    const tps = tpsOf(config)
    // below one request per second the window grows instead
    const windowMs = 1000 / Math.min(1, ...Object.values(tps))
    const share = config.REDIS_DOWN === 'share' ? config.REDIS_DOWN_SHARE : undefined
    const replicas = app.redis && new Replicas(app.redis, { windowMs, share })
    const quota = new QuotaPool({
      tps,
      replicas,
      scope: config.QUOTA_SCOPE,
      queueLimit: config.QUEUE_LIMIT,
      idleMs,
    })
    app.decorate('replicas', replicas)
    app.decorate('quota', quota)
    app.addHook('onClose', () => {
      quota.close()
      replicas?.close()
    })
  },
  { name: 'quota', dependencies: ['redis'] },
)

/** Requests per second of each API class. */
export function tpsOf(config: Config) {
  return {
    read: config.QUOTA_READ_TPS,
    lookup: config.QUOTA_LOOKUP_TPS,
    write: config.QUOTA_WRITE_TPS,
  }
}
