import { ExportResultCode, type ExportResult } from '@opentelemetry/core'
import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace'
import type { FastifyBaseLogger } from 'fastify'

/** Tells the log when spans stop reaching the collector, and when they do again: once each, however many are lost. */
export class ToldExporter implements SpanExporter {
  #isFailing = false

  constructor(
    private readonly exporter: SpanExporter,
    private readonly logger: FastifyBaseLogger,
  ) {}

  /** Sends spans, as the exporter does. */
  export(spans: ReadableSpan[], done: (result: ExportResult) => void): void {
    this.exporter.export(spans, (result) => {
      const isFailing = result.code !== ExportResultCode.SUCCESS
      if (isFailing && !this.#isFailing) {
        // not the error itself: it carries what the collector answered
        const reason = result.error?.message
        this.logger.warn({ reason }, 'traces do not reach the collector: they are lost')
      }
      if (!isFailing && this.#isFailing) this.logger.info('traces reach the collector again')
      this.#isFailing = isFailing
      done(result)
    })
  }

  /** Ends the exporter. */
  shutdown(): Promise<void> {
    return this.exporter.shutdown()
  }
}
