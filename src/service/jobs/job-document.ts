import { Type, type Static } from '@sinclair/typebox'
import { CATALOG } from '../../commands/catalog.js'
import {
  anyEnvelopeSchema,
  refused,
  toResponse,
  type CommandResponse,
} from '../../envelope/envelope.js'
import { serviceFailure } from '../../envelope/service-failure.js'
import { StringEnum } from '../../envelope/string-enum.js'
import type { Job } from './job.js'

/** The state of a job. */
const JobStateSchema = Type.Object(
  {
    id: Type.String({ description: 'The job, at `/jobs/<id>`.' }),
    status: StringEnum(['running', 'cancelling', 'finished'], {
      description: '`cancelling`: requests that were sent are finished, the rest is not sent.',
    }),
    inputs: Type.Object(
      {
        done: Type.Integer({ minimum: 0 }),
        total: Type.Integer({ minimum: 0 }),
      },
      {
        description:
          'Inputs that are done, successful or failed, out of how many. One that was cancelled before it was sent is not done. A one-call command counts as one.',
      },
    ),
    createdAt: Type.String({ format: 'date-time', description: 'When the job was started.' }),
    estimatedEnd: Type.Optional(
      Type.String({
        format: 'date-time',
        description:
          'Estimated end of the job. Only while it runs, and not once it has taken longer.',
      }),
    ),
    finishedAt: Type.Optional(
      Type.String({ format: 'date-time', description: 'When the job finished.' }),
    ),
    statusCode: Type.Optional(
      Type.Integer({
        description:
          'The HTTP status that the command would have had without `prefer`. Only when finished.',
      }),
    ),
  },
  { title: 'JobState' },
)

/** The response of `/jobs/<id>`: the command's envelope, with the state of the job beside it. */
export const JobSchema = Type.Composite(
  [
    anyEnvelopeSchema(['Running', 'Successful', 'Partially Successful', 'Failed'], 'JobReturnData'),
    Type.Object({ job: JobStateSchema }),
  ],
  { $id: 'Job', title: 'Job', description: 'A job: a command whose client does not wait for it.' },
)

/** A job as its owner sees it: an envelope without rows while it runs, then the command's own envelope. */
export function jobDocument(job: Job, now = Date.now()): Static<typeof JobSchema> {
  const { progress } = job
  const response = responseOf(job)
  const state = {
    id: job.id,
    inputs: { done: progress.done, total: progress.total },
    createdAt: new Date(job.createdAt).toISOString(),
  }
  if (response) {
    const finishedAt = new Date(job.finishedAt ?? now).toISOString()
    const { status: statusCode } = response
    return { ...response.envelope, job: { ...state, status: 'finished', finishedAt, statusCode } }
  }
  return {
    command: job.command,
    returnData: 'Running',
    contextData: [],
    keyFields: {},
    rawData: null,
    error: '',
    errors: [],
    meta: { ...job.meta, durationMs: now - job.createdAt },
    job: {
      ...state,
      status: progress.cancelled ? 'cancelling' : 'running',
      ...(progress.estimatedEnd > now && {
        estimatedEnd: new Date(progress.estimatedEnd).toISOString(),
      }),
    },
  }
}

/** The response of a finished job, also of one whose process was lost before it had one. */
export function responseOf(job: Job): CommandResponse | undefined {
  if (!job.lost) return job.response
  const command = CATALOG.find(({ name }) => name === job.command)
  const failure = serviceFailure('JobLost', 'The process that ran this job is gone.')
  return toResponse(command, refused([failure]), job.meta)
}

/** The longest `Retry-After` of a running job, in seconds. */
export const MAX_RETRY_AFTER_S = 30

/**
 * `Retry-After` of a running job, in seconds: its estimated end, where it is known; else half the time that it has taken so
 * far. At most {@link MAX_RETRY_AFTER_S}.
 */
export function retryAfter({ createdAt, progress }: Job, now = Date.now()): number {
  const left = progress.estimatedEnd > now ? progress.estimatedEnd - now : (now - createdAt) / 2
  return Math.min(MAX_RETRY_AFTER_S, Math.max(1, Math.ceil(left / 1000)))
}
