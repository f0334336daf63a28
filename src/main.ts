import closeWithGrace from 'close-with-grace'
import type { FastifyInstance } from 'fastify'
import { buildApp } from './app.js'
import { KeysFileError } from './auth/api-key.js'
import { ConfigError, readConfig, type Config } from './config.js'
import { ConnectionConfigError } from './cloudtrail/connections/connection-error.js'
import { AuditFileError } from './service/audit/check-audit-file.js'
import { ListenError, listenError } from './listen-error.js'
import { createLogger } from './log.js'
import { ProtectedTrailsError } from './service/protected-trails.js'
import { StandardOutput } from './standard-output.js'
import type { Sandbox } from './sandbox/sandbox.js'

/** How long the exit waits for the reader of standard output, in milliseconds. */
const LAST_LINES_MS = 2_000

/** The process: configuration, sandbox if asked for, app, listen, graceful shutdown. */
async function main(): Promise<void> {
  const config = readConfig()
  const output = new StandardOutput((count) => {
    logger.warn({ count }, 'log lines were dropped: standard output was not read')
  })
  const logger = createLogger(config.LOG_LEVEL, (line) => {
    output.writeLog(line)
  })
  const sandbox = config.SANDBOX ? await startConfiguredSandbox(config) : undefined
  let app: FastifyInstance | undefined
  try {
    app = await buildApp(config, {
      logger,
      audit: output,
      droppedLogLines: () => output.dropped,
      ...(sandbox && { sandbox }),
    })
    await listen(app, config)
  } catch (error) {
    await app?.close()
    await sandbox?.close()
    throw error
  }
  // every command ends at its deadline, and a write that is on the wire then at its timeout
  const delay = config.MAX_DEADLINE_MS + config.AWS_TIMEOUT_MS + LAST_LINES_MS
  closeWithGrace({ delay, logger }, async ({ err, signal }) => {
    if (err) logger.fatal({ err }, 'the process failed')
    else
      logger.info(
        { signal },
        'shutting down: new commands are refused, running ones and jobs finish',
      )
    await app.close()
    await sandbox?.close()
    await output.flush(LAST_LINES_MS)
  })
  if (sandbox) {
    // the address of a service that listens on every one of the machine is none that a browser opens
    const origin = app.listeningOrigin.replace(/0\.0\.0\.0|\[::\]/, 'localhost')
    logger.warn(
      { sandbox: sandbox.url },
      `SANDBOX: commands run on an embedded CloudTrail, not on AWS; try them at ${origin}/docs`,
    )
  }
}

async function startConfiguredSandbox(config: Config): Promise<Sandbox> {
  // loaded only where it is asked for
  const { startSandboxThread } = await import('./sandbox/thread.js')
  const { SANDBOX_HOST: host, SANDBOX_PORT: port } = config
  try {
    return await startSandboxThread({
      host,
      port,
      quotas: config.SANDBOX_QUOTAS,
      latencyMs: config.SANDBOX_LATENCY_MS,
      events: config.SANDBOX_EVENTS,
    })
  } catch (error) {
    const { cause = error } = error as Error
    const variables = { hostVariable: 'SANDBOX_HOST', portVariable: 'SANDBOX_PORT' }
    throw listenError(cause, { ...variables, host, port })
  }
}

async function listen(app: FastifyInstance, { HOST: host, PORT: port }: Config): Promise<void> {
  try {
    await app.listen({ host, port })
  } catch (error) {
    throw listenError(error, { hostVariable: 'HOST', host, portVariable: 'PORT', port })
  }
}

main().catch((error: unknown) => {
  const isFixable =
    error instanceof AuditFileError ||
    error instanceof ConfigError ||
    error instanceof ConnectionConfigError ||
    error instanceof KeysFileError ||
    error instanceof ListenError ||
    error instanceof ProtectedTrailsError
  // an error in the configuration takes one line; anything else is a defect, and needs its stack
  process.stderr.write(`${isFixable ? error.message : String((error as Error).stack)}\n`)
  // everything that was opened is closed by now, so that the process exits
  process.exitCode = 1
})
