import type { FastifyReply } from 'fastify'
import { jobDocument, responseOf, retryAfter } from '../service/jobs/job-document.js'
import type { Job } from '../service/jobs/job.js'

/** Sends a job as it is now: 202 while it runs, 200 once it has its response. */
export function sendJob(reply: FastifyReply, job: Job): FastifyReply {
  if (responseOf(job)) return reply.code(200).send(jobDocument(job))
  return reply
    .code(202)
    .headers({
      location: `${reply.server.publicUrl}/jobs/${job.id}`,
      'retry-after': String(retryAfter(job)),
    })
    .send(jobDocument(job))
}
