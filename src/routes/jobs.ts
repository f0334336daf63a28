import { Type } from '@sinclair/typebox'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { validationFailure } from '../envelope/service-failure.js'
import type { ValidationError } from '../envelope/validation-error.js'
import { errorResponses } from '../plugins/openapi/error-responses.js'
import { headers } from '../plugins/openapi/headers.js'
import { auditCancel } from '../service/audit/audit-entries.js'
import { jobsUnavailable, unknownJob } from '../service/jobs/job-failures.js'
import type { Job } from '../service/jobs/job.js'
import { ownerOf } from '../service/request-context.js'
import { disconnectSignal } from './commands/disconnect.js'
import { MAX_WAIT_S, PreferHeader, preferenceApplied, preferencesOf } from './prefer.js'
import { sendJob } from './send-job.js'

const params = Type.Object({
  id: Type.String({ description: '`job.id` of the response with status 202.' }),
})

const requestHeaders = Type.Object({
  prefer: PreferHeader(
    '^wait=[1-9]\\d{0,2}$',
    `\`wait=<seconds>\`, 1 to ${MAX_WAIT_S}: return when the job is finished, at the latest after that time (RFC 7240).`,
  ),
})

const response = {
  200: {
    description: 'It is finished: the envelope of the command.',
    headers: headers('preference-applied'),
    $ref: 'Job#',
  },
  202: {
    description: 'It runs; `Retry-After` says when to ask again.',
    headers: headers('retry-after', 'location', 'preference-applied'),
    $ref: 'Job#',
  },
  ...errorResponses(404, 414, 503),
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
    lookUp: (job: Pick<Job, 'owner' | 'id'>) => Promise<Job | undefined>,
  ): Promise<FastifyReply> {
    let job: Job | undefined
    try {
      job = await lookUp({ owner: ownerOf(request), id: request.params.id })
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
      config: { scope: 'read', requestHeaders },
      schema: {
        tags: ['Service'],
        operationId: 'getJob',
        summary: 'Follow a job: its progress, then its response',
        description:
          'A command sent with `Prefer: respond-async`, or that takes longer than `Prefer: wait=<seconds>`, gets 202 with the address of its job. Finished jobs are kept for an hour.',
        params,
        response,
      },
    },
    (request, reply) => {
      const errors: ValidationError[] = []
      const { waitMs } = preferencesOf(request.headers, errors)
      if (errors[0]) return reply.refuse(validationFailure(errors[0]))
      if (waitMs === undefined) {
        return send(request, reply, ({ owner, id }) => jobs.find(owner, id))
      }
      const disconnected = disconnectSignal(reply)
      reply.header('preference-applied', preferenceApplied({ isAsync: false, waitMs }))
      return send(request, reply, (job) => jobs.waitFor(job, waitMs, disconnected))
    },
  )
  app.delete<JobRoute>(
    '/jobs/:id',
    {
      config: { scope: 'read' },
      schema: {
        tags: ['Service'],
        operationId: 'cancelJob',
        summary: 'Cancel what a job has not yet sent',
        description:
          'Requests that were sent to AWS are finished. Inputs that were not sent get the error code `Cancelled`. A finished job stays as it is.',
        params,
        response,
      },
    },
    (request, reply) =>
      send(request, reply, async ({ owner, id }) => {
        const job = await jobs.find(owner, id)
        if (!job || job.response || job.lost) return job
        await jobs.cancel(job)
        auditCancel(audit, request, job)
        return job
      }),
  )
}
