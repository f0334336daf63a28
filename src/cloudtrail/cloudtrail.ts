import type { CloudTrailClient, ServiceOutputTypes } from '@aws-sdk/client-cloudtrail'
import type { Connection } from './connections/connection.js'
import { inRegion } from './connections/in-region.js'
import { apiClassOf } from '../aws/api-class.js'
import type { Operation } from '../aws/operations.js'
import type { Permit, PermitRequest, QueuePosition } from '../quota/permit.js'
import type { QuotaPool } from '../quota/quota-pool.js'
import type { StepPlace } from '../tracing/command-trace.js'
import type { AccountBook } from './account-book.js'
import { Attempts, readAnswers, takePermits, type AttemptOutcome } from './attempt.js'
import { callSignal, type CallContext } from './call-context.js'
import type { ClientPool } from './client-pool.js'
import { endedFailure } from './ended-failure.js'
import { FailureError, type Failure } from '../envelope/failure.js'
import type { PlannedWrite } from '../envelope/outcome.js'
import { internalFailure } from '../envelope/service-failure.js'
import { idempotencyKeyLost, keyRevoked, outcomeUnknownByDefect } from './service-failures.js'
import { sdkCommand, type InputOf, type OutputOf, type SdkCommand } from './sdk-commands.js'
import type { SharedReads } from './shared-reads.js'
import { checkProtected, refuseProtected, type GuardRails } from './guard-rails.js'
import { isExpiredSession, isThrottle } from './translate-error.js'
import { traceAttempts } from '../tracing/trace-attempts.js'
import { untilTimeUp } from './until-time-up.js'
import type { WireBody } from './wire-response.js'

/** What CloudTrail answered: as the SDK reads it (times are `Date`), and as it stood on the wire. */
export interface AwsResponse<Output> {
  output: Output
  body: WireBody
}

/** Who counts what calls do. */
export interface CallObserver {
  onWait(operation: Operation, region: string, waitedMs: number): void
  onAttempt(operation: Operation, region: string, outcome: AttemptOutcome): void
  onShared(operation: Operation, region: string): void
}

/** What calls share with all others of the process. */
export interface CallParts {
  quota: QuotaPool
  reads: SharedReads
  accounts: AccountBook
  clients: ClientPool
  /** The longest time of one attempt, in milliseconds. */
  attemptTimeoutMs: number
  /** Told how long each attempt waited for its permit, how it ended, and which reads were shared. */
  observer: CallObserver
  /** Told of changes that are still on the wire when their command is answered. */
  background: (work: Promise<AwsResponse<ServiceOutputTypes>>, change: LateChange) => void
}

/** A change that was still on the wire when its command was answered. */
export interface LateChange {
  operation: Operation
  trail: string
  connection: string
  region: string
  /** The name of the API key, or the address of the client. */
  caller: string
  requestId: string
}

/** What one call may ask for beside its input. */
export interface SendOptions {
  /** Ends a read where its command goes on: its answer is no longer wanted. */
  signal?: AbortSignal
  /** Told at each attempt of a read that has its permit, and so is on its way. */
  onPermit?: () => void
}

/** How one call is made. */
interface Flight<Name extends Operation> {
  operation: Name
  input: InputOf<Name>
  attempts: Attempts
  /** Ends the wait for permits, and a read's attempt. */
  signal: AbortSignal
  /** Whether those for whom it is made have made others before. */
  hasBegun: () => boolean
  onWait?: (place: QueuePosition) => void
  onStart?: () => void
}

/** @throws {FailureError} when a command that has begun may make no more changes */
function checkMayChange({ isAllowed, holdsKey }: CallContext): void {
  if (!isAllowed()) throw new FailureError(keyRevoked())
  if (holdsKey && !holdsKey()) throw new FailureError(idempotencyKeyLost())
}

/** CloudTrail for one command: one connection, one caller, one deadline. */
export class CloudTrail {
  /** CloudTrail for the same command in the region of its connection. */
  readonly origin: CloudTrail
  readonly #client: CloudTrailClient
  readonly #elsewhere = new Map<string, CloudTrail>()
  /** The inputs that are done, and how many there are, by region. */
  readonly #progress = new Map<string, { done: number; total: number }>()
  /** By scope, whether the quota would take too long. */
  readonly #refusals = new Map<string, Error | undefined>()

  constructor(
    readonly connection: Connection,
    private readonly parts: CallParts,
    private readonly context: CallContext,
    private readonly rails: GuardRails,
    origin?: CloudTrail,
  ) {
    this.origin = origin ?? this
    this.#client = parts.clients.for(connection)
  }

  /** Whether changes are told instead of sent. */
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

  /** Tells whoever follows the command how many of its inputs are done in this region; those of all regions add up. */
  progress(done: number, total: number): void {
    const all = this.origin.#progress.set(this.connection.region, { done, total })
    const sum = (of: 'done' | 'total') => [...all.values()].reduce((sum, one) => sum + one[of], 0)
    this.context.follower?.onProgress(sum('done'), sum('total'))
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
   * The failure that the response says of an error. An error that is no failure is a defect of the service: it is
   * logged, and after a write it leaves the outcome unknown.
   */
  failureOf(error: unknown): Failure {
    if (error instanceof FailureError) return error.failure
    this.context.onDefect(error)
    return this.context.changes.mayBeMade ? outcomeUnknownByDefect() : internalFailure()
  }

  /**
   * Sends one operation. Every attempt takes a permit of the quota; identical reads share their answer.
   *
   * A read in flight ends when nobody waits for it. A change in flight does not: it is finished, and only the waiting
   * for it ends.
   *
   * @throws {FailureError} with what the answer will say of it
   */
  async send<Name extends Operation>(
    operation: Name,
    input: InputOf<Name>,
    options: SendOptions = {},
  ): Promise<AwsResponse<OutputOf<Name>>> {
    const attempts = new Attempts()
    const { counters } = this.context
    try {
      this.context.ended.throwIfAborted()
      this.context.follower?.cancelled.throwIfAborted()
      return apiClassOf(operation) === 'write'
        ? await this.#change(operation, input, attempts)
        : await this.#read(operation, input, attempts, options)
    } catch (error) {
      const mayBeDone = attempts.lost > 0 || this.context.changes.mayBeRepeated
      throw new FailureError(endedFailure(error, this.context, attempts), mayBeDone)
    } finally {
      counters.apiCalls += attempts.started
      counters.throttled += attempts.throttled
      counters.queuedMs += attempts.queuedMs
    }
  }

  async #read<Name extends Operation>(
    operation: Name,
    input: InputOf<Name>,
    attempts: Attempts,
    options: SendOptions,
  ): Promise<AwsResponse<OutputOf<Name>>> {
    // the connection's id stands for endpoint, region and whose keys: no answer crosses accounts, keys or roles
    const key = `${this.connection.id}|${operation}|${JSON.stringify(input)}`
    const { reads } = this.parts
    this.#checkWait(operation, reads.placeOf(key))
    const ended = callSignal(this.context, () => attempts.started > 0)
    const signal = options.signal ? AbortSignal.any([ended, options.signal]) : ended
    const member = { signal, turn: this.context, hasBegun: this.#hasBegun }
    const { value, shared } = await reads.share(key, member, (control) =>
      this.#perform({
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
      this.parts.observer.onShared(operation, this.connection.region)
    }
    return value
  }

  async #change<Name extends Operation>(
    operation: Name,
    input: InputOf<Name>,
    attempts: Attempts,
  ): Promise<AwsResponse<OutputOf<Name>>> {
    checkProtected(this.rails, operation, input, this.connection)
    if (this.isDryRun) throw new Error('A dry run must not send a write.')
    this.#checkWait(operation)
    const { changes, timeUp } = this.context
    const work = this.#perform({
      operation,
      input,
      attempts,
      signal: callSignal(this.context, () => attempts.started > 0),
      hasBegun: () => this.#hasBegun,
    })
    try {
      const answer = await untilTimeUp(work, timeUp, attempts, () =>
        this.parts.background(work, this.#lateChange(operation, input)),
      )
      changes.mayBeMade = true
      return answer
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

  async #perform<Name extends Operation>(
    flight: Flight<Name>,
  ): Promise<AwsResponse<OutputOf<Name>>> {
    const { operation, input, attempts } = flight
    const command = sdkCommand(operation, input)
    const { attemptTimeoutMs, observer } = this.parts
    takePermits(
      command.middlewareStack,
      attempts,
      () => this.#takePermit(flight),
      (outcome) => observer.onAttempt(operation, this.connection.region, outcome),
    )
    readAnswers(command.middlewareStack, operation, attempts, attemptTimeoutMs)
    const { trace } = this.context
    if (trace) traceAttempts(command.middlewareStack, () => trace.attempt(this.#place(operation)))
    try {
      const output = await this.#sendUntilTaken(command, flight)
      const { requestId } = output.$metadata
      if (requestId !== undefined) this.context.awsRequestIds.push(requestId)
      this.#learn(operation, attempts.body)
      return { output, body: attempts.body }
    } catch (error) {
      this.#learn(operation, error as Error)
      throw error
    }
  }

  /**
   * Sends until AWS takes it: a throttle that outlasts the SDK's three attempts is tried again as long as the command
   * has time. The limiter has slowed down by then, and each attempt waits for a new permit. A role's session that has
   * expired before its time is renewed once; AWS did nothing with what it refused so.
   */
  async #sendUntilTaken<Name extends Operation>(
    command: SdkCommand<Name>,
    { operation, signal }: Flight<Name>,
  ): Promise<OutputOf<Name>> {
    const options = apiClassOf(operation) === 'write' ? {} : { abortSignal: signal }
    let renewals = 0
    for (;;) {
      const startedAt = performance.now()
      try {
        return await this.#client.send(command, options)
      } catch (error) {
        const { session } = this.connection
        const renewable = session !== undefined && isExpiredSession(error) && renewals++ === 0
        if (renewable) session.expiredAt(startedAt)
        if (signal.aborted || !(renewable || isThrottle(error))) throw error
      }
    }
  }

  /** Whether the command has made requests before. */
  get #hasBegun(): boolean {
    const { apiCalls, queuedMs, shared } = this.context.counters
    return apiCalls + queuedMs + shared > 0
  }

  /**
   * Refuses what the quota would let through too late. It is asked once, before the command's first request of a scope:
   * what has begun goes on as far as it gets.
   *
   * @param joined where the same request waits already for somebody else
   */
  #checkWait(operation: Operation, joined?: QueuePosition): void {
    const { quota } = this.parts
    const scope = quota.scopeOf(operation)
    if (!this.#refusals.has(scope)) {
      const request = this.#permitRequest(operation, this.context.ended)
      this.#refusals.set(scope, quota.refusal(request, joined))
    }
    const refusal = this.#refusals.get(scope)
    if (refusal) throw refusal
  }

  #permitRequest(operation: Operation, signal: AbortSignal): PermitRequest {
    const { connection, context } = this
    const { caller, command, deadline } = context
    const account = this.parts.accounts.quotaKeyOf(connection)
    return { account, region: connection.region, operation, caller, command, deadline, signal }
  }

  async #takePermit({ operation, attempts, signal, hasBegun, onWait, onStart }: Flight<Operation>) {
    const { context, connection } = this
    const isChange = apiClassOf(operation) === 'write'
    if (isChange) checkMayChange(context)
    const permit = await this.#wait({
      ...this.#permitRequest(operation, signal),
      hasBegun: attempts.started + attempts.queuedMs > 0 || hasBegun(),
      ...(onWait && { onWait }),
    })
    try {
      if (isChange) checkMayChange(context)
    } catch (error) {
      permit.done('unsent')
      throw error
    }
    this.parts.observer.onWait(operation, connection.region, permit.waitedMs)
    onStart?.()
    return permit
  }

  /** Waits for a permit, as a span of the command's trace where there is one. */
  async #wait(request: PermitRequest): Promise<Permit> {
    const end = this.context.trace?.wait(this.#place(request.operation))
    try {
      const permit = await this.parts.quota.take(request)
      end?.()
      return permit
    } catch (error) {
      end?.({}, (error as Error).name)
      throw error
    }
  }

  #place(operation: Operation): StepPlace {
    const { name, region } = this.connection
    return { operation, connection: name, region, accountId: this.accountId }
  }

  /** Learns whose account it is, so that the quota is counted with the account's others. */
  #learn(operation: Operation, answer: WireBody | Error): void {
    const account = this.parts.accounts.learn(this.connection, operation, answer)
    if (account !== undefined) this.parts.quota.merge(this.connection.id, account)
  }
}
