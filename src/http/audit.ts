import type { FastifyRequest } from 'fastify'
import type { AuditLog } from '../service/audit/audit-log.js'
import type { LateChange } from '../cloudtrail/cloudtrail.js'
import type { CommandDefinition } from '../commands/define-command.js'
import type { InputFailure } from '../envelope/outcome.js'
import type { ShownIdentity } from '../cloudtrail/connections/connection.js'
import type { Job } from '../service/jobs/job.js'
import type { CommandResponse } from '../envelope/envelope.js'
import type { ComponentState } from './health.js'
import { commandOf } from './requests.js'
import { serviceFailure } from '../envelope/service-failure.js'

/** When the audit log may be writable again, in milliseconds. */
const AUDIT_RETRY_MS = 10_000

/**
 * Writes the audit line of a command, with none of its secrets: of one that may change something before its answer is
 * sent.
 *
 * @param replayOf the request whose answer is sent again; nothing was done for this one
 */
export function auditCommand(
  audit: AuditLog,
  request: FastifyRequest,
  command: CommandDefinition,
  { envelope, status }: CommandResponse,
  awsRequestIds: readonly string[],
  identity?: ShownIdentity,
  replayOf?: string,
): void {
  const { meta, errors, contextData } = envelope
  const body = request.body as Record<string, unknown> | null | undefined
  const fault = audit.write({
    key: request.apiKey?.name,
    address: request.address,
    connection: meta.connection ?? connectionAsked(body),
    identity,
    accountId: meta.accountId,
    regions: meta.regions,
    command: command.name,
    dryRun: body?.dryRun === true ? true : undefined,
    result: envelope.returnData,
    status,
    inputs:
      contextData.length > 0
        ? contextData.flatMap(({ input, region, result, recovered }) =>
            input === undefined ? [] : [{ input, region, result, recovered }],
          )
        : inputsAsked(body).map((input) => ({ input, result: envelope.returnData })),
    errors: errors.map(({ input, code, awsRequestId }) => ({ input, code, awsRequestId })),
    awsRequestIds,
    requestId: request.id,
    replayOf,
    durationMs: meta.durationMs,
  })
  if (fault) request.log.error({ err: fault }, 'the audit log cannot be written')
}

/** How many inputs of a refused request are told, and how much of each. */
const MAX_INPUTS = 100
const MAX_INPUT_LENGTH = 256

/** The connection that a request names; of one that it brings, only that it did. */
function connectionAsked(body: Record<string, unknown> | null | undefined): string | undefined {
  const asked = body?.connection
  if (typeof asked === 'string') return asked.slice(0, MAX_INPUT_LENGTH)
  return asked === undefined ? undefined : 'inline'
}

/** The trails that a request names, of which no row of its answer tells. */
function inputsAsked(body: Record<string, unknown> | null | undefined): string[] {
  const asked = [body?.trailNames, body?.trailName, body?.trailArns].flat()
  return asked
    .filter((input) => typeof input === 'string')
    .slice(0, MAX_INPUTS)
    .map((input) => input.slice(0, MAX_INPUT_LENGTH))
}

/** Writes the audit line of a job that is cancelled; what it had done has a line of its own when it ends. */
export function auditCancel(audit: AuditLog, request: FastifyRequest, job: Job): void {
  const fault = audit.write({
    key: request.apiKey?.name,
    address: request.address,
    command: job.command,
    result: 'Cancelled',
    cancelled: job.meta.requestId,
    requestId: request.id,
  })
  if (fault) request.log.error({ err: fault }, 'the audit log cannot be written')
}

/** Writes the audit line of a change that ended after its command had been answered. */
export function auditLateChange(
  audit: AuditLog,
  change: LateChange,
  result: { awsRequestId?: string | undefined; code?: string | undefined },
): Error | undefined {
  const { trail, region, ...rest } = change
  const isDone = result.code === undefined
  return audit.write({
    ...rest,
    regions: [region],
    late: true,
    inputs: [{ input: trail, region, result: isDone ? 'Successful' : 'Failed' }],
    errors: isDone ? [] : [{ input: trail, code: result.code }],
    awsRequestIds: result.awsRequestId === undefined ? [] : [result.awsRequestId],
  })
}

/** Writes the audit line of a command that was not let in: what was asked for is not read, only that it was. */
export function auditRefusal(
  audit: AuditLog,
  request: FastifyRequest,
  { code, httpStatus }: InputFailure,
): void {
  const command = commandOf(request)
  if (command === undefined) return
  const fault = audit.write(
    {
      key: request.apiKey?.name,
      address: request.address,
      command: command.name,
      result: 'Failed',
      status: httpStatus,
      inputs: [],
      errors: [{ code }],
      awsRequestIds: [],
      requestId: request.id,
      durationMs: Math.round(performance.now() - request.startedAt),
    },
    true,
  )
  if (fault) request.log.error({ err: fault }, 'the audit log cannot be written')
}

/** Whether audit lines can be written now. Without them the service is ready all the same: for what changes nothing. */
export function auditState(audit: AuditLog): ComponentState {
  const fault = audit.fault()
  return { ready: fault === undefined, detail: fault?.message ?? 'written' }
}

/** The refusal of a change that could not be accounted for. */
export function noAudit() {
  return serviceFailure('AuditUnavailable', 'The audit log cannot be written: nothing changes.', {
    retryable: true,
    retryAfterMs: AUDIT_RETRY_MS,
    hint: 'Commands that change nothing go on. The operator finds the cause in the log.',
  })
}
