import type { CommandResponse } from '../../envelope/envelope.js'
import type { InputFailure } from '../../envelope/outcome.js'
import { serviceFailure } from '../../envelope/service-failure.js'
import type { CommandRequest } from '../command-request.js'
import type { Job } from '../jobs/job.js'
import type { Jobs } from '../jobs/jobs.js'
import { ownerOf } from '../request-context.js'
import { fingerprintOf } from './fingerprint.js'
import type { IdempotencyKeys } from './idempotency-keys.js'
import {
  idempotencyRecord,
  type IdempotencyClaim,
  type IdempotencyRecord,
} from './idempotency-records.js'

/** The right to run a command: of a request without an idempotency key, and of the first request with it. */
export interface Granted {
  state: 'granted'
  /** The record of the key; `undefined` without a key. */
  record: IdempotencyRecord | undefined
  /** Whether an earlier run with this key was lost: its writes may have been carried out. */
  isRepeat: boolean
}

/** What the idempotency key of a request leads to. */
export type KeyClaim =
  | Granted
  | { state: 'replayed'; response: CommandResponse }
  | { state: 'job'; job: Job }
  | { state: 'refused'; failure: InputFailure }

/**
 * The result of a claim, for metrics: granted to the first request, to another after the first was lost (`repeated`), the
 * stored response (`replayed`) or job (`job`), or refused: `reused` for another request, still `in_use`, `unavailable`.
 */
export type ClaimResult =
  | 'granted'
  | 'repeated'
  | 'replayed'
  | 'job'
  | 'reused'
  | 'in_use'
  | 'unavailable'

/** Counts the claims of idempotency keys. */
export type ClaimObserver = (result: ClaimResult) => void

const REFUSALS: Record<string, ClaimResult> = {
  IdempotencyKeyReused: 'reused',
  IdempotencyKeyInUse: 'in_use',
}

/** The result that metrics show for a claim. */
export function resultOf(claim: KeyClaim): ClaimResult {
  if (claim.state === 'refused') return REFUSALS[claim.failure.code] ?? 'unavailable'
  return claim.state === 'granted' && claim.isRepeat ? 'repeated' : claim.state
}

/**
 * Claims the idempotency key of a request. Waits while another request holds it, until `ended` aborts.
 * A request for a job does not wait: a job that has the key is its result, finished or not.
 */
export async function claimKey(
  request: CommandRequest,
  idempotencyKey: string,
  keys: IdempotencyKeys,
  jobs: Jobs,
  ended: AbortSignal,
): Promise<KeyClaim> {
  const { command, body, connection, context, isJob } = request
  const owner = ownerOf(context)
  const fingerprint = fingerprintOf(command.name, body, connection)
  const record = idempotencyRecord(owner, idempotencyKey, fingerprint, isJob)
  const jobOf = async (claim: IdempotencyClaim) => {
    const jobId = jobIdOf(claim)
    return isJob && jobId !== undefined ? jobs.find(owner, jobId) : undefined
  }
  try {
    const claim = await keys.claim(record, ended, async (one) => !!(await jobOf(one)))
    if (claim.state === 'claimed') return { state: 'granted', record, isRepeat: claim.isRepeat }
    if (claim.state === 'mismatch') return { state: 'refused', failure: keyReused() }
    const job = await jobOf(claim)
    if (job) return { state: 'job', job }
    return claim.state === 'running'
      ? { state: 'refused', failure: keyInUse(jobIdOf(claim)) }
      : { state: 'replayed', response: claim.response }
  } catch (err) {
    context.log.error({ err }, 'a write was refused: the idempotency keys cannot be reached')
    return { state: 'refused', failure: keysUnavailable() }
  }
}

function jobIdOf(claim: IdempotencyClaim): string | undefined {
  return 'data' in claim ? claim.data?.jobId : undefined
}

function keyReused() {
  return serviceFailure(
    'IdempotencyKeyReused',
    'The idempotency-key was used for another request: another command, body or connection.',
    { field: 'idempotency-key' },
  )
}

function keyInUse(jobId: string | undefined) {
  return serviceFailure(
    'IdempotencyKeyInUse',
    'The first request with this idempotency-key is still running; send it again later to get its response.',
    {
      field: 'idempotency-key',
      ...(jobId !== undefined && { hint: `It runs as the job /jobs/${jobId}.` }),
    },
  )
}

function keysUnavailable() {
  return serviceFailure(
    'IdempotencyUnavailable',
    'Redis, which holds the idempotency keys, is unavailable: nothing was written.',
  )
}
