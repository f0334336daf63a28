import type { FastifyInstance } from 'fastify'
import { Counter, Gauge, Histogram, type Registry } from 'prom-client'
import type { Components } from './health.js'
import { BoundedLabel } from './bounded-label.js'
import type { CommandResponse } from '../envelope/envelope.js'
import { commandOf } from './requests.js'

/** AWS's error codes that get a label of their own; CloudTrail has about sixty. */
const MAX_CODES = 100

/** The status of a request whose client hung up before its answer, as proxies write it. */
const HUNG_UP = 499

/** Rate, errors and duration by command. */
export interface CommandMetrics {
  /** A command was run to its answer, at once, as a job or as a stream. */
  onCommand(answer: CommandResponse): void
}

/**
 * Counts what the routes of the commands answer, whoever answers it: the command, the check of keys, the error handler.
 *
 * @param parts whose state is shown as `cloudtrail_component_up`
 */
export function registerCommandMetrics(
  app: FastifyInstance,
  registry: Registry,
  parts: Components,
): CommandMetrics {
  const registers = [registry]
  const requests = new Counter({
    name: 'cloudtrail_requests_total',
    help: 'Requests for a command, by the status of the answer.',
    labelNames: ['command', 'status'],
    registers,
  })
  const commands = new Counter({
    name: 'cloudtrail_commands_total',
    help: 'Commands that were run, by the status of their own answer, also where the request got that of a job or stream.',
    labelNames: ['command', 'status'],
    registers,
  })
  const durations = new Histogram({
    name: 'cloudtrail_request_duration_seconds',
    help: 'Time from a request for a command to the end of its answer.',
    labelNames: ['command'],
    buckets: [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300],
    registers,
  })
  const running = new Gauge({
    name: 'cloudtrail_requests_running',
    help: 'Requests for a command that are not answered yet.',
    labelNames: ['command'],
    registers,
  })
  const errors = new Counter({
    name: 'cloudtrail_command_errors_total',
    help: 'Errors in the answers of commands, one for each input that failed, by source and code.',
    labelNames: ['command', 'source', 'code'],
    registers,
  })
  const up = new Gauge<'component'>({
    name: 'cloudtrail_component_up',
    help: 'Whether a part of the service is there: 1, or 0 while it is not.',
    labelNames: ['component'],
    registers,
    collect() {
      for (const [component, state] of Object.entries(parts)) {
        const { ready, up: isUp = ready } = state()
        up.set({ component }, isUp ? 1 : 0)
      }
    },
  })
  const codes = new BoundedLabel(MAX_CODES)

  app.addHook('onRequest', (request, reply, done) => {
    const command = commandOf(request)?.name
    if (command !== undefined) {
      running.inc({ command })
      // comes after the last byte, and when the client hangs up before it
      reply.raw.once('close', () => {
        running.dec({ command })
        requests.inc({
          command,
          status: reply.raw.writableFinished ? reply.raw.statusCode : HUNG_UP,
        })
        durations.observe({ command }, (performance.now() - request.startedAt) / 1000)
      })
    }
    done()
  })
  return {
    onCommand({ status, envelope: { command: name, errors: failures } }) {
      const command = name ?? ''
      commands.inc({ command, status })
      for (const { source, code } of failures) {
        errors.inc({ command, source, code: codes.of(code) })
      }
    },
  }
}
