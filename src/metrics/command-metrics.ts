import { Counter, Gauge, Histogram, type Registry } from 'prom-client'
import type { CommandResponse } from '../envelope/envelope.js'
import { BoundedLabel } from './bounded-label.js'

/** The most error codes of AWS that get a label of their own; CloudTrail has about sixty. */
const MAX_CODES = 100

/** Creates the metrics of commands: rate, errors and duration. */
export function createCommandMetrics(registry: Registry) {
  const registers = [registry]
  const requests = new Counter({
    name: 'cloudtrail_requests_total',
    help: 'Requests for a command, by the status of the response.',
    labelNames: ['command', 'status'],
    registers,
  })
  const commands = new Counter({
    name: 'cloudtrail_commands_total',
    help: 'Commands that ran, by the status of their own response, also where the request got that of a job or stream.',
    labelNames: ['command', 'status'],
    registers,
  })
  const durations = new Histogram({
    name: 'cloudtrail_request_duration_seconds',
    help: 'Time from a request for a command to the end of its response.',
    labelNames: ['command'],
    buckets: [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300],
    registers,
  })
  const running = new Gauge({
    name: 'cloudtrail_requests_running',
    help: 'Requests for a command that have no response yet.',
    labelNames: ['command'],
    registers,
  })
  const errors = new Counter({
    name: 'cloudtrail_command_errors_total',
    help: 'Errors in the responses of commands, one for each input that failed, by source and code.',
    labelNames: ['command', 'source', 'code'],
    registers,
  })
  const codes = new BoundedLabel(MAX_CODES)

  return {
    /** Counts a request for a command that has arrived. */
    onRequest(command: string): void {
      running.inc({ command })
    },
    /** Counts a request for a command that has its response, or whose client disconnected. */
    onRequestEnd(command: string, status: number, durationMs: number): void {
      running.dec({ command })
      requests.inc({ command, status })
      durations.observe({ command }, durationMs / 1000)
    },
    /** Counts a command that ran to its response: at once, as a job or as a stream. */
    onCommand({ status, envelope: { command: name, errors: failures } }: CommandResponse): void {
      const command = name ?? ''
      commands.inc({ command, status })
      for (const { source, code } of failures) {
        errors.inc({ command, source, code: codes.of(code) })
      }
    },
  }
}
