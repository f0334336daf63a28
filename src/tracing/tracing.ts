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
import type { FastifyBaseLogger } from 'fastify'
import type { IncomingHttpHeaders } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { VERSION } from '../version.js'
import type { Collector } from './collector.js'
import { CommandTrace } from './command-trace.js'
import { ToldExporter } from './told-exporter.js'

/** How long the collector may take for one batch, and the end of the service for the last one, in milliseconds. */
const EXPORT_TIMEOUT_MS = 2_000

/** The longest text of an attribute. */
const MAX_TEXT = 256

/**
 * Sends a trace of every command to an OpenTelemetry collector, over OTLP/HTTP. Spans wait in a queue of bounded length
 * (2048; what comes on top of it is lost) and are sent in the background: no command waits for the collector.
 *
 * This module brings OpenTelemetry's packages with it, and is imported only where a collector is configured.
 */
export class Tracing {
  readonly #provider: TracerProvider
  readonly #propagator = new W3CTraceContextPropagator()

  constructor(collector: Collector, serviceName: string, logger: FastifyBaseLogger) {
    const exporter = new OTLPTraceExporter({ ...collector, timeoutMillis: EXPORT_TIMEOUT_MS })
    this.#provider = new TracerProvider({
      resource: resourceFromAttributes({
        'service.name': serviceName,
        'service.version': VERSION,
      }),
      // who calls with a trace of its own decides whether it is recorded
      sampler: new ParentBasedSampler({ root: new AlwaysOnSampler() }),
      spanLimits: { attributeValueLengthLimit: MAX_TEXT },
      spanProcessors: [
        new BatchSpanProcessor({
          exporter: new ToldExporter(exporter, logger),
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

  /** Sends what is left, for at most two seconds: a collector that is away does not keep the service from ending. */
  async close(): Promise<void> {
    const ended = new AbortController()
    const { signal } = ended
    // what cannot be sent was told to the log
    const sent = this.#provider.shutdown().catch(() => undefined)
    // a retry may outlast the time of its batch
    await Promise.race([sent, sleep(EXPORT_TIMEOUT_MS, undefined, { signal })])
    ended.abort()
  }
}
