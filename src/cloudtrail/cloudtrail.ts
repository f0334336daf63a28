import { apiClassOf } from '../aws/api-class.js'
import type { Operation } from '../aws/operations.js'
import { FailureError, type Failure } from '../envelope/failure.js'
import type { PlannedWrite } from '../envelope/outcome.js'
import { internalFailure } from '../envelope/service-failure.js'
import { Attempts } from './attempts.js'
import { callSignal, type CallContext } from './call-context.js'
import { callFailure } from './call-failure.js'
import type { AwsResponse, CallParts, LateChange } from './call-parts.js'
import { CallSender } from './call-sender.js'
import type { Connection } from './connections/connection.js'
import { inRegion } from './connections/in-region.js'
import { checkProtected, refuseProtected, type GuardRails } from './guard-rails.js'
import { Progress } from './progress.js'
import { QuotaGate } from './quota-gate.js'
import type { InputOf, OutputOf } from './sdk-commands.js'
import { outcomeUnknownByDefect } from './service-failures.js'
import { untilDeadline } from './write-deadline.js'

export type { AwsResponse, CallParts, LateChange }

/** The options of one read. */
export interface SendOptions {
  /** Ends a read whose response is no longer wanted, while its command continues. */
  signal?: AbortSignal
  /** Called at each attempt of a read that has its permit, and so is about to be sent. */
  onPermit?: () => void
}

/** CloudTrail for one command: one connection, one caller, one deadline. */
export class CloudTrail {
  /** CloudTrail for the same command in the region of its connection. */
  readonly origin: CloudTrail
  readonly #gate: QuotaGate
  readonly #sender: CallSender
  readonly #elsewhere = new Map<string, CloudTrail>()
  readonly #progress: Progress

  constructor(
    readonly connection: Connection,
    private readonly parts: CallParts,
    private readonly context: CallContext,
    private readonly rails: GuardRails,
    origin?: CloudTrail,
  ) {
    this.origin = origin ?? this
    this.#progress = origin ? origin.#progress : new Progress(context.follower)
    this.#gate = new QuotaGate(connection, parts, context)
    this.#sender = new CallSender(connection, parts, context, this.#gate)
  }

  /** Whether writes are reported instead of sent. */
  get isDryRun(): boolean {
    return this.rails.dryRun
  }

  /** The account, where it is known. */
  get accountId(): string | undefined {
    return this.parts.accounts.accountOf(this.connection)
  }

  /**
   * CloudTrail in another region, for the same command and as the same identity.
   *
   * @throws {FailureError} when the connection does not reach that region
   */
  in(region: string): CloudTrail {
    if (region === this.connection.region) return this
    const { connection, parts, context, rails, origin } = this
    const there =
      this.#elsewhere.get(region) ??
      new CloudTrail(inRegion(connection, region), parts, context, rails, origin)
    this.#elsewhere.set(region, there)
    return there
  }

  /** Sets the trails that the command works on, for the record of its intent. */
  set inputs(trails: readonly string[]) {
    this.context.inputs = trails
  }

  /** Reports how many of the command's inputs are done in this region; the follower gets the sum over all regions. */
  progress(done: number, total: number): void {
    this.#progress.report(this.connection.region, done, total)
  }

  /**
   * The write that a dry run does not send; it passes the same guard rails.
   *
   * @throws {FailureError} `ProtectedTrail`
   */
  plan<Name extends Operation>(operation: Name, input: InputOf<Name>): PlannedWrite {
    checkProtected(this.rails, operation, input, this.connection)
    return { operation, input: JSON.parse(JSON.stringify(input)) as Record<string, unknown> }
  }

  /** @throws {FailureError} `ProtectedTrail`, for an operation that would weaken a protected trail */
  checkProtected(operation: Operation, trail: string): void {
    refuseProtected(this.rails, operation, trail, this.connection)
  }

  /**
   * The failure that the response reports for an error. An error that is no failure is a defect of the service: it is
   * logged, and after a write it leaves the outcome unknown.
   */
  failureOf(error: unknown): Failure {
    if (error instanceof FailureError) return error.failure
    this.context.onDefect(error)
    return this.context.changes.mayBeMade ? outcomeUnknownByDefect() : internalFailure()
  }

  /**
   * Sends one operation. Every attempt takes a permit of the quota; identical reads share their response.
   *
   * A read in flight ends when nobody waits for it. A write in flight does not: it is finished, and only the waiting
   * for it ends.
   *
   * @throws {FailureError} with the failure that the response will report
   */
  async send<Name extends Operation>(
    operation: Name,
    input: InputOf<Name>,
    options: SendOptions = {},
  ): Promise<AwsResponse<OutputOf<Name>>> {
    const attempts = new Attempts()
    const { context } = this
    try {
      context.ended.throwIfAborted()
      context.follower?.cancelled.throwIfAborted()
      return apiClassOf(operation) === 'write'
        ? await this.#write(operation, input, attempts)
        : await this.#read(operation, input, attempts, options)
    } catch (error) {
      const mayBeDone = attempts.lost > 0 || context.changes.mayBeRepeated
      throw new FailureError(callFailure(error, context, attempts), mayBeDone)
    } finally {
      context.counters.apiCalls += attempts.started
      context.counters.throttled += attempts.throttled
      context.counters.queuedMs += attempts.queuedMs
    }
  }

  async #read<Name extends Operation>(
    operation: Name,
    input: InputOf<Name>,
    attempts: Attempts,
    options: SendOptions,
  ): Promise<AwsResponse<OutputOf<Name>>> {
    // the connection's id stands for endpoint, region and identity: no response crosses accounts, keys or roles
    const key = `${this.connection.id}|${operation}|${JSON.stringify(input)}`
    const { reads, observer } = this.parts
    this.#gate.checkWait(operation, reads.placeOf(key))
    const ended = callSignal(this.context, () => attempts.started > 0)
    const signal = options.signal ? AbortSignal.any([ended, options.signal]) : ended
    const member = { signal, turn: this.context, hasBegun: this.#gate.hasBegun }
    const { value, shared } = await reads.share(key, member, (control) =>
      this.#sender.send({
        operation,
        input,
        attempts,
        ...control,
        onStart: () => {
          control.onStart()
          options.onPermit?.()
        },
      }),
    )
    if (shared) {
      this.context.counters.shared += 1
      observer.onShared(operation, this.connection.region)
    }
    return value
  }

  async #write<Name extends Operation>(
    operation: Name,
    input: InputOf<Name>,
    attempts: Attempts,
  ): Promise<AwsResponse<OutputOf<Name>>> {
    checkProtected(this.rails, operation, input, this.connection)
    if (this.isDryRun) throw new Error('A dry run must not send a write.')
    this.#gate.checkWait(operation)
    const { changes, timeUp } = this.context
    const work = this.#sender.send({
      operation,
      input,
      attempts,
      signal: callSignal(this.context, () => attempts.started > 0),
      hasBegun: () => this.#gate.hasBegun,
    })
    try {
      const response = await untilDeadline(work, timeUp, attempts, () =>
        this.parts.background(work, this.#lateChange(operation, input)),
      )
      changes.mayBeMade = true
      return response
    } finally {
      if (attempts.lost > 0 || attempts.inFlight) changes.mayBeMade = true
    }
  }

  #lateChange(operation: Operation, input: object): LateChange {
    const { Name, TrailName, ResourceId } = input as Record<string, string | undefined>
    const { name: connection, region } = this.connection
    const trail = Name ?? TrailName ?? ResourceId ?? ''
    const { caller, command: requestId } = this.context
    return { operation, trail, connection, region, caller, requestId }
  }
}
