import type { FastifyReply, FastifyRequest } from 'fastify'
import type { CommandResponse } from '../envelope/envelope.js'

/** Sends an envelope with its status and waiting time. */
export function sendAnswer(reply: FastifyReply, answer: CommandResponse): FastifyReply {
  if (answer.retryAfter !== undefined) reply.header('retry-after', String(answer.retryAfter))
  return reply.code(answer.status).send(answer.envelope)
}

/** The meta of an answer for which nothing was asked of AWS. */
export function metaOf(request: FastifyRequest) {
  return {
    requestId: request.id,
    apiCalls: 0,
    throttled: 0,
    queuedMs: 0,
    durationMs: Math.round(performance.now() - request.startedAt),
  }
}
