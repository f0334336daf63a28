import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { CATALOG } from '../../commands/catalog.js'
import { takesNoBody, type CommandDefinition } from '../../commands/define-command.js'
import { serviceFailure } from '../../envelope/service-failure.js'
import { preferenceApplied } from '../prefer.js'
import { sendJob } from '../send-job.js'
import { checkRequest } from './check-request.js'
import { commandRouteSchema } from './command-schema.js'
import { disconnectSignal } from './disconnect.js'
import { streamResponse } from './ndjson.js'
import { requestHeaders } from './request-headers.js'
import { setRateLimitHeaders } from './rate-limit-headers.js'

/** `POST /commands/<name>`: one concrete, typed route for each command of the catalogue. */
export async function commandRoutes(app: FastifyInstance): Promise<void> {
  for (const command of CATALOG) {
    app.post(
      `/${command.name}`,
      {
        config: { command, requestHeaders: requestHeaders(command) },
        schema: commandRouteSchema(command),
        attachValidation: true,
        preValidation: (request, _reply, done) => {
          if (takesNoBody(command) && request.headers['content-type'] === undefined) {
            request.body ??= {}
          }
          done()
        },
      },
      (request, reply) => runCommand(app, command, request, reply),
    )
    app.route({
      method: ['GET', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'],
      url: `/${command.name}`,
      config: { command, scope: 'read' },
      schema: { hide: true },
      handler: ({ method }, reply) =>
        reply
          .header('allow', 'POST')
          .refuse(
            serviceFailure(
              'MethodNotAllowed',
              `${method} is not allowed here: commands are sent with POST`,
            ),
          ),
    })
  }
  await app.register(unknownCommand)
}

/** Responds to paths below the prefix that name no command. Without a key, nobody learns which do. */
async function unknownCommand(app: FastifyInstance): Promise<void> {
  const names = CATALOG.map(({ name }) => name).join(', ')
  app.addHook('onRequest', (request, reply, done) => app.authorize(request, reply, 'read', done))
  app.setNotFoundHandler((_request, reply) =>
    reply.refuse(serviceFailure('UnknownCommand', `There is no such command. Commands: ${names}.`)),
  )
}

/** Checks a request, runs its command, and sends the response in the way that the request asks for. */
async function runCommand(
  app: FastifyInstance,
  command: CommandDefinition,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const { commandService: service } = app
  const checked = checkRequest(command, request, app.connections, service.maxDeadlineMs)
  if (Array.isArray(checked)) {
    const refusal = service.refuse({ command, context: request, body: request.body }, checked)
    return reply.sendResponse(refusal.response)
  }
  const disconnected = disconnectSignal(reply)
  if (checked.isStreamed) {
    return streamResponse(reply, (openSink) => service.stream(checked, disconnected, openSink))
  }
  const result = await service.run(checked, disconnected)
  if (result.replayed) reply.header('idempotency-replayed', 'true')
  const { isAsync, waitMs } = checked.preferences
  const isJob = 'job' in result
  const applied = preferenceApplied({
    isAsync: isAsync && isJob,
    waitMs: checked.isJob ? waitMs : undefined,
  })
  if (applied !== '') reply.header('preference-applied', applied)
  if (isJob) return sendJob(reply, result.job)
  if (result.limiter) setRateLimitHeaders(reply, result.limiter)
  try {
    void reply.sendResponse(result.response)
  } finally {
    // the client of a read does not wait for log and audit log
    result.report?.()
  }
  return reply
}
