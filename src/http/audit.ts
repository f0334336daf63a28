import type { FastifyRequest } from 'fastify'
import type { AuditLog } from '../audit/audit-log.js'
import type { CommandDefinition, InputFailure } from '../commands/command.js'
import type { ShownIdentity } from '../connections/connection.js'
import type { Answer } from './envelope.js'
import type { ComponentState } from './health.js'
import { commandOf } from './requests.js'
import { requestFailure } from './request-failures.js'

/** When the audit log may be writable again, in milliseconds. */
const AUDIT_RETRY_MS = 10_000

/**
 * Writes the audit line of a command: before its answer is sent, and with none of its secrets.
 *
 * @param replayOf the request whose answer is sent again; nothing was done for this one
 */
export function auditCommand(
  audit: AuditLog,
  request: FastifyRequest,
  command: CommandDefinition,
  { envelope, status }: Answer,
  awsRequestIds: readonly string[],
  identity?: ShownIdentity,
  replayOf?: string,
): void {
  const { meta, errors } = envelope
  const body = request.body as { dryRun?: unknown } | null | undefined
  const fault = audit.write({
    key: request.apiKey?.name,
    address: request.ip,
    connection: meta.connection,
    identity,
    accountId: meta.accountId,
    regions: meta.regions,
    command: command.name,
    dryRun: body?.dryRun === true ? true : undefined,
    result: envelope.returnData,
    status,
    inputs: envelope.contextData.flatMap(({ input, region, result, recovered }) =>
      input === undefined ? [] : [{ input, region, result, recovered }],
    ),
    errors: errors.map(({ input, code, awsRequestId }) => ({ input, code, awsRequestId })),
    awsRequestIds,
    requestId: request.id,
    replayOf,
    durationMs: meta.durationMs,
  })
  if (fault) request.log.error({ err: fault }, 'the audit log cannot be written')
}

/** Writes the audit line of a command that was not let in: what was asked for is not read, only that it was. */
export function auditRefusal(
  audit: AuditLog,
  request: FastifyRequest,
  { code, httpStatus }: InputFailure,
): void {
  const command = commandOf(request)
  if (command === undefined) return
  const fault = audit.write({
    key: request.apiKey?.name,
    address: request.ip,
    command: command.name,
    result: 'Failed',
    status: httpStatus,
    inputs: [],
    errors: [{ code }],
    awsRequestIds: [],
    requestId: request.id,
    durationMs: Math.round(performance.now() - request.startedAt),
  })
  if (fault) request.log.error({ err: fault }, 'the audit log cannot be written')
}

/** Whether audit lines can be written now. Without them the service is ready all the same: for what changes nothing. */
export function auditState(audit: AuditLog): ComponentState {
  const fault = audit.fault()
  return { ready: fault === undefined, detail: fault?.message ?? 'written' }
}

/** The refusal of a change that could not be accounted for. */
export function noAudit() {
  return requestFailure(
    503,
    'AuditUnavailable',
    'The audit log cannot be written: nothing changes.',
    {
      retryable: true,
      retryAfterMs: AUDIT_RETRY_MS,
      hint: 'Commands that change nothing go on. The operator finds the cause in the log.',
    },
  )
}
