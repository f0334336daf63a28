import {
  SpanKind,
  SpanStatusCode,
  trace,
  type Attributes,
  type Context,
  type Span,
  type Tracer,
} from '@opentelemetry/api'
import type { Operation } from '../aws/operations.js'
import type { CommandResponse } from '../envelope/envelope.js'

/** Where a step of a command goes. */
export interface StepPlace {
  /** The AWS operation, for example DescribeTrails. */
  operation: Operation
  connection: string
  region: string
  accountId: string | undefined
}

/** A step that has begun: it ends once, well or with the code of its error. */
export type EndStep = (attributes?: Attributes, errorCode?: string) => void

/**
 * The spans of one command: the command itself, and below it every wait for the quota and every attempt at AWS.
 *
 * Attributes tell what ran where, and how it ended. They hold no input, no key and no message: what AWS says in a
 * message may repeat what was asked.
 */
export class CommandTrace {
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

  /** A wait for a permit of the quota begins. */
  wait(place: StepPlace): EndStep {
    return this.#step('quota wait', SpanKind.INTERNAL, {
      'cloudtrail.operation': place.operation,
      ...placeAttributes(place),
    })
  }

  /** An attempt at AWS begins: its permit is there. */
  attempt(place: StepPlace): EndStep {
    return this.#step(`CloudTrail/${place.operation}`, SpanKind.CLIENT, {
      'rpc.system': 'aws-api',
      'rpc.service': 'CloudTrail',
      'rpc.method': place.operation,
      'cloudtrail.operation': place.operation,
      ...placeAttributes(place),
    })
  }

  /** The command has its answer. */
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

  /* c8 ignore start -- only a defect of the service ends a command so */
  /** The command ended without an answer. */
  broke(error: unknown): void {
    fail(this.#span, error instanceof Error ? error.name : 'Error')
    this.#span.end()
  }
  /* c8 ignore stop */

  #step(name: string, kind: SpanKind, attributes: Attributes): EndStep {
    const span = this.tracer.startSpan(name, { kind, attributes }, this.#inside)
    return (more = {}, errorCode) => {
      span.setAttributes(more)
      if (errorCode !== undefined) fail(span, errorCode)
      span.end()
    }
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
