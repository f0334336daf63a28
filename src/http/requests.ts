import type { FastifyInstance, FastifyRequest } from 'fastify'
import { CATALOG } from '../commands/catalog.js'
import type { CommandDefinition } from '../commands/command.js'
import { requestFailure } from './request-failures.js'
import { sendFailure } from './errors.js'

declare module 'fastify' {
  interface FastifyRequest {
    /** When the request arrived, on the clock of `performance.now()`, in milliseconds. */
    startedAt: number
  }
}

/** When to come back to a service that is ending, in milliseconds. */
const RESTART_MS = 5_000

/** The command that the path of a request names, if it names one. */
export function commandOf(request: FastifyRequest): CommandDefinition | undefined {
  const name = /^\/commands\/([^/?]+)/.exec(request.url)?.[1]
  return CATALOG.find((command) => command.name === name)
}

/** What holds for every request: its clock, its id in the answer, and that an ending service takes none. */
export function registerRequests(app: FastifyInstance): void {
  let ending = false
  app.decorateRequest('startedAt', 0)
  app.addHook('preClose', async () => {
    ending = true
  })
  app.addHook('onRequest', async (request, reply) => {
    request.startedAt = performance.now()
    reply.header('x-request-id', request.id)
    if (!ending || !request.url.startsWith('/commands/')) return
    await sendFailure(
      request,
      reply,
      requestFailure(503, 'ShuttingDown', 'The service is shutting down.', {
        retryable: true,
        retryAfterMs: RESTART_MS,
      }),
    )
  })
  app.addHook('onSend', async (_request, reply) => {
    // an idle connection would keep an ending service alive
    if (ending) reply.header('connection', 'close')
  })
}
