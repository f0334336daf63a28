import fastify, { LogController, type FastifyBaseLogger, type FastifyInstance } from 'fastify'
import { randomUUID } from 'node:crypto'
import { AccountBook } from './cloudtrail/account-book.js'
import { ClientPool } from './cloudtrail/client-pool.js'
import { isLoopback, type Config } from './config.js'
import { createConnections } from './cloudtrail/connections/connections.js'
import type { SandboxEndpoint } from './cloudtrail/connections/default-connection.js'
import { KeysFileError, parseApiKeys } from './auth/api-key.js'
import { mayUseConnection, registerAuth } from './http/auth.js'
import { reloadFile } from './reloaded-file.js'
import { AuditLog, auditFile, auditStdout, type AuditSink } from './service/audit/audit-log.js'
import { parseProtectedTrails } from './cloudtrail/guard-rails.js'
import { auditLateChange, auditState } from './http/audit.js'
import { registerCatalogue } from './http/catalogue.js'
import {
  answerClientError,
  HEADERS_TIMEOUT_MS,
  MAX_HEADER_BYTES,
  REQUEST_TIMEOUT_MS,
} from './http/client-errors.js'
import { registerCommands } from './http/commands.js'
import { answerFrameworkError, registerErrors } from './http/errors.js'
import { registerCommandMetrics } from './http/command-metrics.js'
import { registerHealth, type Components } from './http/health.js'
import { createMetrics, registerMetrics } from './http/metrics.js'
import { registerQuotas } from './http/quotas.js'
import { registerJobs } from './http/jobs.js'
import { registerOpenApi } from './http/openapi.js'
import { registerRequests } from './http/requests.js'
import { registerSameSite } from './http/same-site.js'
import { registerSecurityHeaders } from './http/security-headers.js'
import { registerStatus, registerStatusLogin } from './http/status.js'
import { validatorCompiler } from './http/validation.js'
import { IdempotencyKeys } from './service/idempotency/idempotency-keys.js'
import { openIdempotencyRecords } from './service/idempotency/idempotency-records.js'
import { SharedReads } from './cloudtrail/shared-reads.js'
import { Jobs } from './service/jobs/jobs.js'
import { openJobRecords } from './service/jobs/job-records.js'
import { tokenSecret } from './commands/events/token-secret.js'
import { Densities } from './commands/events/densities.js'
import { LookupTokens } from './commands/events/token.js'
import { QuotaHistory } from './status/quota-history.js'
import { RecentCommands } from './status/recent-commands.js'
import { QuotaPool } from './quota/quota-pool.js'
import { Replicas } from './quota/replicas.js'
import { startTracing } from './tracing/start-tracing.js'
import { RedisConnection } from './redis/redis-connection.js'

/** What the process hands to the app. */
export interface AppParts {
  logger: FastifyBaseLogger
  /** The running sandbox, when there is one. */
  sandbox?: SandboxEndpoint
  /** Where values are found that the connections file keeps in the environment. Default: the process's own. */
  env?: NodeJS.ProcessEnv
  /** Where audit lines go, in the place of AUDIT_FILE and standard output. */
  audit?: AuditSink
  /** How long what belongs to an account or a connection is kept unused, in milliseconds. Default: a minute. */
  idleMs?: number
}

/** The largest request body, in bytes. */
const BODY_LIMIT = 1024 * 1024

/**
 * Builds the service: everything but listening.
 *
 * @throws {InvalidConnectionError | ConnectionsFileError | EndpointError} when the configured connections break a rule
 */
export async function buildApp(config: Config, parts: AppParts): Promise<FastifyInstance> {
  const { env = process.env, idleMs = 60_000 } = parts
  const connections = createConnections(config, {
    logger: parts.logger,
    env,
    sandbox: parts.sandbox,
  })
  const app = fastify({
    loggerInstance: parts.logger,
    bodyLimit: BODY_LIMIT,
    routerOptions: { maxParamLength: 200 },
    // one line for each command says more than two for each request
    logController: new LogController({ disableRequestLogging: true }),
    requestIdHeader: false,
    genReqId: (request) => {
      const given = request.headers['x-request-id']
      return typeof given === 'string' && /^[A-Za-z0-9._-]{1,128}$/.test(given)
        ? given
        : randomUUID()
    },
    // requests that arrive while the service ends get the envelope, from a hook
    return503OnClosing: false,
    connectionTimeout: 0,
    requestTimeout: REQUEST_TIMEOUT_MS,
    http: {
      maxHeaderSize: MAX_HEADER_BYTES,
      headersTimeout: HEADERS_TIMEOUT_MS,
      connectionsCheckingInterval: 1_000,
    },
    clientErrorHandler: answerClientError,
    frameworkErrors: answerFrameworkError,
    keepAliveTimeout: 72_000,
  })
  app.removeContentTypeParser('text/plain')
  app.setValidatorCompiler(validatorCompiler())
  // schemas describe answers; they do not reshape them: nothing that AWS said is lost
  app.setSerializerCompiler(() => (data) => JSON.stringify(data))

  const redis =
    config.REDIS_URL === undefined ? undefined : new RedisConnection(config.REDIS_URL, parts.logger)
  const tps = {
    read: config.QUOTA_READ_TPS,
    lookup: config.QUOTA_LOOKUP_TPS,
    write: config.QUOTA_WRITE_TPS,
  }
  // below one request a second the window is what grows
  const longestWindowMs = 1000 / Math.min(1, ...Object.values(tps))
  const share = config.REDIS_DOWN === 'share' ? config.REDIS_DOWN_SHARE : undefined
  const replicas = redis && new Replicas(redis, { windowMs: longestWindowMs, share })
  const quota = new QuotaPool({
    tps,
    replicas,
    scope: config.QUOTA_SCOPE,
    queueLimit: config.QUEUE_LIMIT,
    idleMs,
  })
  const metrics = createMetrics(quota)
  const quotaHistory = new QuotaHistory(() => quota.snapshot())
  const recent = new RecentCommands()
  const accounts = new AccountBook()
  const clients = new ClientPool(config.AWS_TIMEOUT_MS, idleMs)
  const jobs = new Jobs(openJobRecords(redis, parts.logger), tps, parts.logger)
  const idempotencyKeys = new IdempotencyKeys(
    openIdempotencyRecords(redis, parts.logger),
    parts.logger,
  )
  const tracing = await startTracing(config, parts.logger)
  const running = new Set<Promise<unknown>>()
  const background = new Set<Promise<unknown>>()
  app.addHook('onClose', async () => {
    // also those whose clients have gone, for whom no connection waits
    await Promise.allSettled(running)
    await jobs.finished()
    await idempotencyKeys.finished()
    await Promise.allSettled(background)
    // their spans are the last ones
    await tracing?.close()
    await jobs.close()
    await idempotencyKeys.close()
    quotaHistory.close()
    quota.close()
    replicas?.close()
    clients.close()
    redis?.close()
  })

  const sink =
    parts.audit ?? (config.AUDIT_FILE === undefined ? auditStdout() : auditFile(config.AUDIT_FILE))
  const audit = new AuditLog(sink)
  const keys =
    config.AUTH === 'api-key'
      ? reloadFile(config.API_KEYS_FILE ?? '', parseApiKeys, parts.logger)
      : undefined
  // later on, a file without keys withdraws them all
  if (keys?.current().length === 0) {
    keys.close()
    throw new KeysFileError('API_KEYS_FILE must hold a JSON list of at least one key')
  }
  app.addHook('onClose', () => {
    keys?.close()
    connections.close()
  })

  const components: Components = {
    connection: () => ({
      ready: true,
      detail: parts.sandbox ? 'sandbox: the embedded CloudTrail, not AWS' : 'AWS',
    }),
    ...(replicas && { redis: () => replicas.state }),
  }

  const currentKeys = keys && (() => keys.current())
  registerRequests(app, audit)
  const commandMetrics = registerCommandMetrics(app, metrics.registry, {
    ...components,
    audit: () => auditState(audit),
  })
  registerSecurityHeaders(app)
  if (!keys) registerSameSite(app, audit, isLoopback(config.HOST))
  registerStatusLogin(app)
  registerAuth(app, currentKeys, audit, metrics.registry)
  await registerOpenApi(app)
  registerErrors(app, audit)
  registerHealth(app, components)
  registerCatalogue(app)
  registerQuotas(app, quota, (request) =>
    connections
      .list()
      .filter(({ name }) => mayUseConnection(request, name))
      .map((connection) => accounts.quotaKeyOf(connection)),
  )
  registerMetrics(app, metrics, config.METRICS_AUTH)
  registerStatus(app, () => ({
    connections: connections.list().map((connection) => ({
      name: connection.name,
      endpoint: connection.endpoint,
      region: connection.region,
      accountId: accounts.accountOf(connection),
      sandbox: connection.sandbox,
    })),
    quotas: quotaHistory.list(),
    recent: recent.list(),
    needsKey: config.AUTH === 'api-key',
  }))
  registerJobs(app, jobs, audit)
  registerCommands(app, {
    connections,
    jobs,
    idempotencyKeys,
    audit,
    running,
    keys: currentKeys,
    protectedTrails: parseProtectedTrails(config.PROTECTED_TRAILS),
    clients,
    quota,
    reads: new SharedReads(),
    accounts,
    recent,
    observer: metrics,
    metrics: commandMetrics,
    tracing,
    tokens: new LookupTokens(tokenSecret(config, env)),
    densities: new Densities(),
    attemptTimeoutMs: config.AWS_TIMEOUT_MS,
    deadlineMs: config.DEADLINE_MS,
    background: (work, change) => {
      const finished = work.then(
        ({ output }) => {
          parts.logger.warn(change, 'a change was made after its command had been answered')
          auditLateChange(audit, change, { awsRequestId: output.$metadata.requestId })
        },
        (err: unknown) => {
          parts.logger.warn(
            { ...change, err },
            'a change failed after its command had been answered',
          )
          auditLateChange(audit, change, { code: (err as Error).name })
        },
      )
      background.add(finished)
      void finished.finally(() => background.delete(finished))
    },
  })
  return app
}
