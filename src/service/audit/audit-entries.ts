import type { LateChange } from '../../cloudtrail/cloudtrail.js'
import type { CommandDefinition } from '../../commands/define-command.js'
import type { CommandResponse } from '../../envelope/envelope.js'
import type { InputFailure } from '../../envelope/outcome.js'
import type { ShownIdentity } from '../../cloudtrail/connections/connection.js'
import type { CommandBody } from '../command-request.js'
import type { Job } from '../jobs/job.js'
import type { RequestContext } from '../request-context.js'
import type { AuditLog, EntryKind } from './audit-log.js'

/** The most inputs of a refused request that are written, and the most characters of each. */
const MAX_INPUTS = 100
const MAX_INPUT_LENGTH = 256

/** A command that ran, or was refused after its body was read. */
export interface AuditedCommand {
  context: RequestContext
  command: CommandDefinition
  /** The body as it arrived, which may break the schema. */
  body: unknown
  response: CommandResponse
  /** AWS's ids of the calls that it made. */
  awsRequestIds?: readonly string[]
  identity?: ShownIdentity
  /** The request whose response was sent again; nothing was sent to AWS for this one. */
  replayOf?: string
  /** The id of its intent, where the command was to write. */
  intentId?: string | undefined
  /** Default: that of a refusal. */
  kind?: EntryKind
}

/** Adds the audit entry of a command, without any secret. */
export function auditCommand(audit: AuditLog, audited: AuditedCommand): void {
  const { context, command, response, identity, replayOf, intentId, awsRequestIds = [] } = audited
  const { meta, errors, contextData, returnData } = response.envelope
  const body = (audited.body ?? {}) as Partial<CommandBody>
  if (intentId !== undefined) audit.openIntents.delete(intentId)
  const entry = {
    ...(intentId !== undefined && { id: intentId, phase: 'outcome' }),
    connection: meta.connection ?? connectionAsked(body),
    identity,
    accountId: meta.accountId,
    regions: meta.regions,
    command: command.name,
    dryRun: body.dryRun === true ? true : undefined,
    result: returnData,
    status: response.status,
    inputs:
      contextData.length > 0
        ? contextData.flatMap(({ input, region, result, recovered }) =>
            input === undefined ? [] : [{ input, region, result, recovered }],
          )
        : inputsAsked(body).map((input) => ({ input, result: returnData })),
    errors: errors.map(({ input, code, awsRequestId }) => ({ input, code, awsRequestId })),
    awsRequestIds,
    requestId: context.id,
    replayOf,
    durationMs: meta.durationMs,
  }
  writeEntry(audit, context, entry, audited.kind ?? 'refusal')
}

/** Adds the audit entry of a command that was refused unread: only its name, by whom, and why. */
export function auditRefusal(
  audit: AuditLog,
  context: RequestContext,
  command: CommandDefinition,
  { code, httpStatus }: InputFailure,
): void {
  const entry = {
    command: command.name,
    result: 'Failed',
    status: httpStatus,
    inputs: [],
    errors: [{ code }],
    awsRequestIds: [],
    requestId: context.id,
    durationMs: Math.round(performance.now() - context.startedAt),
  }
  writeEntry(audit, context, entry, 'refusal')
}

/** Adds the audit entry of a cancelled job; what the job had done gets its own entry when the job finishes. */
export function auditCancel(audit: AuditLog, context: RequestContext, job: Job): void {
  const entry = {
    command: job.command,
    result: 'Cancelled',
    cancelled: job.meta.requestId,
    requestId: context.id,
  }
  writeEntry(audit, context, entry, 'write')
}

/** Adds the audit entry of a write that AWS finished after its command had returned. */
export function auditLateWrite(
  audit: AuditLog,
  { trail, region, ...rest }: LateChange,
  result: { awsRequestId?: string | undefined; code?: string },
): void {
  const isDone = result.code === undefined
  const entry = {
    ...rest,
    regions: [region],
    late: true,
    inputs: [{ input: trail, region, result: isDone ? 'Successful' : 'Failed' }],
    errors: isDone ? [] : [{ input: trail, code: result.code }],
    awsRequestIds: result.awsRequestId === undefined ? [] : [result.awsRequestId],
  }
  audit.write(entry, 'write')
}

/** Adds an entry with its caller. */
export function writeEntry(
  audit: AuditLog,
  { apiKey, address }: RequestContext,
  entry: Record<string, unknown>,
  kind: EntryKind,
  isDurable = false,
): void {
  audit.write({ key: apiKey?.name, address, ...entry }, kind, isDurable)
}

/** The name of the connection that a refused request asked for; of an inline one, only `inline`. */
function connectionAsked({ connection }: Partial<CommandBody>): string | undefined {
  if (typeof connection === 'string') return connection.slice(0, MAX_INPUT_LENGTH)
  return connection === undefined ? undefined : 'inline'
}

/** The trails that a request names. */
export function inputsAsked(body: Record<string, unknown>): string[] {
  const { trailNames, trailArn, trailArns } = body
  return [trailNames, trailArn, trailArns]
    .flat()
    .filter((input) => typeof input === 'string')
    .slice(0, MAX_INPUTS)
    .map((input) => input.slice(0, MAX_INPUT_LENGTH))
}
