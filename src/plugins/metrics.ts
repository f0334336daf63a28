import fp from 'fastify-plugin'
import { Registry } from 'prom-client'
import { createAuditMetrics } from '../metrics/audit-metrics.js'
import { createCallMetrics } from '../metrics/call-metrics.js'
import { createCommandMetrics } from '../metrics/command-metrics.js'
import { createComponentMetrics } from '../metrics/component-metrics.js'
import { createProcessMetrics } from '../metrics/process-metrics.js'
import type { Config } from '../config.js'
import { tpsOf } from './quota.js'

/** Status of a request whose client disconnected before its response, as proxies write it. */
const CLIENT_CLOSED = 499

declare module 'fastify' {
  interface FastifyInstance {
    metrics: {
      registry: Registry
      /** Counts attempts at AWS. */
      calls: ReturnType<typeof createCallMetrics>
      /** Counts commands. */
      commands: ReturnType<typeof createCommandMetrics>
    }
  }
}

/** Options of the plugin. */
export interface MetricsOptions {
  config: Config
  /** The number of log lines that were dropped so far. */
  droppedLogLines: () => number
}

/** Owns the metrics of the process, and counts the requests for commands, whatever part responds to them. */
export const metricsPlugin = fp<MetricsOptions>(
  async (app, { config, droppedLogLines }) => {
    const registry = new Registry()
    createProcessMetrics(registry)
    const calls = createCallMetrics(registry, app.quota, tpsOf(config))
    const commands = createCommandMetrics(registry)
    createComponentMetrics(registry, { ...app.components, audit: () => app.audit.state() })
    createAuditMetrics(registry, () => ({
      ...app.audit.state(),
      droppedLogLines: droppedLogLines(),
    }))
    app.decorate('metrics', { registry, calls, commands })
    app.addHook('onRequest', (request, reply, done) => {
      const command = request.routeOptions.config.command?.name
      if (command !== undefined) {
        commands.onRequest(command)
        // emitted after the last byte, and when the client disconnects before it
        reply.raw.once('close', () => {
          const { writableFinished, statusCode } = reply.raw
          const status = writableFinished ? statusCode : CLIENT_CLOSED
          commands.onRequestEnd(command, status, performance.now() - request.startedAt)
        })
      }
      done()
    })
  },
  { name: 'metrics', dependencies: ['quota', 'components', 'audit'] },
)
