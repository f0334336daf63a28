import fp from 'fastify-plugin'
import type { FastifyRequest } from 'fastify'
import { isLoopback, type Config } from '../config.js'
import { serviceFailure } from '../envelope/service-failure.js'

/**
 * Refuses requests from pages of other sites, where the service asks for no API key: a browser sends such requests to
 * every address that it reaches. Clients that are not browsers send neither `origin` nor `sec-fetch-site`.
 */
export const sameSitePlugin = fp<{ config: Config }>(
  async (app, { config }) => {
    if (config.AUTH !== 'none') return
    // on loopback only names of this machine are valid hosts: DNS rebinding gives any name to any address
    const isValidHost = isLoopback(config.HOST) ? namesThisMachine() : () => true
    app.addHook('onRequest', (request, reply, done) => {
      const message = violation(request, isValidHost)
      if (message === undefined) done()
      else void reply.refuse(serviceFailure('CrossSiteRequest', message))
    })
  },
  { name: 'same-site', dependencies: ['requests', 'errors'] },
)

function violation(
  { method, headers }: FastifyRequest,
  isValidHost: (host: string) => boolean,
): string | undefined {
  const { host = '', origin, 'sec-fetch-site': site } = headers
  if (host !== '' && !isValidHost(host)) {
    return 'The host header must name this machine: localhost, 127.0.0.1 or [::1].'
  }
  if (method === 'GET' || method === 'HEAD') return undefined
  const isForeign =
    (typeof site === 'string' && site !== 'same-origin' && site !== 'none') ||
    (origin !== undefined && origin.replace(/^https?:\/\//, '') !== host)
  return isForeign ? 'The request comes from a page of another site.' : undefined
}

/** Checks that a `host` header names this machine. Caches the last valid one: most callers send the same. */
function namesThisMachine(): (host: string) => boolean {
  let valid: string | undefined
  return (host) => {
    if (host === valid) return true
    if (!isLoopback(hostNameOf(`http://${host}`))) return false
    valid = host
    return true
  }
}

function hostNameOf(origin: string): string {
  return URL.canParse(origin) ? new URL(origin).hostname.replace(/^\[|\]$/g, '') : ''
}
