import fp from 'fastify-plugin'
import type { Config } from '../config.js'
import { readCollector } from '../tracing/collector.js'
import type { Tracing } from '../tracing/tracing.js'

declare module 'fastify' {
  interface FastifyInstance {
    /** Sends traces; `undefined` where no collector is configured. */
    tracing: Tracing | undefined
  }
}

/** Starts tracing where a collector is configured. OpenTelemetry's packages are loaded only then. */
export const tracingPlugin = fp<{ config: Config }>(
  async (app, { config }) => {
    const collector = readCollector(config)
    if (!collector) {
      app.decorate('tracing', undefined)
      return
    }
    const { Tracing } = await import('../tracing/tracing.js')
    const tracing = new Tracing(collector, config.OTEL_SERVICE_NAME, app.log)
    app.decorate('tracing', tracing)
    app.addHook('onClose', () => tracing.close())
  },
  { name: 'tracing' },
)
