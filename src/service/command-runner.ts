import type { ApiKey } from '../auth/api-key.js'
import { operationOfAction } from '../aws/operations.js'
import { startCallContext, type CallContext, type Follower } from '../cloudtrail/call-context.js'
import type { CallParts } from '../cloudtrail/cloudtrail.js'
import type { RowSink } from '../commands/define-command.js'
import { refused, toResponse, type CommandResponse } from '../envelope/envelope.js'
import { serviceFailure } from '../envelope/service-failure.js'
import type { Logger } from '../log.js'
import type { LimiterState } from '../quota/quota-pool.js'
import { callerOf } from './caller.js'
import { auditCommand } from './audit/audit-entries.js'
import { STUCK_MS } from './audit/stuck-watch.js'
import { WriteIntent } from './audit/write-intent.js'
import { isWrite, type CommandRequest } from './command-request.js'
import { executeCommand, type Executed, type ExecutionParts } from './execute-command.js'
import type { Granted } from './idempotency/claim-key.js'
import type { IdempotencyKeys } from './idempotency/idempotency-keys.js'
import { LateWrites } from './late-writes.js'
import { metaOf } from './request-context.js'

/** What running commands uses of the process. */
export interface RunnerParts extends Omit<ExecutionParts, 'calls'> {
  calls: Omit<CallParts, 'background'>
  idempotencyKeys: IdempotencyKeys
  logger: Logger
  /** The API keys in force now; `undefined` where none is asked for. */
  apiKeys: (() => readonly ApiKey[]) | undefined
}

/** Runs commands that may run, and keeps track of them until shutdown. */
export class CommandRunner {
  readonly #running = new Set<Promise<unknown>>()
  readonly #lateWrites: LateWrites
  readonly #execution: ExecutionParts

  constructor(private readonly parts: RunnerParts) {
    this.#lateWrites = new LateWrites(parts.audit, parts.logger)
    this.#execution = { ...parts, calls: { ...parts.calls, background: this.#lateWrites.follow } }
  }

  /**
   * Starts the clock of a command.
   *
   * @param defaultDeadlineMs its deadline unless the request has one, in milliseconds
   * @param disconnected ends the command
   */
  start(
    request: CommandRequest,
    defaultDeadlineMs: number,
    disconnected: AbortSignal,
    follower?: Follower,
  ): CallContext {
    const { deadlineMs = defaultDeadlineMs, context } = request
    const caller = callerOf(request, this.parts.apiKeys)
    return startCallContext(caller, context.id, deadlineMs, disconnected, follower)
  }

  /** Runs a command. Shutdown waits for it, whether or not its client still does. */
  async run(request: CommandRequest, calls: CallContext, sink?: RowSink): Promise<Executed> {
    const running = executeCommand(request, calls, this.#execution, sink)
    this.#running.add(running)
    try {
      return await running
    } finally {
      this.#running.delete(running)
    }
  }

  /**
   * Runs a command and reports it; its idempotency key, where it has one, keeps the response. A defect after the intent to
   * write leaves the outcome unknown.
   */
  runToEnd(
    request: CommandRequest,
    calls: CallContext,
    { record, isRepeat }: Granted,
  ): Promise<CommandResponse> {
    const { idempotencyKeys, audit } = this.parts
    const outcomeUnknown = () =>
      toResponse(request.command, refused([outcomeUnknownAfterDefect()]), metaOf(request.context))
    if (isWrite(request)) calls.intent = new WriteIntent(audit, request, record?.key, calls.ended)
    const work = async () => {
      try {
        const { response, report } = await this.run(request, calls)
        report()
        // the response comes after the entry of its outcome, unless the audit log is slow or stuck
        await audit.flushed(AbortSignal.timeout(STUCK_MS)).catch(() => undefined)
        return response
      } catch (error) {
        const intentId = calls.intent?.id
        if (intentId === undefined) throw error
        calls.onDefect(error)
        const { context, command, body } = request
        const response = outcomeUnknown()
        auditCommand(audit, { context, command, body, response, intentId, kind: 'write' })
        return response
      }
    }
    calls.changes.mayBeRepeated = isRepeat
    if (!record) return work()
    calls.holdsKey = () => idempotencyKeys.holds(record)
    return idempotencyKeys.run(record, calls.changes, work, outcomeUnknown)
  }

  /** The state of the limiter that a command uses. */
  limiterOf({ command, connection }: CommandRequest): LimiterState {
    const { accounts, quota } = this.parts.calls
    const operation = operationOfAction(command.iamActions[0])
    const account = accounts.quotaKeyOf(connection)
    return quota.stateOf({ account, region: connection.region, operation })
  }

  /** Waits for the commands that run. */
  async drain(): Promise<void> {
    await Promise.allSettled(this.#running)
  }

  /** Waits for writes that are on the wire although the response of their command was sent. */
  drainLateWrites(): Promise<void> {
    return this.#lateWrites.drain()
  }
}

/** The response that an idempotency key keeps when its command throws. */
function outcomeUnknownAfterDefect() {
  return serviceFailure(
    'OutcomeUnknown',
    'The service failed while it ran this command; its writes may have been made.',
  )
}
