import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { AuditLog } from '../service/audit/audit-log.js'
import { CATALOG } from '../commands/catalog.js'
import type { CommandDefinition } from '../commands/define-command.js'
import { auditRefusal } from './audit.js'
import { serviceFailure } from '../envelope/service-failure.js'
import { sendFailure } from './errors.js'

declare module 'fastify' {
  interface FastifyRequest {
    /** When the request arrived, on the clock of `performance.now()`, in milliseconds. */
    startedAt: number
    /** Where it came from, which a client that hung up no longer tells. */
    address: string
  }
}

/** When to come back to a service that is ending, in milliseconds. */
const RESTART_MS = 5_000

/** The path as the router took it: the same path may be written in many ways. What no route answers is as it was sent. */
function pathOf(request: FastifyRequest): string {
  return request.routeOptions.url ?? request.url
}

/** The command that the path of a request names, if it names one. */
export function commandOf(request: FastifyRequest): CommandDefinition | undefined {
  const name = /^\/commands\/([^/?]+)/.exec(pathOf(request))?.[1]
  return CATALOG.find((command) => command.name === name)
}

/** What holds for every request: its clock, its id in the answer, and that an ending service takes none. */
export function registerRequests(app: FastifyInstance, audit: AuditLog): void {
  let ending = false
  app.decorateRequest('startedAt', 0)
  app.decorateRequest('address', '')
  app.addHook('preClose', async () => {
    ending = true
  })
  app.addHook('onRequest', (request, reply, done) => {
    request.startedAt = performance.now()
    request.address = request.ip
    reply.header('x-request-id', request.id)
    if (!ending || !pathOf(request).startsWith('/commands/')) {
      done()
      return
    }
    const failure = serviceFailure('ShuttingDown', 'The service is shutting down.', {
      retryable: true,
      retryAfterMs: RESTART_MS,
    })
    auditRefusal(audit, request, failure)
    sendFailure(request, reply, failure)
  })
  app.addHook('onSend', (_request, reply, _payload, done) => {
    // an idle connection would keep an ending service alive
    if (ending) reply.header('connection', 'close')
    done()
  })
}
