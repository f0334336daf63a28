import { Type } from '@sinclair/typebox'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { auditCancel } from '../service/audit/audit-entries.js'
import { jobsUnavailable, unknownJob } from '../service/jobs/job-failures.js'
import type { Job } from '../service/jobs/job.js'
import { ownerOf } from '../service/request-context.js'
import { sendJob } from './send-job.js'

const common = {
  tags: ['Service'],
  params: Type.Object({
    id: Type.String({ description: '`job.id` of the response with status 202.' }),
  }),
  response: {
    200: { description: 'It is finished: the envelope of the command.', $ref: 'Job#' },
    202: { description: 'It runs; `Retry-After` says when to ask again.', $ref: 'Job#' },
    401: { description: 'No API key, or an unknown one.', $ref: 'ErrorEnvelope#' },
    414: { description: 'The id is longer than 200 characters.', $ref: 'ErrorEnvelope#' },
    404: {
      description: "There is no such job, it is another key's, or it was forgotten.",
      $ref: 'ErrorEnvelope#',
    },
    503: { description: 'Redis, which holds the jobs, is unavailable.', $ref: 'ErrorEnvelope#' },
  },
}

interface JobRoute {
  Params: { id: string }
}

/** `GET /jobs/<id>` follows a job, `DELETE /jobs/<id>` cancels what it has not yet sent. */
export async function jobRoutes(app: FastifyInstance): Promise<void> {
  const { audit, jobs } = app

  /** Sends the caller's job, after what is to be done with it. */
  async function send(
    request: FastifyRequest<JobRoute>,
    reply: FastifyReply,
    andThen?: (job: Job) => Promise<void>,
  ): Promise<FastifyReply> {
    let job: Job | undefined
    try {
      job = await jobs.find(ownerOf(request), request.params.id)
      if (job) await andThen?.(job)
    } catch (err) {
      request.log.error({ err }, 'a job could not be looked up')
      return reply.refuse(jobsUnavailable())
    }
    return job ? sendJob(reply, job) : reply.refuse(unknownJob())
  }

  app.get<JobRoute>(
    '/jobs/:id',
    {
      logLevel: 'warn',
      config: { scope: 'read' },
      schema: {
        ...common,
        operationId: 'getJob',
        summary: 'The progress of a job, then its response',
        description:
          'A command sent with `Prefer: respond-async` gets 202 with the address of its job. Finished jobs are kept for an hour.',
      },
    },
    (request, reply) => send(request, reply),
  )
  app.delete<JobRoute>(
    '/jobs/:id',
    {
      config: { scope: 'read' },
      schema: {
        ...common,
        operationId: 'cancelJob',
        summary: 'Cancel what a job has not yet sent',
        description:
          'Requests that were sent to AWS are finished. Inputs that were not sent get the error code `Cancelled`. A finished job stays as it is.',
      },
    },
    (request, reply) =>
      send(request, reply, async (job) => {
        if (job.response || job.lost) return
        await jobs.cancel(job)
        auditCancel(audit, request, job)
      }),
  )
}
