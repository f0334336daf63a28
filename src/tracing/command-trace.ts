import {
  SpanKind,
  SpanStatusCode,
  trace,
  type Attributes,
  type Context,
  type Span,
  type Tracer,
} from '@opentelemetry/api'
import type { AttemptEnd } from '../cloudtrail/attempts.js'
import type { CallTrace, StepPlace } from '../cloudtrail/call-trace.js'
import type { CommandResponse } from '../envelope/envelope.js'

/**
 * The spans of one command: the command itself, and below it every wait for the quota and every attempt at AWS.
 *
 * Attributes say what ran where, and how it ended. They hold no input, no key and no message: AWS's messages may repeat
 * the input.
 */
export class CommandTrace implements CallTrace {
  readonly #span: Span
  readonly #inside: Context

  constructor(
    private readonly tracer: Tracer,
    command: string,
    attributes: Attributes,
    parent: Context,
  ) {
    this.#span = tracer.startSpan(
      command,
      { kind: SpanKind.SERVER, attributes: { 'cloudtrail.command': command, ...attributes } },
      parent,
    )
    this.#inside = trace.setSpan(parent, this.#span)
  }

  /** The id by which the collector finds the command. */
  get id(): string {
    return this.#span.spanContext().traceId
  }

  /** Starts the span of a wait for a permit. */
  wait(place: StepPlace): (errorName?: string) => void {
    const span = this.#startStep('quota wait', SpanKind.INTERNAL, {
      'cloudtrail.operation': place.operation,
      ...placeAttributes(place),
    })
    return (errorName) => endSpan(span, errorName)
  }

  /** Starts the span of an attempt at AWS, which has its permit. */
  attempt(place: StepPlace): (end: AttemptEnd) => void {
    const span = this.#startStep(`CloudTrail/${place.operation}`, SpanKind.CLIENT, {
      'rpc.system': 'aws-api',
      'rpc.service': 'CloudTrail',
      'rpc.method': place.operation,
      'cloudtrail.operation': place.operation,
      ...placeAttributes(place),
    })
    return (end) => {
      span.setAttributes(endAttributes(end))
      endSpan(span, end.errorName)
    }
  }

  /** Ends the trace of a command that has its response. */
  end({ envelope, status }: CommandResponse): void {
    const { returnData, errors, meta } = envelope
    this.#span.setAttributes({
      'cloudtrail.outcome': returnData,
      'cloudtrail.api_calls': meta.apiCalls,
      'cloudtrail.throttled': meta.throttled,
      'cloudtrail.queued_ms': meta.queuedMs,
      'http.response.status_code': status,
      ...(meta.accountId !== undefined && { 'cloud.account.id': meta.accountId }),
    })
    const failed = returnData === 'Failed' ? errors[0]?.code : undefined
    if (failed !== undefined) fail(this.#span, failed)
    this.#span.end()
  }

  /** Ends the trace of a command that has no response. */
  broke(error: unknown): void {
    fail(this.#span, error instanceof Error ? error.name : 'Error')
    this.#span.end()
  }

  #startStep(name: string, kind: SpanKind, attributes: Attributes): Span {
    return this.tracer.startSpan(name, { kind, attributes }, this.#inside)
  }
}

function endSpan(span: Span, errorName: string | undefined): void {
  if (errorName !== undefined) fail(span, errorName)
  span.end()
}

function endAttributes({ outcome, httpStatus, awsRequestId }: AttemptEnd): Attributes {
  return {
    'cloudtrail.outcome': outcome,
    ...(httpStatus !== undefined && { 'http.response.status_code': httpStatus }),
    ...(awsRequestId !== undefined && { 'aws.request_id': awsRequestId }),
  }
}

function placeAttributes({ connection, region, accountId }: StepPlace): Attributes {
  return {
    'cloudtrail.connection': connection,
    'cloud.region': region,
    ...(accountId !== undefined && { 'cloud.account.id': accountId }),
  }
}

function fail(span: Span, code: string): void {
  span.setAttribute('error.type', code)
  span.setStatus({ code: SpanStatusCode.ERROR })
}
