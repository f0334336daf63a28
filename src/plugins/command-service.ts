import fp from 'fastify-plugin'
import { Densities } from '../commands/events/densities.js'
import { LookAhead } from '../commands/events/look-ahead.js'
import { LookupTokens } from '../commands/events/token.js'
import { tokenSecret } from '../commands/events/token-secret.js'
import type { Config } from '../config.js'
import { createJobMetrics } from '../metrics/job-metrics.js'
import { CommandService } from '../service/command-service.js'
import { MAX_RETRY_AFTER_S } from '../service/jobs/job-document.js'
import { loadProtectedTrails } from '../service/protected-trails.js'

declare module 'fastify' {
  interface FastifyInstance {
    /** Runs commands for callers. */
    commandService: CommandService
  }
}

/** Options of the plugin. */
export interface CommandServiceOptions {
  config: Config
  /** Holds the `{"env": …}` values of the connections file. */
  env: NodeJS.ProcessEnv
}

/** How long a shutdown waits for clients of finished jobs, in milliseconds: those that keep to `Retry-After` come by then. */
const FETCH_MS = (MAX_RETRY_AFTER_S + 1) * 1000

/** Builds the service layer. Closing waits for everything that it still runs, before the server stops listening. */
export const commandServicePlugin = fp<CommandServiceOptions>(
  async (app, { config, env }) => {
    const { apiKeys, metrics } = app
    const protectedTrails = loadProtectedTrails(config, app.log)
    app.addHook('onClose', () => {
      protectedTrails.close()
    })
    const service = new CommandService({
      calls: app.cloudTrail,
      audit: app.audit,
      jobs: app.jobs,
      idempotencyKeys: app.idempotencyKeys,
      tracing: app.tracing,
      logger: app.log,
      apiKeys: apiKeys && (() => apiKeys.current()),
      tools: {
        tokens: new LookupTokens(tokenSecret(config, env)),
        densities: new Densities(),
        lookAhead: new LookAhead(),
      },
      protectedTrails: () => protectedTrails.current(),
      deadlineMs: config.DEADLINE_MS,
      maxDeadlineMs: config.MAX_DEADLINE_MS,
      onClaim: createJobMetrics(metrics.registry, () => app.jobs.counted),
    })
    service.observe(metrics.commands)
    app.decorate('commandService', service)
    // meanwhile the server keeps listening, for /jobs/<id>, probes and metrics
    app.addHook('preClose', async () => {
      const end = performance.now() + config.MAX_DEADLINE_MS
      await service.drain()
      // jobs in memory end with the process
      if (!app.redis) await app.jobs.fetched(Math.min(FETCH_MS, end - performance.now()))
    })
    // requests that had been taken before
    app.addHook('onClose', () => service.drain())
  },
  {
    name: 'command-service',
    dependencies: ['cloudtrail', 'audit', 'jobs', 'idempotency', 'tracing', 'auth', 'metrics'],
  },
)
