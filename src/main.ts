import closeWithGrace from 'close-with-grace'
import { buildApp } from './app.js'
import { KeysFileError } from './auth/api-key.js'
import { ConfigError, readConfig, type Config } from './config.js'
import { ConnectionConfigError } from './cloudtrail/connections/connection-error.js'
import { MAX_DEADLINE_MS } from './http/check-request.js'
import { createLogger } from './log.js'
import type { Sandbox } from './sandbox/sandbox.js'

/** The process: configuration, sandbox if asked for, app, listen, graceful end. */
async function main(): Promise<void> {
  const config = readConfig()
  const logger = createLogger(config.LOG_LEVEL)
  const sandbox = config.SANDBOX ? await startConfiguredSandbox(config) : undefined
  const app = await buildApp(config, { logger, ...(sandbox && { sandbox }) })
  // every command ends by its own deadline, so that waiting for them is bounded
  closeWithGrace({ delay: MAX_DEADLINE_MS, logger }, async ({ err, signal }) => {
    if (err) logger.fatal({ err }, 'the process failed')
    else logger.info({ signal }, 'ending: no new requests, running ones finish')
    await app.close()
    await sandbox?.close()
  })
  await app.listen({ host: config.HOST, port: config.PORT })
  if (sandbox) {
    logger.warn(
      { sandbox: sandbox.url },
      'SANDBOX: commands run on an embedded CloudTrail, not on AWS',
    )
  }
}

async function startConfiguredSandbox(config: Config): Promise<Sandbox> {
  // loaded only where it is asked for: a service on AWS starts without it
  const { startSandbox } = await import('./sandbox/sandbox.js')
  return startSandbox({
    host: config.SANDBOX_HOST,
    port: config.SANDBOX_PORT,
    quotas: config.SANDBOX_QUOTAS,
    latencyMs: config.SANDBOX_LATENCY_MS,
    events: config.SANDBOX_EVENTS,
  })
}

main().catch((error: unknown) => {
  const mendable =
    error instanceof ConfigError ||
    error instanceof ConnectionConfigError ||
    error instanceof KeysFileError ||
    ['EADDRINUSE', 'ENOENT', 'EACCES'].includes((error as NodeJS.ErrnoException).code ?? '')
  // a fault of the configuration is told in one line; anything else is a defect, and needs its stack
  process.stderr.write(`${mendable ? (error as Error).message : String((error as Error).stack)}\n`)
  process.exit(1)
})
