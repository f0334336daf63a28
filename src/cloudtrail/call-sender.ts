import { apiClassOf } from '../aws/api-class.js'
import type { Operation } from '../aws/operations.js'
import type { AttemptEnd } from './attempts.js'
import type { CallContext } from './call-context.js'
import type { AwsResponse, CallParts } from './call-parts.js'
import type { Connection } from './connections/connection.js'
import { takePermits } from './permit-middleware.js'
import type { Applicant, QuotaGate } from './quota-gate.js'
import { LARGE_RESPONSES } from './read-body.js'
import { readResponses } from './response-middleware.js'
import { sdkCommand, type InputOf, type OutputOf, type SdkCommand } from './sdk-commands.js'
import { isExpiredSession, isThrottle } from './sdk-error.js'
import { Slots } from './slots.js'
import type { WireBody } from './wire-body.js'

/** One call: its operation and input, and how it waits for the quota. */
export interface Call<Name extends Operation> extends Applicant {
  operation: Name
  input: InputOf<Name>
}

/** Slots for large responses: the memory that they bound belongs to the whole process. */
const largeResponses = new Slots(LARGE_RESPONSES)

/** Sends the calls of one command over one connection. */
export class CallSender {
  constructor(
    private readonly connection: Connection,
    private readonly parts: CallParts,
    private readonly context: CallContext,
    private readonly gate: QuotaGate,
  ) {}

  /**
   * Sends a call: a permit for every attempt, and a checked response.
   *
   * @throws the errors of the SDK, the quota and the response checks
   */
  async send<Name extends Operation>(call: Call<Name>): Promise<AwsResponse<OutputOf<Name>>> {
    const { operation, attempts } = call
    const command = sdkCommand(operation, call.input)
    takePermits(command.middlewareStack, {
      attempts,
      take: () => this.gate.take(call),
      begin: () => this.#beginAttempt(operation),
    })
    const timeoutMs = this.parts.attemptTimeoutMs
    readResponses(command.middlewareStack, operation, attempts, {
      timeoutMs,
      slots: largeResponses,
    })
    try {
      const output = await this.#sendUntilTaken(command, call)
      const { requestId } = output.$metadata
      if (requestId !== undefined) this.context.awsRequestIds.push(requestId)
      this.#learn(operation, attempts.body)
      return { output, body: attempts.body }
    } catch (error) {
      this.#learn(operation, error as Error)
      throw error
    }
  }

  /** Reports an attempt to the trace and the metrics. */
  #beginAttempt(operation: Operation): (end: AttemptEnd) => void {
    const endSpan = this.context.trace?.attempt(this.gate.placeOf(operation))
    return (end) => {
      endSpan?.(end)
      this.parts.observer.onAttempt(operation, this.connection.region, end.outcome)
    }
  }

  /**
   * Sends until AWS accepts the call: a throttle that outlasts the SDK's three attempts is retried as long as the
   * command has time. The limiter has slowed down by then, and each attempt waits for a new permit. A role's session
   * that has expired before its time is renewed once; AWS did nothing with the call that it refused for it.
   */
  async #sendUntilTaken<Name extends Operation>(
    command: SdkCommand<Name>,
    { operation, signal }: Call<Name>,
  ): Promise<OutputOf<Name>> {
    const options = apiClassOf(operation) === 'write' ? {} : { abortSignal: signal }
    const client = this.parts.clients.for(this.connection)
    let renewals = 0
    for (;;) {
      const startedAt = performance.now()
      try {
        return await client.send(command, options)
      } catch (error) {
        const { session } = this.connection
        const renewable = session !== undefined && isExpiredSession(error) && renewals++ === 0
        if (renewable) session.expiredAt(startedAt)
        if (signal.aborted || !(renewable || isThrottle(error))) throw error
      }
    }
  }

  /** Learns the account of the connection, so that the quota is counted together with the account's others. */
  #learn(operation: Operation, response: WireBody | Error): void {
    const account = this.parts.accounts.learn(this.connection, operation, response)
    if (account !== undefined) this.parts.quota.merge(this.connection.id, account)
  }
}
