import fp from 'fastify-plugin'
import type { FastifyRequest } from 'fastify'
import { Counter } from 'prom-client'
import { findApiKey, includesScope, type ApiKey, type KeyScope } from '../auth/api-key.js'
import { loadApiKeys, type ApiKeys } from '../auth/api-keys.js'
import type { Config } from '../config.js'
import type { InputFailure } from '../envelope/outcome.js'
import { serviceFailure } from '../envelope/service-failure.js'

declare module 'fastify' {
  interface FastifyInstance {
    /** The API keys in force now; `undefined` with AUTH=none. */
    apiKeys: ApiKeys | undefined
    /** Goes on with `done` when the request has a key of the scope, or none is asked for; else refuses it. */
    authorize(
      request: FastifyRequest,
      reply: FastifyReply,
      needed: KeyScope,
      done: () => void,
    ): void
  }
  interface FastifyRequest {
    /** The API key that the request presented; `undefined` with AUTH=none. */
    apiKey: ApiKey | undefined
  }
  interface FastifyContextConfig {
    /** The scope that the route needs; default: that of its command. Without either, the route is open. */
    scope?: KeyScope
    /** Whether browsers may log in: the API key is the password of basic authentication. Only for routes that read. */
    basicAuth?: boolean
  }
}

/** The longest key that is hashed, in characters. */
const MAX_KEY_LENGTH = 256

/** Makes a browser ask its user for a name and a password. */
const BASIC_CHALLENGE = 'Basic realm="CloudTrail commands: password = API key"'

/** Asks for an API key on every route that needs a scope, unless AUTH=none. */
export const authPlugin = fp<{ config: Config }>(
  async (app, { config }) => {
    const keys =
      config.AUTH === 'api-key' ? loadApiKeys(config.API_KEYS_FILE ?? '', app.log) : undefined
    app.decorate('apiKeys', keys)
    app.decorateRequest('apiKey', undefined)
    const refusals = new Counter({
      name: 'cloudtrail_auth_failures_total',
      help: 'Requests refused for lack of an API key or of its scope, on any route, by error code.',
      labelNames: ['code'],
      registers: [app.metrics.registry],
    })
    app.decorate('authorize', (request, reply, needed, done) => {
      const failure = keys && checkApiKey(request, keys.current(), needed)
      if (!failure) {
        done()
        return
      }
      refusals.inc({ code: failure.code })
      if (failure.httpStatus === 401) {
        const { basicAuth } = request.routeOptions.config
        reply.header('www-authenticate', basicAuth ? BASIC_CHALLENGE : 'Bearer')
      }
      void reply.refuse(failure)
    })
    if (!keys) return
    app.addHook('onClose', () => keys.close())
    app.addHook('onRequest', (request, reply, done) => {
      const { scope, command } = request.routeOptions.config
      const needed = scope ?? command?.scope
      if (needed === undefined) done()
      else app.authorize(request, reply, needed, done)
    })
  },
  { name: 'auth', dependencies: ['requests', 'errors', 'metrics'] },
)

/** Whether the request's key may use a connection; a key that names none may use all. */
export function mayUseConnection({ apiKey }: FastifyRequest, connection: string): boolean {
  return apiKey?.connections?.includes(connection) ?? true
}

/** Sets `request.apiKey`, or returns why the request is refused. */
function checkApiKey(
  request: FastifyRequest,
  keys: readonly ApiKey[],
  needed: KeyScope,
): InputFailure | undefined {
  const presented = presentedKey(request)
  const key = presented === undefined ? undefined : findApiKey(keys, presented)
  if (!key) {
    request.log.warn({ address: request.address }, 'refused: no API key, or an unknown one')
    return presented === undefined
      ? serviceFailure('NoApiKey', 'This needs an API key: authorization: Bearer <key>.')
      : serviceFailure('UnknownApiKey', 'The API key is unknown.')
  }
  request.apiKey = key
  if (includesScope(key.scope, needed)) return undefined
  request.log.warn({ key: key.name, needed }, 'refused: the scope of the API key')
  return serviceFailure(
    'ScopeNotAllowed',
    `The API key ${key.name} has the scope ${key.scope}; this needs ${needed}.`,
  )
}

function presentedKey({ headers, routeOptions }: FastifyRequest): string | undefined {
  const [scheme = '', value = ''] = (headers.authorization ?? '').split(/ +/)
  const isBasic = routeOptions.config.basicAuth === true && /^Basic$/i.test(scheme)
  const key = isBasic ? passwordOf(value) : /^Bearer$/i.test(scheme) ? value : ''
  return key !== '' && key.length <= MAX_KEY_LENGTH ? key : undefined
}

function passwordOf(base64: string): string {
  const pair = Buffer.from(base64, 'base64').toString()
  return pair.slice(pair.indexOf(':') + 1)
}
