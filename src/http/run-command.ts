import type { FastifyRequest } from 'fastify'
import type { AuditLog } from '../service/audit/audit-log.js'
import { includesScope, type ApiKey } from '../auth/api-key.js'
import type { CallContext, Caller } from '../cloudtrail/call-context.js'
import { CloudTrail, type CallParts } from '../cloudtrail/cloudtrail.js'
import type { CommandDefinition, RowSink } from '../commands/define-command.js'
import type { Connection } from '../cloudtrail/connections/connection.js'
import type { Connections } from '../cloudtrail/connections/connections.js'
import type { IdempotencyKeys } from '../service/idempotency/idempotency-keys.js'
import type { Jobs } from '../service/jobs/jobs.js'
import type { Densities } from '../commands/events/densities.js'
import type { LookupTokens } from '../commands/events/token.js'
import type { RecentCommands } from '../status/recent-commands.js'
import { auditCommand } from './audit.js'
import type { CommandMetrics } from './command-metrics.js'
import type { Body } from './check-request.js'
import type { Tracing } from '../tracing/tracing.js'
import { toResponse, type CommandResponse } from '../envelope/envelope.js'
import { metaOf } from './send-answer.js'

/** What the commands' routes need of the process. */
export interface CommandParts extends CallParts {
  connections: Connections
  jobs: Jobs
  idempotencyKeys: IdempotencyKeys
  audit: AuditLog
  /** Commands that run now. */
  running: Set<Promise<unknown>>
  /** The API keys that are in force now; `undefined` where none is asked for. */
  keys: (() => readonly ApiKey[]) | undefined
  /** PROTECTED_TRAILS: names, ARNs or globs. */
  protectedTrails: readonly string[]
  /** Seals where searches go on. */
  tokens: LookupTokens
  /** What earlier searches found. */
  densities: Densities
  /** Told of every command that was run. */
  recent: RecentCommands
  metrics: CommandMetrics
  /** Sends traces, where a collector is configured. */
  tracing?: Tracing | undefined
  /** A command's time in all, in milliseconds, unless the request says otherwise. */
  deadlineMs: number
}

/** What came of a command, and what is still to be done: to account for it in the log, the audit log, the metrics. */
export interface RunResult {
  answer: CommandResponse
  /** To be called once, whatever becomes of the answer. */
  account: () => void
}

/** Runs a checked command to its answer, and accounts for it. */
export async function runCommand(
  ...run: Parameters<typeof runToResponse>
): Promise<CommandResponse> {
  const { answer, account } = await runUnaccounted(...run)
  account()
  return answer
}

/** Runs a checked command to its answer. The process does not end before, whether or not its client still waits. */
export function runUnaccounted(...run: Parameters<typeof runToResponse>): Promise<RunResult> {
  const [, , { running }] = run
  const result = runToResponse(...run)
  running.add(result)
  const ended = () => running.delete(result)
  result.then(ended, ended)
  return result
}

async function runToResponse(
  command: CommandDefinition,
  request: FastifyRequest,
  parts: CommandParts,
  connection: Connection,
  context: CallContext,
  sink?: RowSink,
): Promise<RunResult> {
  const cloudTrail = new CloudTrail(connection, parts, context, {
    protectedTrails: parts.protectedTrails,
    dryRun: (request.body as Body).dryRun === true,
  })
  const trace = parts.tracing?.start(
    command.name,
    {
      'cloudtrail.connection': connection.name,
      'cloudtrail.request_id': request.id,
      'cloud.region': connection.region,
    },
    request.headers,
  )
  if (trace) context.trace = trace
  const outcome = await command
    .run(request.body as Body, cloudTrail, {
      tokens: parts.tokens,
      densities: parts.densities,
      sink,
    })
    .catch((error: unknown) => {
      /* c8 ignore next 2 -- only a defect of the service ends a command so */
      trace?.broke(error)
      throw error
    })
  const accountId = parts.accounts.accountOf(connection)
  const answer = toResponse(command, outcome, {
    ...metaOf(request),
    connection: connection.name,
    ...(accountId !== undefined && { accountId }),
    regions: [connection.region],
    apiCalls: context.counters.apiCalls,
    throttled: context.counters.throttled,
    queuedMs: Math.round(context.counters.queuedMs),
    ...(context.counters.shared > 0 && { shared: context.counters.shared }),
    ...(context.changes.mayBeRepeated && { resumed: true }),
    ...(connection.sandbox && { sandbox: true }),
  })
  const account = () => {
    trace?.end(answer)
    parts.recent.add(answer.envelope)
    parts.metrics.onCommand(answer)
    logCommand(request, command, answer, trace?.id)
    auditCommand(parts.audit, request, command, answer, context.awsRequestIds, connection.identity)
  }
  return { answer, account }
}

/** Who takes turns at the quota, and whether they may still change something on a connection. */
export function callerOf(
  request: FastifyRequest,
  { name: connection }: Connection,
  keys: CommandParts['keys'],
): Caller {
  const { apiKey, address } = request
  const onDefect = (err: unknown) => request.log.error({ err }, 'a command met a defect')
  if (!apiKey || !keys) return { name: address, isAllowed: () => true, onDefect }
  const isAllowed = () => {
    const now = keys().find(({ sha256 }) => sha256 === apiKey.sha256)
    return (
      now !== undefined &&
      includesScope(now.scope, 'write') &&
      (now.connections?.includes(connection) ?? true)
    )
  }
  return { name: apiKey.name, isAllowed, onDefect }
}

function logCommand(
  request: FastifyRequest,
  command: CommandDefinition,
  answer: CommandResponse,
  traceId: string | undefined,
): void {
  const { returnData, errors, meta } = answer.envelope
  request.log.info(
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
