import type {
  FastifyInstance,
  FastifyReply,
  FastifyRequest,
  FastifySchemaValidationError,
} from 'fastify'
import { startCallContext, type CallContext } from '../cloudtrail/call-context.js'
import { CloudTrail, type CallParts } from '../cloudtrail/cloudtrail.js'
import { trailFault } from '../cloudtrail/trail-name.js'
import { CATALOG } from '../commands/catalog.js'
import type { CommandDefinition, Outcome, RowSink } from '../commands/command.js'
import type { Fault } from '../commands/fault.js'
import { ConnectionFaults } from '../connections/build-connection.js'
import type { Connection, ConnectionFields } from '../connections/connection.js'
import { ConnectionRefused, type Connections } from '../connections/connections.js'
import type { LimiterState } from '../quota/quota-pool.js'
import type { Jobs } from '../jobs/jobs.js'
import type { LookupTokens } from '../lookup/token.js'
import type { AuditLog } from '../audit/audit-log.js'
import { auditCommand, noAudit } from './audit.js'
import { mayUseConnection } from './auth.js'
import type { RecentCommands } from '../status/recent-commands.js'
import { commandRouteSchema } from './command-schema.js'
import { refused, toAnswer, type Answer } from './envelope.js'
import { hangUpSignal } from './hang-up.js'
import { setRateLimitHeaders } from './rate-limit-headers.js'
import { sendJob } from './job-answer.js'
import { startJob } from './job-start.js'
import { prefersAsync } from './prefer.js'
import { NDJSON, streamAnswer } from './ndjson.js'
import { faultFailure, requestFailure } from './request-failures.js'
import { faultsOf } from './validation.js'

/** What the commands' routes need of the process. */
export interface CommandParts extends CallParts {
  connections: Connections
  jobs: Jobs
  audit: AuditLog
  /** PROTECTED_TRAILS: names, ARNs or globs. */
  protectedTrails: readonly string[]
  /** Seals where searches go on. */
  tokens: LookupTokens
  /** Told of every command that was run. */
  recent: RecentCommands
  /** A command's time in all, in milliseconds, unless the request says otherwise. */
  deadlineMs: number
}

/** The longest `x-deadline-ms`, in milliseconds. */
export const MAX_DEADLINE_MS = 3_600_000

/** A job's time in all, in milliseconds, unless the request says otherwise: nobody waits for it. */
const JOB_DEADLINE_MS = 900_000

type Body = Record<string, unknown> & { connection?: string | ConnectionFields }

/** Registers one concrete, typed route for each command of the catalogue. */
export function registerCommands(app: FastifyInstance, parts: CommandParts): void {
  for (const command of CATALOG) {
    app.post(
      `/commands/${command.name}`,
      {
        config: { scope: command.scope },
        schema: commandRouteSchema(command),
        attachValidation: true,
        // a command without required fields may be sent without a body
        preValidation: async (request) => {
          request.body ??= request.headers['content-type'] === undefined ? {} : request.body
        },
      },
      async (request, reply) => {
        const checked = checkRequest(command, request, parts.connections)
        if ('failures' in checked) {
          const answer = toAnswer(command, checked, metaOf(request))
          auditCommand(parts.audit, request, command, answer, [])
          return sendAnswer(reply, answer)
        }
        const unaudited = command.scope === 'write' ? parts.audit.fault() : undefined
        if (unaudited) {
          request.log.error(
            { err: unaudited },
            'a change was refused: the audit log cannot be written',
          )
          return sendAnswer(reply, toAnswer(command, refused([noAudit()]), metaOf(request)))
        }
        if (prefersAsync(request.headers)) {
          return runAsJob(command, request, reply, parts, checked)
        }
        const { deadlineMs = parts.deadlineMs } = checked
        const context = startCallContext(
          callerOf(request),
          request.id,
          deadlineMs,
          hangUpSignal(reply),
        )
        if (isStreamed(command, request)) {
          return streamAnswer(reply, request, (sink) =>
            runCommand(command, request, parts, checked, context, sink),
          )
        }
        const answer = await runCommand(command, request, parts, checked, context)
        setRateLimitHeaders(reply, limiterOf(command, checked.connection, parts))
        return sendAnswer(reply, answer)
      },
    )
  }
}

/** Sends an envelope with its status and waiting time. */
export function sendAnswer(reply: FastifyReply, answer: Answer): FastifyReply {
  if (answer.retryAfter !== undefined) reply.header('retry-after', String(answer.retryAfter))
  return reply.code(answer.status).send(answer.envelope)
}

/** Whether the rows are to be streamed: the command can, and the client asks for it. */
function isStreamed(command: CommandDefinition, request: FastifyRequest): boolean {
  const accepts = (request.headers.accept ?? '').includes(NDJSON)
  return command.isStreamable === true && accepts && !prefersAsync(request.headers)
}

async function runCommand(
  command: CommandDefinition,
  request: FastifyRequest,
  parts: CommandParts,
  { connection }: CheckedRequest,
  context: CallContext,
  sink?: RowSink,
): Promise<Answer> {
  const cloudTrail = new CloudTrail(connection, parts, context, {
    protectedTrails: parts.protectedTrails,
    dryRun: (request.body as Body).dryRun === true,
  })
  const outcome = await command.run(request.body as Body, cloudTrail, {
    tokens: parts.tokens,
    sink,
  })
  const accountId = parts.accounts.accountOf(connection)
  const answer = toAnswer(command, outcome, {
    ...metaOf(request),
    connection: connection.name,
    ...(accountId !== undefined && { accountId }),
    regions: [connection.region],
    apiCalls: context.counters.apiCalls,
    throttled: context.counters.throttled,
    queuedMs: Math.round(context.counters.queuedMs),
    ...(context.counters.shared > 0 && { shared: context.counters.shared }),
    ...(connection.sandbox && { sandbox: true }),
  })
  parts.recent.add(answer.envelope)
  logCommand(request, command, answer)
  auditCommand(parts.audit, request, command, answer, context.awsRequestIds, connection.identity)
  return answer
}

/** The state of the limiter that a command used. */
function limiterOf(
  command: CommandDefinition,
  connection: Connection,
  { accounts, quota }: CommandParts,
): LimiterState {
  const operation = command.iamActions[0]?.replace('cloudtrail:', '') ?? ''
  const account = accounts.quotaKeyOf(connection)
  return quota.stateOf({ account, region: connection.region, operation })
}

/** Starts the command as a job, which goes on when its client has gone, and says where to follow it. */
async function runAsJob(
  command: CommandDefinition,
  request: FastifyRequest,
  reply: FastifyReply,
  parts: CommandParts,
  checked: CheckedRequest,
): Promise<FastifyReply> {
  const { connection, deadlineMs = Math.max(parts.deadlineMs, JOB_DEADLINE_MS) } = checked
  const meta = {
    ...metaOf(request),
    connection: connection.name,
    regions: [connection.region],
    ...(connection.sandbox && { sandbox: true }),
  }
  // read now: the client may have gone when the job asks for its place in the queue
  const caller = callerOf(request)
  const job = await startJob(parts.jobs, command, request, meta, (follower) => {
    const neverHangsUp = new AbortController().signal
    const context = startCallContext(caller, request.id, deadlineMs, neverHangsUp, follower)
    return runCommand(command, request, parts, checked, context)
  })
  if ('envelope' in job) return sendAnswer(reply, job)
  return sendJob(reply.header('preference-applied', 'respond-async'), job)
}

/** Who takes turns at the quota. */
function callerOf(request: FastifyRequest): string {
  return request.apiKey?.name ?? request.ip
}

/** The meta of an answer for which nothing was asked of AWS. */
export function metaOf(request: FastifyRequest) {
  return {
    requestId: request.id,
    apiCalls: 0,
    throttled: 0,
    queuedMs: 0,
    durationMs: Math.round(performance.now() - request.startedAt),
  }
}

interface CheckedRequest {
  connection: Connection
  deadlineMs: number | undefined
}

/** Checks everything of a request before anything is done, and tells every fault at once. */
function checkRequest(
  command: CommandDefinition,
  request: FastifyRequest,
  connections: Connections,
): CheckedRequest | Outcome {
  const schemaErrors = request.validationError?.validation as
    FastifySchemaValidationError[] | undefined
  const schemaFaults = faultsOf(schemaErrors ?? [], request.body)
  const body = soundFields(request.body, schemaFaults)
  const told = command.check?.(body, { isStreamed: isStreamed(command, request) }) ?? []
  const faults = [...schemaFaults, ...told]
  const deadlineMs = readDeadline(request, faults)
  const connection = resolveConnection(request, body, connections, faults)
  if (connection instanceof ConnectionRefused) {
    const failure = requestFailure(403, 'ConnectionNotAllowed', connection.message, {
      field: 'connection',
    })
    return refused([failure])
  }
  if (faults.length > 0 || connection === undefined) {
    return refused([...faults, ...trailFaults(body, told)].map(faultFailure))
  }
  return { connection, deadlineMs }
}

/** The body without the fields that broke the schema. */
function soundFields(body: unknown, faults: readonly Fault[]): Body {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return {}
  const broken = new Set(faults.map(({ field }) => field.split(/[.[]/)[0]))
  return Object.fromEntries(Object.entries(body).filter(([field]) => !broken.has(field)))
}

/** A command per trail takes bad names one by one; when it is refused as a whole, they are told with the rest. */
function trailFaults(body: Body, told: readonly Fault[]): Fault[] {
  const trails = Array.isArray(body.trailNames) ? (body.trailNames as string[]) : []
  return trails.flatMap((trail, index) => {
    const field = `trailNames[${index}]`
    const fault = trailFault(trail)
    return fault && !told.some((other) => other.field === field) ? [{ field, ...fault }] : []
  })
}

function readDeadline(request: FastifyRequest, faults: Fault[]): number | undefined {
  const header = request.headers['x-deadline-ms']
  if (header === undefined) return undefined
  const deadline = typeof header === 'string' && /^\d{1,9}$/.test(header) ? Number(header) : 0
  if (deadline >= 1 && deadline <= MAX_DEADLINE_MS) return deadline
  faults.push({
    field: 'x-deadline-ms',
    message: `must be a whole number of milliseconds from 1 to ${MAX_DEADLINE_MS}`,
  })
  return undefined
}

function resolveConnection(
  request: FastifyRequest,
  body: Body,
  connections: Connections,
  faults: Fault[],
): Connection | ConnectionRefused | undefined {
  const { connection: wanted = 'default' } = body
  const name = typeof wanted === 'string' ? wanted : 'inline'
  // before the look for it: a key learns nothing of the connections that are not its own
  if (!mayUseConnection(request, name)) {
    return new ConnectionRefused('forbidden', `the API key may not use the connection ${name}`)
  }
  try {
    return connections.resolve(wanted)
  } catch (error) {
    if (error instanceof ConnectionFaults) {
      for (const { field, message } of error.faults) {
        faults.push({ field: `connection.${field}`, message })
      }
      return undefined
    }
    if (!(error instanceof ConnectionRefused)) throw error
    if (error.reason === 'forbidden') return error
    faults.push({ field: 'connection', message: `must be configured: ${error.message}` })
    return undefined
  }
}

function logCommand(request: FastifyRequest, command: CommandDefinition, answer: Answer): void {
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
      errors: errors.map(({ input, code, awsRequestId }) => ({ input, code, awsRequestId })),
    },
    `${command.title}: ${returnData}`,
  )
}
