import fp from 'fastify-plugin'
import type { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'

/**
 * Closes, at the end of the drain, every connection whose request has not arrived as a whole. Node itself closes those
 * that wait between two requests; for the first request of a connection, and for the rest of one, it would wait as long
 * as the client likes, because a server that closes checks no timeout.
 */
export const socketsPlugin = fp(
  async (app) => {
    const sockets = new Set<Socket>()
    /** The request of a connection, from its headers until its response is sent. */
    const requests = new WeakMap<Socket, IncomingMessage>()
    let isClosing = false
    app.server.on('connection', (socket) => {
      if (isClosing) {
        socket.destroy()
        return
      }
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
    app.addHook('preClose', (done) => {
      isClosing = true
      for (const socket of sockets) if (!requests.get(socket)?.complete) socket.destroy()
      done()
    })
  },
  // hooks run in the order of registration: commands and jobs have finished before this one
  { name: 'sockets', dependencies: ['command-service'] },
)
