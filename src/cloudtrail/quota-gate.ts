import { apiClassOf } from '../aws/api-class.js'
import type { Operation } from '../aws/operations.js'
import { FailureError } from '../envelope/failure.js'
import type { Permit, PermitRequest, QueuePosition } from '../quota/permit.js'
import type { Attempts } from './attempts.js'
import type { CallContext } from './call-context.js'
import type { CallParts } from './call-parts.js'
import type { StepPlace } from './call-trace.js'
import type { Connection } from './connections/connection.js'
import { idempotencyKeyLost, keyRevoked } from './service-failures.js'

/** One call at the quota. */
export interface Applicant {
  operation: Operation
  attempts: Attempts
  /** Ends the wait for permits. */
  signal: AbortSignal
  /** Whether one of the commands for which the call is made has made others before. */
  hasBegun: () => boolean
  /** Receives the position in the queue. */
  onWait?: (position: QueuePosition) => void
  /** Called when the permit is there. */
  onStart?: () => void
}

/** The quota as one command uses it over one connection. */
export class QuotaGate {
  /** By scope, the error of a quota whose wait would pass the deadline. */
  readonly #refusals = new Map<string, Error | undefined>()

  constructor(
    private readonly connection: Connection,
    private readonly parts: CallParts,
    private readonly context: CallContext,
  ) {}

  /** The target of an operation, for traces. */
  placeOf(operation: Operation): StepPlace {
    const { name, region } = this.connection
    const accountId = this.parts.accounts.accountOf(this.connection)
    return { operation, connection: name, region, accountId }
  }

  /** Whether the command has made requests before. */
  get hasBegun(): boolean {
    const { apiCalls, queuedMs, shared } = this.context.counters
    return apiCalls + queuedMs + shared > 0
  }

  /**
   * Refuses a call whose permit would come too late. The quota is asked once, before the command's first request of a
   * scope: a command that has begun continues as far as it gets.
   *
   * @param joined the position of the same request, where it already waits for another command
   * @throws the quota's error
   */
  checkWait(operation: Operation, joined?: QueuePosition): void {
    const { quota } = this.parts
    const scope = quota.scopeOf(operation)
    if (!this.#refusals.has(scope)) {
      const request = this.#request(operation, this.context.ended)
      this.#refusals.set(scope, quota.refusal(request, joined))
    }
    const refusal = this.#refusals.get(scope)
    if (refusal) throw refusal
  }

  /**
   * Waits for the permit of one attempt.
   *
   * @throws {FailureError} when a command that has begun may make no more writes, or its intent cannot be recorded
   */
  async take(applicant: Applicant): Promise<Permit> {
    const { operation, attempts, signal, hasBegun, onWait, onStart } = applicant
    const isWrite = apiClassOf(operation) === 'write'
    if (isWrite) this.#checkMayWrite()
    const permit = await this.#wait({
      ...this.#request(operation, signal),
      hasBegun: attempts.started + attempts.queuedMs > 0 || hasBegun(),
      ...(onWait && { onWait }),
    })
    try {
      if (isWrite) {
        await this.context.intent?.declare(this.context.inputs)
        this.#checkMayWrite()
      }
    } catch (error) {
      permit.done('unsent')
      throw error
    }
    this.parts.observer.onWait(operation, this.connection.region, permit.waitedMs)
    onStart?.()
    return permit
  }

  /** @throws {FailureError} when the key was revoked, or the idempotency key may belong to others by now */
  #checkMayWrite(): void {
    const { isAllowed, holdsKey } = this.context
    if (!isAllowed()) throw new FailureError(keyRevoked())
    if (holdsKey && !holdsKey()) throw new FailureError(idempotencyKeyLost())
  }

  #request(operation: Operation, signal: AbortSignal): PermitRequest {
    const { caller, command, deadline } = this.context
    const account = this.parts.accounts.quotaKeyOf(this.connection)
    const { region } = this.connection
    return { account, region, operation, caller, command, deadline, signal }
  }

  /** Waits for a permit, as a span of the command's trace where there is one. */
  async #wait(request: PermitRequest): Promise<Permit> {
    const end = this.context.trace?.wait(this.placeOf(request.operation))
    try {
      const permit = await this.parts.quota.take(request)
      end?.()
      return permit
    } catch (error) {
      end?.((error as Error).name)
      throw error
    }
  }
}
