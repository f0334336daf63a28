import type { FastifyBaseLogger, FastifyInstance } from 'fastify'
import type { SandboxEndpoint } from './cloudtrail/connections/default-connection.js'
import type { Config } from './config.js'
import { auditPlugin } from './plugins/audit.js'
import { authPlugin } from './plugins/auth.js'
import { cloudTrailPlugin } from './plugins/cloudtrail.js'
import { commandServicePlugin } from './plugins/command-service.js'
import { componentsPlugin } from './plugins/components.js'
import { connectionsPlugin } from './plugins/connections.js'
import { errorsPlugin } from './plugins/errors.js'
import { createHttpServer } from './plugins/http-server.js'
import { idempotencyPlugin } from './plugins/idempotency.js'
import { jobsPlugin } from './plugins/jobs.js'
import { metricsPlugin } from './plugins/metrics.js'
import { openApiPlugin } from './plugins/openapi.js'
import { quotaPlugin } from './plugins/quota.js'
import { redisPlugin } from './plugins/redis.js'
import { requestsPlugin } from './plugins/requests.js'
import { sameSitePlugin } from './plugins/same-site.js'
import { securityHeadersPlugin } from './plugins/security-headers.js'
import { socketsPlugin } from './plugins/sockets.js'
import { tracingPlugin } from './plugins/tracing.js'
import { catalogueRoute } from './routes/catalogue.js'
import { commandRoutes } from './routes/commands/commands.js'
import { connectionsRoute } from './routes/connections.js'
import { docsRoutes } from './routes/docs/docs.js'
import { healthRoutes } from './routes/health.js'
import { jobRoutes } from './routes/jobs.js'
import { metricsRoute } from './routes/metrics.js'
import { quotasRoute } from './routes/quotas.js'
import { statusRoutes } from './routes/status/status.js'
import type { AuditSink } from './service/audit/audit-log.js'

/** What the process gives to the app. */
export interface AppParts {
  logger: FastifyBaseLogger
  /** The running sandbox, when there is one. */
  sandbox?: SandboxEndpoint
  /** Holds the values that the connections file keeps in the environment. Default: the environment of the process. */
  env?: NodeJS.ProcessEnv
  /** The destination of the audit log where AUDIT_FILE names none. */
  audit: AuditSink
  /** The number of log lines that were dropped so far. Default: none. */
  droppedLogLines?: () => number
  /** Idle time after which limiters and clients are dropped, in milliseconds. Default: a minute. */
  idleMs?: number
}

/**
 * Builds the service: everything except listening. Plugins close in reverse order: what is registered later may use what is
 * registered earlier until its own `onClose` is done. A build that fails closes what it had opened.
 *
 * @throws {AuditFileError | ConnectionConfigError | KeysFileError | ProtectedTrailsError} when the configuration breaks a rule
 */
export async function buildApp(config: Config, parts: AppParts): Promise<FastifyInstance> {
  const { logger, sandbox, audit: sink, env = process.env, idleMs = 60_000 } = parts
  const { droppedLogLines = () => 0 } = parts
  const app = createHttpServer(logger)
  try {
    await app.register(redisPlugin, { config })
    await app.register(connectionsPlugin, { config, sandbox, env })
    await app.register(quotaPlugin, { config, idleMs })
    await app.register(componentsPlugin, { isSandbox: sandbox !== undefined })
    await app.register(auditPlugin, { config, sink })
    await app.register(securityHeadersPlugin)
    await app.register(errorsPlugin)
    await app.register(requestsPlugin)
    await app.register(socketsPlugin)
    await app.register(metricsPlugin, { config, droppedLogLines })
    await app.register(sameSitePlugin, { config })
    await app.register(authPlugin, { config })
    await app.register(openApiPlugin, { config })
    await app.register(cloudTrailPlugin, { config, idleMs })
    await app.register(tracingPlugin, { config })
    await app.register(jobsPlugin, { config })
    await app.register(idempotencyPlugin)
    await app.register(commandServicePlugin, { config, env })

    await app.register(docsRoutes)
    await app.register(healthRoutes)
    await app.register(catalogueRoute)
    await app.register(connectionsRoute)
    await app.register(quotasRoute)
    await app.register(metricsRoute, { config })
    await app.register(statusRoutes, { config })
    await app.register(jobRoutes)
    await app.register(commandRoutes, { prefix: '/commands' })
    return app
  } catch (error) {
    await app.close()
    throw error
  }
}
