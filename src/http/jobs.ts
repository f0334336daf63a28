import { Type } from '@sinclair/typebox'
import type { FastifyInstance } from 'fastify'
import type { JobStore } from '../jobs/job-store.js'
import { sendFailure } from './errors.js'
import { sendJob } from './job-answer.js'
import { ownerOf } from './job-start.js'
import { requestFailure } from './request-failures.js'

const answers = {
  200: { description: 'It is finished: the envelope of the command.', $ref: 'Job#' },
  202: { description: 'It runs; `Retry-After` says when to ask again.', $ref: 'Job#' },
  401: { description: 'No API key, or an unknown one.', $ref: 'ErrorEnvelope#' },
  404: {
    description: "There is no such job, it is another key's, or it was forgotten.",
    $ref: 'ErrorEnvelope#',
  },
}

const Params = Type.Object({
  id: Type.String({ description: '`job.id` of the answer that said 202.' }),
})

/** `GET /jobs/<id>` follows a job, `DELETE /jobs/<id>` cancels what it has not yet sent. */
export function registerJobs(app: FastifyInstance, store: JobStore): void {
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
      const job = await store.find(ownerOf(request), request.params.id)
      return job ? sendJob(reply, job) : sendFailure(request, reply, unknownJob())
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
      const job = await store.find(ownerOf(request), request.params.id)
      if (!job) return sendFailure(request, reply, unknownJob())
      if (!job.answer) await store.cancel(job)
      return sendJob(reply, job)
    },
  )
}

function unknownJob() {
  return requestFailure(404, 'UnknownJob', 'There is no such job: it is unknown or was forgotten.')
}
