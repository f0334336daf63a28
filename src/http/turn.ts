import type { FastifyReply, FastifyRequest } from 'fastify'
import type { CallContext } from '../cloudtrail/call-context.js'
import type { CommandDefinition } from '../commands/define-command.js'
import { fingerprintOf } from '../service/idempotency/fingerprint.js'
import type { IdempotencyKeys } from '../service/idempotency/idempotency-keys.js'
import {
  idempotencyRecord,
  type IdempotencyClaim,
  type IdempotencyRecord,
} from '../service/idempotency/idempotency-records.js'
import type { Job } from '../service/jobs/job.js'
import { auditCommand } from './audit.js'
import type { Body, CheckedRequest } from './check-request.js'
import { refused, toResponse, type CommandResponse } from '../envelope/envelope.js'
import { disconnectSignal } from './disconnect.js'
import { sendJob } from './job-answer.js'
import { ownerOf } from './job-start.js'
import { prefersAsync } from './prefer.js'
import { serviceFailure } from '../envelope/service-failure.js'
import type { CommandParts } from './run-command.js'
import { metaOf, sendAnswer } from './send-answer.js'

/** When a store that is away, or a run that goes on, is worth another look, in milliseconds. */
const RETRY_MS = 5_000

/** The right to run a command: of whoever asks without an idempotency key, and of the first who asks with it. */
export interface Turn {
  /** The record of its idempotency key; nothing without a key. */
  record?: IdempotencyRecord
  /** The response that the record gets when the command throws. */
  outcomeUnknown?: () => CommandResponse
  /** Whether an earlier run with this key was lost. */
  isRepeat: boolean
}

/**
 * Asks whether it is this request's turn to run its command. When its idempotency key stands for something already, the
 * answer to that is sent instead: the stored one, or why there is none.
 *
 * @returns nothing when the answer was sent
 */
export async function takeTurn(
  command: CommandDefinition,
  request: FastifyRequest,
  reply: FastifyReply,
  parts: CommandParts,
  checked: CheckedRequest,
): Promise<Turn | undefined> {
  const { connection, deadlineMs = parts.deadlineMs, idempotencyKey } = checked
  if (idempotencyKey === undefined) return { isRepeat: false }
  const isJob = prefersAsync(request.headers)
  const owner = ownerOf(request)
  const fingerprint = fingerprintOf(command.name, request.body as Body, connection)
  const record = idempotencyRecord(owner, idempotencyKey, fingerprint, isJob)
  const jobIdOf = (claim: IdempotencyClaim) => ('data' in claim ? claim.data?.jobId : undefined)
  const jobOf = async (claim: IdempotencyClaim): Promise<Job | undefined> => {
    const jobId = jobIdOf(claim)
    return isJob && jobId !== undefined ? parts.jobs.find(owner, jobId) : undefined
  }
  const refuse = (failure: ReturnType<typeof serviceFailure>) => {
    const answer = toResponse(command, refused([failure]), metaOf(request))
    auditCommand(parts.audit, request, command, answer, [], connection.identity)
    sendAnswer(reply, answer)
  }
  const ended = AbortSignal.any([AbortSignal.timeout(deadlineMs), disconnectSignal(reply)])
  try {
    const claim = await parts.idempotencyKeys.claim(
      record,
      ended,
      async (one) => !!(await jobOf(one)),
    )
    if (claim.state === 'claimed') {
      const outcomeUnknown = () =>
        toResponse(command, refused([unknownAfterDefect()]), metaOf(request))
      return { record, outcomeUnknown, isRepeat: claim.isRepeat }
    }
    if (claim.state === 'mismatch') {
      refuse(keyReused())
      return undefined
    }
    const job = await jobOf(claim)
    if (job) {
      const { response: answer, meta } = job
      if (answer) {
        auditCommand(parts.audit, request, command, answer, [], connection.identity, meta.requestId)
      }
      sendJob(reply.headers({ ...REPLAYED, 'preference-applied': 'respond-async' }), job)
    } else if (claim.state === 'running') {
      refuse(stillRunning(jobIdOf(claim)))
    } else {
      const { response: answer } = claim
      const { requestId } = answer.envelope.meta
      auditCommand(parts.audit, request, command, answer, [], connection.identity, requestId)
      request.log.info({ command: command.name, replayOf: requestId }, 'an answer was sent again')
      sendAnswer(reply.headers(REPLAYED), answer)
    }
  } catch (err) {
    request.log.error({ err }, 'a change was refused: the idempotency keys cannot be reached')
    refuse(storeAway())
  }
  return undefined
}

/** Runs a command whose turn it is, and keeps its answer for the key. */
export function runTurn(
  { record, outcomeUnknown, isRepeat }: Turn,
  idempotencyKeys: IdempotencyKeys,
  context: CallContext,
  work: () => Promise<CommandResponse>,
): Promise<CommandResponse> {
  context.changes.mayBeRepeated = isRepeat
  if (!record || !outcomeUnknown) return work()
  context.holdsKey = () => idempotencyKeys.holds(record)
  return idempotencyKeys.run(record, context.changes, work, outcomeUnknown)
}

const REPLAYED = { 'idempotency-replayed': 'true' }

function keyReused() {
  return serviceFailure(
    'IdempotencyKeyReused',
    'The idempotency-key was used for another request: another command, body or connection.',
    { field: 'idempotency-key', hint: 'Make a new key for each change that you mean.' },
  )
}

function stillRunning(jobId: string | undefined) {
  const hint = jobId === undefined ? {} : { hint: `It runs as the job /jobs/${jobId}.` }
  return serviceFailure(
    'IdempotencyKeyInUse',
    'The first request with this idempotency-key still runs; send it again later to get its answer.',
    { field: 'idempotency-key', retryable: true, retryAfterMs: RETRY_MS, ...hint },
  )
}

function unknownAfterDefect() {
  return serviceFailure(
    'OutcomeUnknown',
    'The service failed while it ran this command; its writes may have been made.',
  )
}

function storeAway() {
  return serviceFailure(
    'IdempotencyUnavailable',
    'What was done under idempotency keys cannot be looked up: nothing changes.',
    {
      retryable: true,
      retryAfterMs: RETRY_MS,
      hint: 'Redis is away. Commands without idempotency-key go on.',
    },
  )
}
