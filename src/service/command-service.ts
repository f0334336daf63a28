import { randomUUID } from 'node:crypto'
import type { Follower } from '../cloudtrail/call-context.js'
import type { RowSink } from '../commands/define-command.js'
import { refused, toResponse, type CommandResponse } from '../envelope/envelope.js'
import type { InputFailure } from '../envelope/outcome.js'
import { internalFailure } from '../envelope/service-failure.js'
import type { LimiterState } from '../quota/quota-pool.js'
import { auditCommand } from './audit/audit-entries.js'
import { auditUnavailable } from './audit/write-intent.js'
import { isWrite, type CommandRequest } from './command-request.js'
import { CommandRunner, type RunnerParts } from './command-runner.js'
import type { CommandObserver, Executed } from './execute-command.js'
import {
  claimKey,
  resultOf,
  type ClaimObserver,
  type Granted,
  type KeyClaim,
} from './idempotency/claim-key.js'
import { jobsUnavailable, tooManyJobs } from './jobs/job-failures.js'
import { responseOf } from './jobs/job-document.js'
import type { Job } from './jobs/job.js'
import type { Jobs } from './jobs/jobs.js'
import { metaOf, ownerOf } from './request-context.js'

/** Default deadline of a job, in milliseconds, within the longest that is allowed: no client waits for it. */
const JOB_DEADLINE_MS = 900_000

/** What the service layer uses of the process. */
export interface CommandServiceParts extends Omit<RunnerParts, 'observers'> {
  jobs: Jobs
  /** Default deadline of a command, in milliseconds. */
  deadlineMs: number
  /** The longest deadline of a command, in milliseconds. */
  maxDeadlineMs: number
  /** Counts the claims of idempotency keys. */
  onClaim: ClaimObserver
}

/** A request that is refused after its body was read: the body may break its schema. */
export type RefusedRequest = Pick<CommandRequest, 'command' | 'context'> & {
  body: unknown
  connection?: CommandRequest['connection']
}

/** The response to a command, ready to be sent. */
export interface CommandResult {
  response: CommandResponse
  /** Whether it is the response of an earlier request with the same idempotency key. */
  replayed?: boolean
  /** The limiter that the command used, where it ran. */
  limiter?: LimiterState
  /** Set for a read that ran: writes its log and audit entries. To be called once, when the response is on its way. */
  report?: () => void
}

/** A job that was started, or found under the idempotency key of the request. */
export interface JobResult {
  job: Job
  replayed: boolean
}

/** Runs validated commands for callers: deadline, idempotency, jobs, audit, metrics and traces, to the envelope. */
export class CommandService {
  readonly #observers: CommandObserver[] = []
  readonly #runner: CommandRunner

  constructor(private readonly parts: CommandServiceParts) {
    this.#runner = new CommandRunner({ ...parts, observers: this.#observers })
  }

  /** The longest deadline that a request may ask for, in milliseconds. */
  get maxDeadlineMs(): number {
    return this.parts.maxDeadlineMs
  }

  /** Calls the observer for every command that runs from now on. */
  observe(observer: CommandObserver): void {
    this.#observers.push(observer)
  }

  /** Refuses a request whose body was read: writes its audit entry and returns the response. */
  refuse(request: RefusedRequest, failures: InputFailure[]): CommandResult {
    const response = toResponse(request.command, refused(failures), metaOf(request.context))
    this.#audit(request, response)
    const { dryRun } = (request.body ?? {}) as { dryRun?: unknown }
    const observed = {
      key: request.context.apiKey?.name,
      isDryRun: dryRun === true,
      isJob: false,
    }
    for (const observer of this.#observers) observer.onRefusal?.(response, observed)
    return { response }
  }

  /**
   * Runs a command to its response, or starts its job. The log and audit entries of a write are written before this
   * returns, those of a read by `report()`.
   *
   * @param disconnected aborts when the client disconnects. It ends the command, unless it is a job or has an
   *   idempotency key: then the client may come back for the response.
   */
  async run(
    request: CommandRequest,
    disconnected: AbortSignal,
  ): Promise<CommandResult | JobResult> {
    const { command, context, idempotencyKey, isJob } = request
    const { audit, deadlineMs } = this.parts
    if (isWrite(request) && !audit.state().ready) {
      try {
        await audit.flushed()
      } catch (err) {
        context.log.error({ err }, 'a write was refused: the audit log cannot be written')
        return this.refuse(request, [auditUnavailable()])
      }
    }
    // the wait for the idempotency key counts towards the deadline
    const ends = idempotencyKey === undefined ? disconnected : never()
    const calls = isJob ? undefined : this.#runner.start(request, deadlineMs, ends)
    const claim = await this.#claim(request, disconnected)
    if (claim.state === 'refused') return this.refuse(request, [claim.failure])
    if (claim.state === 'replayed') return this.#replay(request, claim.response)
    if (claim.state === 'job') {
      const { response, meta } = claim.job
      if (response) this.#audit(request, response, meta.requestId)
      return this.#waitFor(request, { job: claim.job, replayed: true }, disconnected)
    }
    if (!calls) {
      const started = await this.#startJob(request, claim)
      return 'job' in started ? this.#waitFor(request, started, disconnected) : started
    }
    const executed =
      command.scope === 'read'
        ? await this.#runner.run(request, calls)
        : { response: await this.#runner.runToEnd(request, calls, claim) }
    return { ...executed, limiter: this.#runner.limiterOf(request) }
  }

  /**
   * Runs a read command whose rows are streamed.
   *
   * @param openSink makes the sink of the rows; its signal aborts when the command must end
   */
  stream(
    request: CommandRequest,
    disconnected: AbortSignal,
    openSink: (ended: AbortSignal) => RowSink,
  ): Promise<Executed> {
    const calls = this.#runner.start(request, this.parts.deadlineMs, disconnected)
    return this.#runner.run(request, calls, openSink(calls.ended))
  }

  /** Waits for everything that no client waits for: commands, jobs, and writes that are still on the wire. */
  async drain(): Promise<void> {
    await this.#runner.drain()
    await this.parts.jobs.finished()
    await this.parts.idempotencyKeys.finished()
    await this.#runner.drainLateWrites()
  }

  async #claim(request: CommandRequest, disconnected: AbortSignal): Promise<KeyClaim> {
    const { idempotencyKey, deadlineMs = this.parts.deadlineMs } = request
    if (idempotencyKey === undefined)
      return { state: 'granted', record: undefined, isRepeat: false }
    const { idempotencyKeys, jobs } = this.parts
    const ended = AbortSignal.any([AbortSignal.timeout(deadlineMs), disconnected])
    const claim = await claimKey(request, idempotencyKey, idempotencyKeys, jobs, ended)
    this.parts.onClaim(resultOf(claim))
    return claim
  }

  async #startJob(request: CommandRequest, claim: Granted): Promise<CommandResult | JobResult> {
    const { command, connection, context } = request
    const { jobs, idempotencyKeys } = this.parts
    const { maxDeadlineMs } = this.parts
    const deadlineMs = Math.min(maxDeadlineMs, Math.max(this.parts.deadlineMs, JOB_DEADLINE_MS))
    const meta = {
      ...metaOf(context),
      connection: connection.name,
      regions: [connection.region],
      ...(connection.sandbox && { sandbox: true }),
    }
    const run = async (follower: Follower) => {
      try {
        const calls = this.#runner.start(request, deadlineMs, never(), follower)
        return await this.#runner.runToEnd(request, calls, claim)
      } catch (err) {
        context.log.error({ err }, 'a job failed in the service')
        return toResponse(command, refused([internalFailure()]), meta)
      }
    }
    const { name, apiClass } = command
    const id = claim.record?.holder ?? randomUUID()
    let failure = tooManyJobs()
    try {
      const owner = ownerOf(context)
      const job = await jobs.start({ id, owner, command: name, apiClass, meta, run })
      if (job) return { job, replayed: false }
    } catch (err) {
      context.log.error({ err }, 'a job was refused: jobs cannot be stored')
      failure = jobsUnavailable()
    }
    if (claim.record) await idempotencyKeys.release(claim.record, claim.isRepeat)
    return this.refuse(request, [failure])
  }

  /** Waits for a job as long as its client wants to: the response of the command, when it is there by then; else the job. */
  async #waitFor(
    request: CommandRequest,
    started: JobResult,
    disconnected: AbortSignal,
  ): Promise<CommandResult | JobResult> {
    const { waitMs, context } = request
    const { job, replayed } = started
    try {
      const { jobs } = this.parts
      const found = waitMs === undefined ? undefined : await jobs.waitFor(job, waitMs, disconnected)
      const waited = found ?? job
      const response = responseOf(waited)
      if (!response) return { job: waited, replayed }
      return { response, replayed, limiter: this.#runner.limiterOf(request) }
    } catch (err) {
      context.log.error({ err }, 'a job could not be waited for')
      return started
    }
  }

  #replay(request: CommandRequest, response: CommandResponse): CommandResult {
    const { context, command } = request
    const { requestId } = response.envelope.meta
    this.#audit(request, response, requestId)
    context.log.info({ command: command.name, replayOf: requestId }, 'a response was sent again')
    return { response, replayed: true }
  }

  #audit(request: RefusedRequest, response: CommandResponse, replayOf?: string): void {
    const { context, command, body, connection } = request
    auditCommand(this.parts.audit, {
      context,
      command,
      body,
      response,
      ...(connection && { identity: connection.identity }),
      ...(replayOf !== undefined && { replayOf, kind: 'read' as const }),
    })
  }
}

/** A signal that never aborts. A new one each time: a signal keeps its listeners as long as it lives. */
const never = () => new AbortController().signal
