import fp from 'fastify-plugin'
import { serviceFailure } from '../envelope/service-failure.js'

declare module 'fastify' {
  interface FastifyInstance {
    /** Whether the service shuts down: running commands and jobs finish, new ones are refused. */
    isDraining(): boolean
  }
  interface FastifyRequest {
    /** When the request arrived, on the clock of `performance.now()`, in milliseconds. */
    startedAt: number
    /** The client's address, kept: the socket of a disconnected client no longer has it. */
    address: string
  }
}

/** Gives every request its clock and its id, and refuses commands while the service shuts down. */
export const requestsPlugin = fp(
  async (app) => {
    let isDraining = false
    app.decorate('isDraining', () => isDraining)
    app.decorateRequest('startedAt', 0)
    app.decorateRequest('address', '')
    app.addHook('preClose', (done) => {
      isDraining = true
      done()
    })
    app.addHook('onRequest', (request, reply, done) => {
      request.startedAt = performance.now()
      request.address = request.ip
      reply.headers({ 'x-request-id': request.id, 'cache-control': 'no-store' })
      // HTTP/1.1 asks for it (RFC 9112, 3.2)
      if (request.headers.host === undefined && request.raw.httpVersion === '1.1') {
        void reply.refuse(serviceFailure('InvalidRequest', 'The request has no host header.'))
      } else if (isDraining && request.routeOptions.config.command) {
        void reply.refuse(serviceFailure('ShuttingDown', 'The service is shutting down.'))
      } else {
        done()
      }
    })
    app.addHook('onSend', (_request, reply, _payload, done) => {
      // an idle connection would keep the process alive
      if (isDraining) reply.header('connection', 'close')
      done()
    })
  },
  { name: 'requests', dependencies: ['errors', 'security-headers'] },
)
