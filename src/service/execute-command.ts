import type { CallContext } from '../cloudtrail/call-context.js'
import { CloudTrail, type CallParts } from '../cloudtrail/cloudtrail.js'
import type { CommandTools, RowSink } from '../commands/define-command.js'
import { toResponse, type CommandResponse } from '../envelope/envelope.js'
import type { Tracing } from '../tracing/tracing.js'
import { auditCommand } from './audit/audit-entries.js'
import type { AuditLog } from './audit/audit-log.js'
import { isWrite, type CommandRequest } from './command-request.js'
import { metaOf } from './request-context.js'

/** What running a command uses of the process. */
export interface ExecutionParts {
  /** What the calls of all commands share. */
  calls: CallParts
  audit: AuditLog
  tracing: Tracing | undefined
  /** What the searches of Lookup Events share. */
  tools: Omit<CommandTools, 'sink'>
  /** The patterns of protected trails in force now. */
  protectedTrails: () => readonly string[]
  /** Count or show the commands that ran. */
  observers: readonly CommandObserver[]
}

/** What observers learn of the request behind a response. */
export interface ObservedRequest {
  /** The name of its API key. */
  key?: string | undefined
  isDryRun: boolean
  isJob: boolean
}

/** Counts or shows the commands that ran, or were refused. */
export interface CommandObserver {
  onCommand(response: CommandResponse, request: ObservedRequest): void
  onRefusal?(response: CommandResponse, request: ObservedRequest): void
}

/** The response of a command that ran. */
export interface Executed {
  response: CommandResponse
  /** Writes log, audit entry, metrics and trace. To be called once, whatever becomes of the response. */
  report: () => void
}

/** Runs a command against CloudTrail and puts its outcome in the envelope. */
export async function executeCommand(
  request: CommandRequest,
  context: CallContext,
  parts: ExecutionParts,
  sink?: RowSink,
): Promise<Executed> {
  const { command, body, connection, headers } = request
  const { id: requestId } = request.context
  const { calls, protectedTrails } = parts
  const rails = { protectedTrails, dryRun: body.dryRun === true }
  const cloudTrail = new CloudTrail(connection, calls, context, rails)
  const trace = parts.tracing?.start(
    command.name,
    {
      'cloudtrail.connection': connection.name,
      'cloudtrail.request_id': requestId,
      'cloud.region': connection.region,
    },
    headers,
  )
  if (trace) context.trace = trace
  const outcome = await command
    .run(body, cloudTrail, { ...parts.tools, sink })
    .catch((error: unknown) => {
      trace?.broke(error)
      throw error
    })
  const accountId = calls.accounts.accountOf(connection)
  const { counters, changes, awsRequestIds } = context
  const response = toResponse(command, outcome, {
    ...metaOf(request.context),
    connection: connection.name,
    ...(accountId !== undefined && { accountId }),
    regions: [connection.region],
    apiCalls: counters.apiCalls,
    throttled: counters.throttled,
    queuedMs: Math.round(counters.queuedMs),
    ...(counters.shared > 0 && { shared: counters.shared }),
    ...(changes.mayBeRepeated && { resumed: true as const }),
    ...(connection.sandbox && { sandbox: true }),
  })
  const observed = {
    key: request.context.apiKey?.name,
    isDryRun: rails.dryRun,
    isJob: request.isJob,
  }
  const report = () => {
    trace?.end(response)
    for (const observer of parts.observers) observer.onCommand(response, observed)
    logCommand(request, response, trace?.id)
    auditCommand(parts.audit, {
      context: request.context,
      command,
      body,
      response,
      awsRequestIds,
      identity: connection.identity,
      intentId: context.intent?.id,
      kind: isWrite(request) ? 'write' : 'read',
    })
  }
  return { response, report }
}

function logCommand(
  { command, context }: CommandRequest,
  { envelope: { returnData, errors, meta } }: CommandResponse,
  traceId: string | undefined,
): void {
  context.log.info(
    {
      command: command.name,
      returnData,
      connection: meta.connection,
      accountId: meta.accountId,
      regions: meta.regions,
      apiCalls: meta.apiCalls,
      throttled: meta.throttled,
      queuedMs: meta.queuedMs,
      ...(traceId !== undefined && { traceId }),
      errors: errors.map(({ input, code, awsRequestId }) => ({ input, code, awsRequestId })),
    },
    `${command.title}: ${returnData}`,
  )
}
