import fp from 'fastify-plugin'
import type { FastifyError, FastifyReply } from 'fastify'
import type { CommandDefinition } from '../commands/define-command.js'
import { refused, toResponse, type CommandResponse } from '../envelope/envelope.js'
import type { InputFailure } from '../envelope/outcome.js'
import { internalFailure, serviceFailure } from '../envelope/service-failure.js'
import { auditRefusal } from '../service/audit/audit-entries.js'
import { metaOf } from '../service/request-context.js'

declare module 'fastify' {
  interface FastifyInstance {
    /** Called with each refusal of a command that comes before the service layer. */
    refusalListeners: ((response: CommandResponse, key: string | undefined) => void)[]
  }
  interface FastifyContextConfig {
    /** The command that the route runs. */
    command?: CommandDefinition
  }
  interface FastifyReply {
    /** Sends an envelope with its status and its `Retry-After`. */
    sendResponse(response: CommandResponse): FastifyReply
    /** Refuses the request: writes the audit entry, if the route is a command's, and sends the envelope. */
    refuse(failure: InputFailure): FastifyReply
  }
}

/** Puts every error in the envelope: the refusals of routes and hooks, and the errors of Fastify. */
export const errorsPlugin = fp(
  async (app) => {
    app.decorate('refusalListeners', [])
    app.decorateReply('sendResponse', function (response) {
      const { status, retryAfter, envelope } = response
      if (retryAfter !== undefined) this.header('retry-after', String(retryAfter))
      return this.code(status).send(envelope)
    })
    app.decorateReply('refuse', function (this: FastifyReply, failure) {
      const { request } = this
      const { command } = request.routeOptions.config
      if (command) auditRefusal(app.audit, request, command, failure)
      const response = toResponse(command, refused([failure]), metaOf(request))
      if (command) for (const listen of app.refusalListeners) listen(response, request.apiKey?.name)
      return this.sendResponse(response)
    })
    app.setErrorHandler((error: FastifyError, request, reply) => {
      const failure = failureOf(error)
      if (failure.httpStatus >= 500) request.log.error({ err: error }, 'a request failed')
      return reply.refuse(failure)
    })
    app.setNotFoundHandler((_request, reply) =>
      reply.refuse(
        serviceFailure('NotFound', 'There is nothing here. See /docs and GET /commands.'),
      ),
    )
  },
  { name: 'errors', dependencies: ['audit'] },
)

/** Translates the errors of Fastify; the response does not reveal an unexpected error. */
function failureOf(error: FastifyError): InputFailure {
  switch (error.code) {
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
  const status = error.statusCode ?? 500
  return status >= 400 && status < 500
    ? serviceFailure('InvalidRequest', error.message, { statusCode: status, httpStatus: status })
    : internalFailure()
}
