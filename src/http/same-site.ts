import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { AuditLog } from '../service/audit/audit-log.js'
import { isLoopback } from '../config.js'
import { auditRefusal } from './audit.js'
import { sendFailure } from './errors.js'
import { serviceFailure } from '../envelope/service-failure.js'

/**
 * Keeps the pages of other sites out of a service that asks for no API key: a browser sends what any page wants to
 * every address that it reaches. Programs that are no browser send neither of these headers.
 *
 * @param onLoopback whether the service listens on this machine alone: then it answers to names of this machine only,
 *   since a page may give an address of its own any name (DNS rebinding)
 */
export function registerSameSite(app: FastifyInstance, audit: AuditLog, onLoopback: boolean): void {
  const isHere = onLoopback ? namesThisMachine() : () => true
  app.addHook('onRequest', (request, reply, done) => {
    const fault = faultOf(request, isHere)
    if (fault === undefined) {
      done()
      return
    }
    const failure = serviceFailure('CrossSiteRequest', fault, {
      hint: 'Without API keys (AUTH=none) the service takes no requests from the pages of other sites.',
    })
    auditRefusal(audit, request, failure)
    sendFailure(request, reply, failure)
  })
}

function faultOf(
  { method, headers }: FastifyRequest,
  isHere: (host: string) => boolean,
): string | undefined {
  const { host = '', origin, 'sec-fetch-site': site } = headers
  if (host !== '' && !isHere(host)) {
    return 'The host header must name this machine: localhost, 127.0.0.1 or [::1].'
  }
  if (method === 'GET' || method === 'HEAD') return undefined
  const isForeign =
    (typeof site === 'string' && site !== 'same-origin' && site !== 'none') ||
    (origin !== undefined && origin.replace(/^https?:\/\//, '') !== host)
  return isForeign ? 'The request comes from a page of another site.' : undefined
}

/** Tells whether a `host` header names this machine. The last that did is known: most callers send the same. */
function namesThisMachine(): (host: string) => boolean {
  let known: string | undefined
  return (host) => {
    if (host === known) return true
    if (!isLoopback(hostNameOf(`http://${host}`))) return false
    known = host
    return true
  }
}

function hostNameOf(origin: string): string {
  return URL.canParse(origin) ? new URL(origin).hostname.replace(/^\[|\]$/g, '') : ''
}
