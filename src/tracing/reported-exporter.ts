import { ExportResultCode, type ExportResult } from '@opentelemetry/core'
import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace'
import type { Logger } from '../log.js'

/** Logs when spans stop reaching the collector, and when they reach it again: once each, however many are lost. */
export class ReportedExporter implements SpanExporter {
  #isFailing = false

  constructor(
    private readonly exporter: SpanExporter,
    private readonly logger: Logger,
  ) {}

  /** Exports spans. */
  export(spans: ReadableSpan[], done: (result: ExportResult) => void): void {
    this.exporter.export(spans, (result) => {
      const isFailing = result.code !== ExportResultCode.SUCCESS
      if (isFailing && !this.#isFailing) {
        // not the error itself: it carries the response of the collector
        const reason = result.error?.message
        this.logger.warn({ reason }, 'traces do not reach the collector: they are lost')
      }
      if (!isFailing && this.#isFailing) this.logger.info('traces reach the collector again')
      this.#isFailing = isFailing
      done(result)
    })
  }

  /** Shuts the exporter down. */
  shutdown(): Promise<void> {
    return this.exporter.shutdown()
  }
}
