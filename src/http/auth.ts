import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { Counter, type Registry } from 'prom-client'
import type { AuditLog } from '../service/audit/audit-log.js'
import { findApiKey, includesScope, type ApiKey, type KeyScope } from '../auth/api-key.js'
import type { InputFailure } from '../envelope/outcome.js'
import { auditRefusal } from './audit.js'
import { sendFailure } from './errors.js'
import { serviceFailure } from '../envelope/service-failure.js'

declare module 'fastify' {
  interface FastifyRequest {
    /** The key that the request presented; `undefined` where none is asked for. */
    apiKey: ApiKey | undefined
  }
  interface FastifyContextConfig {
    /** The scope that the route needs. Left out, the route is open, but under `/commands/`, where it is `read`. */
    scope?: KeyScope
  }
}

/** The longest key that is hashed, in characters. */
const MAX_KEY_LENGTH = 256

/**
 * Asks for an API key wherever a route's `config.scope` says so, and everywhere under `/commands/`: a route there that
 * forgot to say is protected all the same, and an unknown command tells a stranger nothing.
 *
 * @param keys the keys that are in force now; `undefined`: the service asks for none
 * @param audit is told of commands that were not let in
 * @param registry counts every request that was not
 */
export function registerAuth(
  app: FastifyInstance,
  keys: (() => readonly ApiKey[]) | undefined,
  audit: AuditLog,
  registry: Registry,
): void {
  const refusals = new Counter({
    name: 'cloudtrail_auth_failures_total',
    help: 'Requests that were refused for want of a key or its scope, to any route, by the code of the refusal.',
    labelNames: ['code'],
    registers: [registry],
  })
  app.decorateRequest('apiKey', undefined)
  if (!keys) return
  const refuse = (request: FastifyRequest, reply: FastifyReply, failure: InputFailure) => {
    refusals.inc({ code: failure.code })
    auditRefusal(audit, request, failure)
    return sendFailure(request, reply, failure)
  }
  app.addHook('onRequest', async (request, reply) => {
    const needed = neededScope(request)
    if (needed === undefined) return
    const presented = bearerOf(request)
    const key = presented === undefined ? undefined : findApiKey(keys(), presented)
    if (!key) {
      request.log.warn({ address: request.address }, 'refused: no API key, or an unknown one')
      reply.header('www-authenticate', 'Bearer')
      return refuse(request, reply, unauthenticated(presented))
    }
    request.apiKey = key
    if (includesScope(key.scope, needed)) return
    request.log.warn({ key: key.name, needed }, 'refused: the scope of the API key')
    const message = `The API key ${key.name} has the scope ${key.scope}; this needs ${needed}.`
    return refuse(request, reply, serviceFailure('ScopeNotAllowed', message))
  })
}

/** Whether the request's key may use a connection; a key that names none may use all. */
export function mayUseConnection({ apiKey }: FastifyRequest, connection: string): boolean {
  return apiKey?.connections?.includes(connection) ?? true
}

function neededScope(request: FastifyRequest): KeyScope | undefined {
  const { config } = request.routeOptions
  if (config.scope !== undefined) return config.scope
  // of what no route answers, the path is judged as it was sent
  const path = request.routeOptions.url ?? request.url
  return path.startsWith('/commands/') ? 'read' : undefined
}

function bearerOf({ headers }: FastifyRequest): string | undefined {
  const key = /^Bearer +(\S+)$/i.exec(headers.authorization ?? '')?.[1]
  return key !== undefined && key.length <= MAX_KEY_LENGTH ? key : undefined
}

function unauthenticated(presented: string | undefined) {
  return presented === undefined
    ? serviceFailure('NoApiKey', 'This needs an API key: authorization: Bearer <key>.')
    : serviceFailure('UnknownApiKey', 'The API key is unknown.')
}
