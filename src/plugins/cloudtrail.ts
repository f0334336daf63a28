import fp from 'fastify-plugin'
import { AccountBook } from '../cloudtrail/account-book.js'
import { ClientPool } from '../cloudtrail/client-pool.js'
import type { CallParts } from '../cloudtrail/cloudtrail.js'
import { SharedReads } from '../cloudtrail/shared-reads.js'
import type { Config } from '../config.js'

declare module 'fastify' {
  interface FastifyInstance {
    /** What the calls of all commands share. */
    cloudTrail: Omit<CallParts, 'background'>
  }
}

/** Options of the plugin. */
export interface CloudTrailOptions {
  config: Config
  /** Idle time after which a client is destroyed, in milliseconds. */
  idleMs: number
}

/** Owns the AWS clients, the reads that callers share, and the accounts behind connections. */
export const cloudTrailPlugin = fp<CloudTrailOptions>(
  async (app, { config, idleMs }) => {
    const clients = new ClientPool(config.AWS_TIMEOUT_MS, idleMs)
    app.decorate('cloudTrail', {
      clients,
      quota: app.quota,
      reads: new SharedReads(),
      accounts: new AccountBook(),
      observer: app.metrics.calls,
      attemptTimeoutMs: config.AWS_TIMEOUT_MS,
    })
    app.addHook('onClose', () => clients.close())
  },
  { name: 'cloudtrail', dependencies: ['quota', 'metrics'] },
)
