import { Type, type Static } from '@sinclair/typebox'
import type { FastifyReply } from 'fastify'
import type { Job } from '../service/jobs/job.js'
import { CATALOG } from '../commands/catalog.js'
import { envelopeSchema, refused, toResponse, type CommandResponse } from '../envelope/envelope.js'
import { serviceFailure } from '../envelope/service-failure.js'

/** How far a job has come. */
const JobStateSchema = Type.Object(
  {
    id: Type.String({ description: 'The job, at `/jobs/<id>`.' }),
    status: Type.Unsafe<'running' | 'cancelling' | 'finished'>({
      type: 'string',
      enum: ['running', 'cancelling', 'finished'],
      description: '`cancelling`: what was sent is being finished, the rest is not sent.',
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
    createdAt: Type.String({ format: 'date-time', description: 'When it was asked for.' }),
    estimatedEnd: Type.Optional(
      Type.String({
        format: 'date-time',
        description:
          'When it will be finished, as far as can be told. Only while it runs; not when it takes longer than that.',
      }),
    ),
    finishedAt: Type.Optional(
      Type.String({ format: 'date-time', description: 'When it was finished.' }),
    ),
    statusCode: Type.Optional(
      Type.Integer({
        description:
          'The HTTP status with which the command would have been answered. Only when finished.',
      }),
    ),
  },
  { title: 'JobState' },
)

/** The answer of `/jobs/<id>`: the command's envelope, with the state of the job beside it. */
export const JobSchema = Type.Composite(
  [
    Type.Omit(envelopeSchema(Type.Record(Type.String(), Type.Unknown()), {}), ['returnData']),
    Type.Object({
      returnData: Type.Unsafe<string>({
        type: 'string',
        enum: ['Running', 'Successful', 'Partially Successful', 'Failed'],
        description: "`Running`, or the command's outcome in D3's terms.",
      }),
      job: JobStateSchema,
    }),
  ],
  { $id: 'Job', title: 'Job', description: 'A job: a command that runs without being waited for.' },
)

/** A job as its owner sees it: an envelope without rows while it runs, then the command's own envelope. */
export function jobDocument(job: Job, now = Date.now()): Static<typeof JobSchema> {
  const { progress } = job
  const answer = answerOf(job)
  const state = {
    id: job.id,
    inputs: { done: progress.done, total: progress.total },
    createdAt: new Date(job.createdAt).toISOString(),
  }
  if (answer) {
    const finishedAt = new Date(job.finishedAt ?? now).toISOString()
    const { status: statusCode } = answer
    return { ...answer.envelope, job: { ...state, status: 'finished', finishedAt, statusCode } }
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

/** The answer of a job that is over, also of one whose process was lost before it had one. */
function answerOf(job: Job): CommandResponse | undefined {
  if (!job.lost) return job.response
  const command = CATALOG.find(({ name }) => name === job.command)
  const failure = serviceFailure('JobLost', 'The process that ran this job is gone.', {
    hint: "What it had done is not known here. Read the present state (Get Trails, Get Trail Status), or CloudTrail's own events, before going on. With an idempotency-key, the same request may be sent again.",
  })
  return toResponse(command, refused([failure]), job.meta)
}

/**
 * When a running job is worth asking about again, in seconds: at its end, where it is known; else when it has taken half
 * as long again. At least every half minute.
 */
export function askAgainIn({ createdAt, progress }: Job, now = Date.now()): number {
  const left = progress.estimatedEnd > now ? progress.estimatedEnd - now : (now - createdAt) / 2
  return Math.min(30, Math.max(1, Math.ceil(left / 1000)))
}

/** Sends a job as it is now. */
export function sendJob(reply: FastifyReply, job: Job): FastifyReply {
  if (answerOf(job)) return reply.code(200).send(jobDocument(job))
  return reply
    .code(202)
    .headers({ location: `/jobs/${job.id}`, 'retry-after': String(askAgainIn(job)) })
    .send(jobDocument(job))
}
