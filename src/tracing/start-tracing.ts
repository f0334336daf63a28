import type { FastifyBaseLogger } from 'fastify'
import type { Config } from '../config.js'
import { readCollector } from './collector.js'
import type { Tracing } from './tracing.js'

/**
 * Starts tracing where a collector is configured. OpenTelemetry's packages are loaded only then: they would cost every
 * start their time.
 */
export async function startTracing(
  config: Config,
  logger: FastifyBaseLogger,
): Promise<Tracing | undefined> {
  const collector = readCollector(config)
  if (!collector) return undefined
  const { Tracing } = await import('./tracing.js')
  return new Tracing(collector, config.OTEL_SERVICE_NAME, logger)
}
