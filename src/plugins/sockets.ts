import fp from 'fastify-plugin'
import type { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'

/** How often the connections of a server that no longer listens are looked at, in milliseconds. */
const SWEEP_MS = 100

/**
 * Closes, after the drain, every connection whose request has not arrived as a whole. Node itself closes those that wait
 * between two requests; for the first request of a connection, and for the rest of one, it would wait as long as the
 * client likes, because a server that closes checks no timeout.
 */
export const socketsPlugin = fp(
  async (app) => {
    const sockets = new Set<Socket>()
    /** The request of a connection, from its headers until its response is sent. */
    const requests = new WeakMap<Socket, IncomingMessage>()
    app.server.on('connection', (socket) => {
      sockets.add(socket)
      socket.once('close', () => sockets.delete(socket))
    })
    app.server.on('request', (request, response) => {
      const { socket } = request
      requests.set(socket, request)
      response.once('close', () => {
        if (requests.get(socket) === request) requests.delete(socket)
      })
    })
    const sweep = () => {
      // the drain needs the server: it responds to probes, and with jobs
      if (app.server.listening) return
      for (const socket of sockets) if (!requests.get(socket)?.complete) socket.destroy()
    }
    app.addHook('preClose', (done) => {
      if (app.server.listening) {
        const timer = setInterval(sweep, SWEEP_MS)
        app.server.once('close', () => clearInterval(timer))
      }
      done()
    })
  },
  { name: 'sockets' },
)
