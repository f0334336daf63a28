import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { AuditLog } from '../service/audit/audit-log.js'
import { CATALOG } from '../commands/catalog.js'
import { auditRefusal } from './audit.js'
import { commandOf } from './requests.js'
import { metaOf, sendAnswer } from './send-answer.js'
import { refused, toResponse } from '../envelope/envelope.js'
import { internalFailure, serviceFailure } from '../envelope/service-failure.js'
import type { InputFailure } from '../envelope/outcome.js'
import { SECURITY_HEADERS } from './security-headers.js'

/** Answers everything that no route answers, in the same envelope. */
export function registerErrors(app: FastifyInstance, audit: AuditLog): void {
  app.setErrorHandler((error: FastifyError, request, reply) => {
    const failure = failureOf(error)
    if (failure.httpStatus >= 500)
      request.log.error({ err: error }, 'a request failed in the service')
    auditRefusal(audit, request, failure)
    return sendFailure(request, reply, failure)
  })

  app.setNotFoundHandler((request, reply) => sendFailure(request, reply, notFound(request)))

  for (const { name } of CATALOG) {
    app.route({
      method: ['GET', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'],
      url: `/commands/${name}`,
      schema: { hide: true },
      handler: (request, reply) => {
        reply.header('allow', 'POST')
        const message = `${request.method} is not allowed here: commands are sent with POST`
        return sendFailure(request, reply, serviceFailure('MethodNotAllowed', message))
      },
    })
  }
}

/** Answers a request whose path cannot be read: no hook has seen it. */
export function answerFrameworkError(
  error: FastifyError,
  request: FastifyRequest,
  reply: FastifyReply,
): void {
  request.startedAt = performance.now()
  reply.headers(SECURITY_HEADERS).header('x-request-id', request.id)
  sendFailure(request, reply, failureOf(error))
}

/** Sends an error of a request that reached no command. */
export function sendFailure(
  request: FastifyRequest,
  reply: FastifyReply,
  failure: InputFailure,
): FastifyReply {
  return sendAnswer(reply, toResponse(commandOf(request), refused([failure]), metaOf(request)))
}

function notFound(request: FastifyRequest): InputFailure {
  const path = request.url.split('?')[0] ?? ''
  if (path.startsWith('/commands/')) {
    const names = CATALOG.map(({ name }) => name).join(', ')
    return serviceFailure('UnknownCommand', `There is no such command. Commands: ${names}.`)
  }
  return serviceFailure('NotFound', 'There is nothing here. See /docs and GET /commands.')
}

/** Fastify's own errors in the service's words; an error that nobody expected gives nothing away. */
function failureOf(error: FastifyError): InputFailure {
  switch (error.code) {
    case 'FST_ERR_BAD_URL':
      return serviceFailure('InvalidPath', 'The path is not valid: a % must be written %25.')
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return serviceFailure(
        'UnsupportedMediaType',
        'The body must be JSON, with content-type: application/json',
      )
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return serviceFailure('BodyTooLarge', 'The body must be at most 1 MiB')
    case 'FST_ERR_CTP_INVALID_JSON_BODY':
    case 'FST_ERR_CTP_EMPTY_JSON_BODY':
      return serviceFailure('InvalidJson', `The body is not valid JSON: ${error.message}`)
  }
  /* c8 ignore start -- what is left are errors of Fastify that no request is known to cause, and defects */
  const status = error.statusCode ?? 500
  if (status >= 400 && status < 500) {
    return serviceFailure('InvalidRequest', error.message, {
      statusCode: status,
      httpStatus: status,
    })
  }
  return internalFailure()
  /* c8 ignore stop */
}
