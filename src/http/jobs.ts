import { Type } from '@sinclair/typebox'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { AuditLog } from '../service/audit/audit-log.js'
import type { InputFailure } from '../envelope/outcome.js'
import type { Job } from '../service/jobs/job.js'
import type { Jobs } from '../service/jobs/jobs.js'
import { auditCancel } from './audit.js'
import { sendFailure } from './errors.js'
import { sendJob } from './job-answer.js'
import { jobsAway, ownerOf } from './job-start.js'
import { serviceFailure } from '../envelope/service-failure.js'

const answers = {
  200: { description: 'It is finished: the envelope of the command.', $ref: 'Job#' },
  202: { description: 'It runs; `Retry-After` says when to ask again.', $ref: 'Job#' },
  401: { description: 'No API key, or an unknown one.', $ref: 'ErrorEnvelope#' },
  404: {
    description: "There is no such job, it is another key's, or it was forgotten.",
    $ref: 'ErrorEnvelope#',
  },
  503: { description: 'Redis is away, where the jobs are.', $ref: 'ErrorEnvelope#' },
}

const Params = Type.Object({
  id: Type.String({ description: '`job.id` of the answer that said 202.' }),
})

/** `GET /jobs/<id>` follows a job, `DELETE /jobs/<id>` cancels what it has not yet sent. */
export function registerJobs(app: FastifyInstance, jobs: Jobs, audit: AuditLog): void {
  const common = {
    tags: ['Service'],
    params: Params,
    response: answers,
  }
  app.get<{ Params: { id: string } }>(
    '/jobs/:id',
    {
      logLevel: 'warn',
      config: { scope: 'read' },
      schema: {
        ...common,
        operationId: 'getJob',
        summary: 'How far a job has come, then its answer',
        description:
          'A command sent with `Prefer: respond-async` is answered 202 with the address of its job. Finished jobs are kept for an hour.',
      },
    },
    async (request, reply) => {
      const job = await findJob(jobs, request)
      return 'code' in job ? sendFailure(request, reply, job) : sendJob(reply, job)
    },
  )
  app.delete<{ Params: { id: string } }>(
    '/jobs/:id',
    {
      config: { scope: 'read' },
      schema: {
        ...common,
        operationId: 'cancelJob',
        summary: 'Cancel what a job has not yet sent',
        description:
          'What was sent to AWS is finished. Inputs that were not come back with the error code `Cancelled`. A finished job stays as it is.',
      },
    },
    async (request, reply) => {
      const job = await findJob(jobs, request, async (found) => {
        if (found.response || found.lost) return
        await jobs.cancel(found)
        auditCancel(audit, request, found)
      })
      return 'code' in job ? sendFailure(request, reply, job) : sendJob(reply, job)
    },
  )
}

type JobRequest = FastifyRequest<{ Params: { id: string } }>

/** The job that a request names, after what is to be done with it, or why there is none. */
async function findJob(
  jobs: Jobs,
  request: JobRequest,
  andThen?: (job: Job) => Promise<void>,
): Promise<Job | InputFailure> {
  try {
    const job = await jobs.find(ownerOf(request), request.params.id)
    if (!job) return unknownJob()
    await andThen?.(job)
    return job
  } catch (err) {
    request.log.error({ err }, 'a job could not be looked up')
    return jobsAway()
  }
}

function unknownJob() {
  return serviceFailure('UnknownJob', 'There is no such job: it is unknown or was forgotten.')
}
