import type {
  CloudTrailClient,
  CloudTrailClientResolvedConfig,
  ServiceInputTypes,
  ServiceOutputTypes,
} from '@aws-sdk/client-cloudtrail'
import type { Command } from '@smithy/types'
import type { Connection } from '../connections/connection.js'
import { apiClassOf } from '../quota/api-class.js'
import { QuotaQueueFullError, QuotaWaitError, type Permit } from '../quota/permit.js'
import type { QuotaPool } from '../quota/quota-pool.js'
import type { AccountBook } from './account-book.js'
import { readAnswers, takePermits, type Attempts } from './attempt.js'
import type { CallContext } from './call-context.js'
import { FailureError, type Failure } from './failure.js'
import {
  clientClosedRequest,
  deadlineExceeded,
  outcomeUnknown,
  quotaRefused,
} from './service-failures.js'
import { isThrottle, translateError } from './translate-error.js'
import type { WireBody } from './wire-answer.js'

/** A command of the SDK for CloudTrail. */
export type CloudTrailCommand<
  Input extends ServiceInputTypes,
  Output extends ServiceOutputTypes,
> = Command<ServiceInputTypes, Input, ServiceOutputTypes, Output, CloudTrailClientResolvedConfig>

/** What CloudTrail answered: as the SDK reads it (times are `Date`), and as it stood on the wire. */
export interface Answer<Output> {
  output: Output
  body: WireBody
}

/** What calls share with all others of the process. */
export interface CallParts {
  quota: QuotaPool
  accounts: AccountBook
  /** The longest time of one attempt, in milliseconds. */
  attemptTimeoutMs: number
  /** Told of changes that are still on the wire when their command is answered. */
  background: (work: Promise<unknown>, what: Record<string, unknown>) => void
}

/** CloudTrail for one command: one connection, one caller, one deadline. */
export class CloudTrail {
  /** Whether a call of this command has had a permit: from then on it waits rather than being refused. */
  #admitted = false

  constructor(
    readonly connection: Connection,
    private readonly client: CloudTrailClient,
    private readonly parts: CallParts,
    private readonly context: CallContext,
  ) {}

  /**
   * Sends one operation. Every attempt takes a permit of the quota.
   *
   * A read in flight ends with its caller and at its deadline. A change in flight does not: it is finished, and only
   * the waiting for it ends.
   *
   * @throws {FailureError} with what the answer will say of it
   */
  async send<Input extends ServiceInputTypes, Output extends ServiceOutputTypes>(
    command: CloudTrailCommand<Input, Output>,
  ): Promise<Answer<Output>> {
    const { context } = this
    const operation = command.constructor.name.replace(/Command$/, '')
    const changes = apiClassOf(operation) === 'write'
    const attempts: Attempts = { started: 0, throttled: 0, body: {} }
    takePermits(command.middlewareStack, attempts, () => this.#takePermit(operation))
    readAnswers(command.middlewareStack, operation, attempts, this.parts.attemptTimeoutMs)
    try {
      context.ended.throwIfAborted()
      const sent = this.#sendUntilTaken(command, changes)
      const output = await (changes ? this.#untilTimeUp(sent, operation, attempts) : sent)
      this.#learn(operation, attempts.body)
      return { output, body: attempts.body }
    } catch (error) {
      this.#learn(operation, error as Error)
      throw new FailureError(this.#failureOf(error, attempts))
    } finally {
      context.counters.apiCalls += attempts.started
      context.counters.throttled += attempts.throttled
    }
  }

  /**
   * Sends until AWS takes it: a throttle that outlasts the SDK's three attempts is tried again as long as the command
   * has time. The limiter has slowed down by then, and each attempt waits for a new permit.
   */
  async #sendUntilTaken<Input extends ServiceInputTypes, Output extends ServiceOutputTypes>(
    command: CloudTrailCommand<Input, Output>,
    changes: boolean,
  ): Promise<Output> {
    const { ended } = this.context
    let throttle: unknown
    for (;;) {
      try {
        return await this.client.send(command, changes ? {} : { abortSignal: ended })
      } catch (error) {
        // when the time is up, that AWS throttled says more than that the time was up
        if (!isThrottle(error)) throw throttle !== undefined && ended.aborted ? throttle : error
        throttle = error
        if (ended.aborted) throw error
      }
    }
  }

  /** Learns whose account it is, so that the quota is counted with the account's others. */
  #learn(operation: string, answer: WireBody | Error): void {
    const account = this.parts.accounts.learn(this.connection, operation, answer)
    if (account !== undefined) this.parts.quota.merge(this.connection.id, account)
  }

  async #takePermit(operation: string): Promise<Permit> {
    const { context, connection } = this
    const permit = await this.parts.quota.take({
      account: this.parts.accounts.quotaKeyOf(connection),
      region: connection.region,
      operation,
      caller: context.caller,
      command: context.command,
      deadline: context.deadline,
      signal: context.ended,
      refuseLate: !this.#admitted,
    })
    this.#admitted = true
    context.counters.queuedMs += permit.waitedMs
    return permit
  }

  /** A change's answer, or, when the time is up while it is on the wire, that its outcome is not known. */
  async #untilTimeUp<T>(sent: Promise<T>, operation: string, attempts: Attempts): Promise<T> {
    const { timeUp } = this.context
    let onTimeUp: (() => void) | undefined
    const late = new Promise<never>((_, reject) => {
      onTimeUp = () => {
        if (attempts.started === 0) return
        this.parts.background(sent, { operation, requestId: this.context.command })
        reject(new FailureError(outcomeUnknown(attempts.started)))
      }
      timeUp.addEventListener('abort', onTimeUp, { once: true })
    })
    try {
      return await Promise.race([sent, late])
    } finally {
      if (onTimeUp) timeUp.removeEventListener('abort', onTimeUp)
    }
  }

  #failureOf(error: unknown, attempts: Attempts): Failure {
    const { hungUp, timeUp } = this.context
    // what the SDK, the limiter and the abort signal throw when a call is ended from this side
    const endedHere = ['AbortError', 'TimeoutError', 'QuotaDeadlineError'].includes(
      (error as Error).name,
    )
    if (error instanceof QuotaQueueFullError) {
      return quotaRefused('QuotaQueueFull', error.message, error.estimateMs, attempts.started)
    }
    if (error instanceof QuotaWaitError) {
      return quotaRefused('QuotaWaitTooLong', error.message, error.estimateMs, attempts.started)
    }
    if (endedHere && hungUp.aborted) return clientClosedRequest(attempts.started)
    if (endedHere && timeUp.aborted) return deadlineExceeded(attempts.started)
    return { ...translateError(error), attempts: Math.max(attempts.started, 1) }
  }
}
