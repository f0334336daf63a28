import type { FastifyRequest } from 'fastify'
import type { Follower } from '../cloudtrail/call-context.js'
import type { CommandDefinition } from '../commands/define-command.js'
import type { Job } from '../service/jobs/job.js'
import type { Jobs } from '../service/jobs/jobs.js'
import { refused, toResponse, type CommandResponse, type Envelope } from '../envelope/envelope.js'
import { internalFailure, serviceFailure } from '../envelope/service-failure.js'

/** When a caller whose jobs all run may try to start one more, in milliseconds. */
const TOO_MANY_RETRY_MS = 10_000

/** When a Redis that is away may be back, in milliseconds. */
const JOBS_AWAY_RETRY_MS = 5_000

/** Whose jobs a request may see: those of its API key, or everybody's where none is asked for. */
export function ownerOf({ apiKey }: FastifyRequest): string {
  return apiKey?.name ?? ''
}

/**
 * Starts a command as a job.
 *
 * @param id the job's, which cannot be guessed
 * @param meta what is known of the answer's `meta` already
 * @param run runs the command, to its answer
 * @returns the job, or the refusal when the caller has too many
 */
export async function startJob(
  jobs: Jobs,
  id: string,
  command: CommandDefinition,
  request: FastifyRequest,
  meta: Envelope['meta'],
  run: (follower: Follower) => Promise<CommandResponse>,
): Promise<Job | CommandResponse> {
  const started = jobs.start({
    id,
    owner: ownerOf(request),
    command: command.name,
    apiClass: command.apiClass,
    meta,
    run: async (follower) => {
      try {
        return await run(follower)
        /* c8 ignore next 4 -- a defect of the service, told as any other is */
      } catch (err) {
        request.log.error({ err }, 'a job failed in the service')
        return toResponse(command, refused([internalFailure()]), meta)
      }
    },
  })
  let job: Job | undefined
  try {
    job = await started
  } catch (err) {
    request.log.error({ err }, 'a job was refused: jobs cannot be kept')
    return toResponse(command, refused([jobsAway()]), meta)
  }
  if (job) return job
  const failure = serviceFailure('TooManyJobs', 'Too many jobs of yours are running.', {
    retryable: true,
    retryAfterMs: TOO_MANY_RETRY_MS,
    hint: 'Wait for one of them, or cancel one with DELETE /jobs/<id>.',
  })
  return toResponse(command, refused([failure]), meta)
}

/** The refusal of a job that could not be followed. */
export function jobsAway() {
  return serviceFailure('JobsUnavailable', 'Jobs cannot be looked up: Redis is away.', {
    retryable: true,
    retryAfterMs: JOBS_AWAY_RETRY_MS,
  })
}
