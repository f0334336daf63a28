import fastify, { LogController, type FastifyBaseLogger, type FastifyInstance } from 'fastify'
import { randomUUID } from 'node:crypto'
import {
  HEADERS_TIMEOUT_MS,
  MAX_HEADER_BYTES,
  MAX_PATH_PART,
  onClientError,
  onConnect,
  onFrameworkError,
  onUnknownExpectation,
  REQUEST_TIMEOUT_MS,
} from './unreadable-requests.js'
import { validatorCompiler } from './validator.js'

/** The largest request body, in bytes. */
const BODY_LIMIT = 1024 * 1024

/** `x-request-id` values that are kept; any other is replaced. */
const REQUEST_ID = /^[A-Za-z0-9._-]{1,128}$/

/** Creates the HTTP server, with its limits, and nothing registered yet. */
export function createHttpServer(logger: FastifyBaseLogger): FastifyInstance {
  const app = fastify({
    loggerInstance: logger,
    bodyLimit: BODY_LIMIT,
    routerOptions: { maxParamLength: MAX_PATH_PART },
    // one log line per command says more than two per request
    logController: new LogController({ disableRequestLogging: true }),
    requestIdHeader: false,
    genReqId: ({ headers }) => {
      const given = headers['x-request-id']
      return typeof given === 'string' && REQUEST_ID.test(given) ? given : randomUUID()
    },
    // a hook refuses requests that arrive during shutdown, in the envelope
    return503OnClosing: false,
    // it would count for the drain too, which takes as long as the longest command
    pluginTimeout: 0,
    connectionTimeout: 0,
    requestTimeout: REQUEST_TIMEOUT_MS,
    http: {
      maxHeaderSize: MAX_HEADER_BYTES,
      headersTimeout: HEADERS_TIMEOUT_MS,
      connectionsCheckingInterval: 1_000,
      // a hook refuses a request without it, in the envelope
      requireHostHeader: false,
    },
    clientErrorHandler: onClientError,
    frameworkErrors: onFrameworkError,
    keepAliveTimeout: 72_000,
  })
  app.server.on('connect', onConnect).on('checkExpectation', onUnknownExpectation)
  app.removeContentTypeParser('text/plain')
  app.setValidatorCompiler(validatorCompiler())
  // schemas describe responses and do not reshape them: nothing that AWS returned is lost
  app.setSerializerCompiler(() => (data) => JSON.stringify(data))
  return app
}
