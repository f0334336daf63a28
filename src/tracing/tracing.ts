import { defaultTextMapGetter, ROOT_CONTEXT, type Attributes } from '@opentelemetry/api'
import { W3CTraceContextPropagator } from '@opentelemetry/core'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { resourceFromAttributes } from '@opentelemetry/resources'
import {
  AlwaysOnSampler,
  BatchSpanProcessor,
  ParentBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace'
import type { IncomingHttpHeaders } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from '../log.js'
import { VERSION } from '../version.js'
import type { Collector } from './collector.js'
import { CommandTrace } from './command-trace.js'
import { ReportedExporter } from './reported-exporter.js'

/** Timeout of one batch, and of the last one at shutdown, in milliseconds. */
const EXPORT_TIMEOUT_MS = 2_000

/** The longest value of an attribute, in characters. */
const MAX_TEXT = 256

/**
 * Sends a trace of every command to an OpenTelemetry collector, over OTLP/HTTP. Spans wait in a bounded queue (2048
 * spans; more are dropped) and are sent in the background: no command waits for the collector.
 *
 * This module brings OpenTelemetry's packages with it, and is imported only where a collector is configured.
 */
export class Tracing {
  readonly #provider: TracerProvider
  readonly #propagator = new W3CTraceContextPropagator()

  constructor(collector: Collector, serviceName: string, logger: Logger) {
    const exporter = new OTLPTraceExporter({ ...collector, timeoutMillis: EXPORT_TIMEOUT_MS })
    this.#provider = new TracerProvider({
      resource: resourceFromAttributes({
        'service.name': serviceName,
        'service.version': VERSION,
      }),
      // a caller with its own trace decides whether it is recorded
      sampler: new ParentBasedSampler({ root: new AlwaysOnSampler() }),
      spanLimits: { attributeValueLengthLimit: MAX_TEXT },
      spanProcessors: [
        new BatchSpanProcessor({
          exporter: new ReportedExporter(exporter, logger),
          scheduledDelayMillis: 1_000,
          exportTimeoutMillis: EXPORT_TIMEOUT_MS,
        }),
      ],
    })
  }

  /**
   * Starts the trace of a command, below the caller's when its request has a `traceparent`.
   *
   * @param headers of the request
   */
  start(command: string, attributes: Attributes, headers: IncomingHttpHeaders): CommandTrace {
    const parent = this.#propagator.extract(ROOT_CONTEXT, headers, defaultTextMapGetter)
    const tracer = this.#provider.getTracer('cloudtrail-commands', VERSION)
    return new CommandTrace(tracer, command, attributes, parent)
  }

  /** Sends what is left, for at most two seconds: an unavailable collector does not delay the shutdown further. */
  async close(): Promise<void> {
    const ended = new AbortController()
    const { signal } = ended
    // the exporter logs failures
    const sent = this.#provider.shutdown().catch(() => undefined)
    // a retry may outlast the time of its batch
    await Promise.race([sent, sleep(EXPORT_TIMEOUT_MS, undefined, { signal })])
    ended.abort()
  }
}
