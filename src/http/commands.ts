import { randomUUID } from 'node:crypto'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { operationOfAction } from '../aws/operations.js'
import { startCallContext } from '../cloudtrail/call-context.js'
import { CATALOG } from '../commands/catalog.js'
import { takesNoBody, type CommandDefinition } from '../commands/define-command.js'
import type { Connection } from '../cloudtrail/connections/connection.js'
import type { LimiterState } from '../quota/quota-pool.js'
import { auditCommand, noAudit } from './audit.js'
import { checkRequest, isStreamed, type CheckedRequest } from './check-request.js'
import { commandRouteSchema } from './command-schema.js'
import { refused, toResponse } from '../envelope/envelope.js'
import { runTurn, takeTurn, type Turn } from './turn.js'
import { disconnectSignal } from './disconnect.js'
import { sendJob } from './job-answer.js'
import { startJob } from './job-start.js'
import { streamAnswer } from './ndjson.js'
import { prefersAsync } from './prefer.js'
import { setRateLimitHeaders } from './rate-limit-headers.js'
import { callerOf, runCommand, runUnaccounted, type CommandParts } from './run-command.js'
import { metaOf, sendAnswer } from './send-answer.js'

/** A job's time in all, in milliseconds, unless the request says otherwise: nobody waits for it. */
const JOB_DEADLINE_MS = 900_000

/** Never aborts. Made anew each time: what listens to a signal is kept as long as the signal. */
const never = () => new AbortController().signal

/** Registers one concrete, typed route for each command of the catalogue. */
export function registerCommands(app: FastifyInstance, parts: CommandParts): void {
  for (const command of CATALOG) {
    app.post(
      `/commands/${command.name}`,
      {
        config: { scope: command.scope },
        schema: commandRouteSchema(command),
        attachValidation: true,
        preValidation: async (request) => {
          if (takesNoBody(command) && request.headers['content-type'] === undefined) {
            request.body ??= {}
          }
        },
      },
      (request, reply) => answerCommand(command, request, reply, parts),
    )
  }
}

/** Checks a request, and answers it in the way that it asks for. */
async function answerCommand(
  command: CommandDefinition,
  request: FastifyRequest,
  reply: FastifyReply,
  parts: CommandParts,
): Promise<FastifyReply> {
  const checked = checkRequest(command, request, parts.connections)
  if ('failures' in checked) {
    const answer = toResponse(command, checked, metaOf(request))
    auditCommand(parts.audit, request, command, answer, [])
    return sendAnswer(reply, answer)
  }
  const unaudited = command.scope === 'write' ? parts.audit.fault() : undefined
  if (unaudited) {
    request.log.error({ err: unaudited }, 'a change was refused: the audit log cannot be written')
    const answer = toResponse(command, refused([noAudit()]), metaOf(request))
    auditCommand(parts.audit, request, command, answer, [])
    return sendAnswer(reply, answer)
  }
  const { connection, deadlineMs = parts.deadlineMs, idempotencyKey } = checked
  // with a key somebody may come back for the answer
  const disconnected = idempotencyKey === undefined ? disconnectSignal(reply) : never()
  // the wait for the turn is part of the command's time
  const caller = callerOf(request, connection, parts.keys)
  const context = startCallContext(caller, request.id, deadlineMs, disconnected)
  const turn = await takeTurn(command, request, reply, parts, checked)
  if (!turn) return reply
  if (prefersAsync(request.headers)) return runAsJob(command, request, reply, parts, checked, turn)
  if (isStreamed(command, request)) {
    return streamAnswer(reply, request, context.ended, (sink) =>
      runCommand(command, request, parts, connection, context, sink),
    )
  }
  if (command.scope === 'read') {
    const { answer, account } = await runUnaccounted(command, request, parts, connection, context)
    try {
      setRateLimitHeaders(reply, limiterOf(command, connection, parts))
      sendAnswer(reply, answer)
    } finally {
      // nobody waits for the lines of what changed nothing
      account()
    }
    return reply
  }
  const answer = await runTurn(turn, parts.idempotencyKeys, context, () =>
    runCommand(command, request, parts, connection, context),
  )
  setRateLimitHeaders(reply, limiterOf(command, connection, parts))
  return sendAnswer(reply, answer)
}

/** The state of the limiter that a command used. */
function limiterOf(
  command: CommandDefinition,
  connection: Connection,
  { accounts, quota }: CommandParts,
): LimiterState {
  const operation = operationOfAction(command.iamActions[0])
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
  turn: Turn,
): Promise<FastifyReply> {
  const { connection, deadlineMs = Math.max(parts.deadlineMs, JOB_DEADLINE_MS) } = checked
  const meta = {
    ...metaOf(request),
    connection: connection.name,
    regions: [connection.region],
    ...(connection.sandbox && { sandbox: true }),
  }
  const caller = callerOf(request, connection, parts.keys)
  const id = turn.record?.holder ?? randomUUID()
  const job = await startJob(parts.jobs, id, command, request, meta, (follower) => {
    const context = startCallContext(caller, request.id, deadlineMs, never(), follower)
    return runTurn(turn, parts.idempotencyKeys, context, () =>
      runCommand(command, request, parts, connection, context),
    )
  })
  if ('envelope' in job) {
    if (turn.record) await parts.idempotencyKeys.release(turn.record, turn.isRepeat)
    auditCommand(parts.audit, request, command, job, [], connection.identity)
    return sendAnswer(reply, job)
  }
  return sendJob(reply.header('preference-applied', 'respond-async'), job)
}
