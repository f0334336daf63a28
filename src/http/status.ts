import type { FastifyInstance, FastifyRequest } from 'fastify'
import { SCRIPT, STYLE } from '../status/assets.js'
import { statusPage, type Status } from '../status/page.js'
import { VERSION } from '../version.js'

/** The page needs its own style sheet and script, and itself to refresh from; nothing else is let in. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "style-src 'self'",
  "script-src 'self'",
  "connect-src 'self'",
  'img-src data:',
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

/** What the page's routes need: it tells of all connections, and of every caller's commands. */
const ADMIN = { scope: 'admin' as const }

/**
 * Lets a browser present an API key to the status page: it asks its user for a name and a password, and the password
 * is the key. Registered before the check of keys, which sees a bearer key as from any other client. Only reading is
 * allowed this way, so that no other site can make a browser that has logged in change anything.
 */
export function registerStatusLogin(app: FastifyInstance): void {
  const isPage = (request: FastifyRequest) => request.routeOptions.url === '/'
  app.addHook('onRequest', (request, _reply, done) => {
    const basic = /^Basic +(\S+)$/i.exec(request.headers.authorization ?? '')?.[1]
    if (basic !== undefined && isPage(request)) {
      const pair = Buffer.from(basic, 'base64').toString()
      request.headers.authorization = `Bearer ${pair.slice(pair.indexOf(':') + 1)}`
    }
    done()
  })
  app.addHook('onSend', (request, reply, _payload, done) => {
    if (reply.statusCode === 401 && isPage(request)) {
      reply.header('www-authenticate', 'Basic realm="CloudTrail commands: password = API key"')
    }
    done()
  })
}

/** Registers `GET /`, the status page for people, with its style sheet and script. */
export function registerStatus(
  app: FastifyInstance,
  status: () => Omit<Status, 'version' | 'now' | 'origin'>,
): void {
  app.get('/', { config: ADMIN, logLevel: 'warn', schema: { hide: true } }, (request, reply) =>
    reply
      .type('text/html; charset=utf-8')
      .headers({
        'content-security-policy': CONTENT_SECURITY_POLICY,
        'cache-control': 'no-store',
        'referrer-policy': 'no-referrer',
        'x-content-type-options': 'nosniff',
      })
      .send(
        statusPage({ ...status(), version: VERSION, now: Date.now(), origin: originOf(request) }),
      ),
  )
  for (const [path, type, text] of [
    ['/status.css', 'text/css', STYLE],
    ['/status.js', 'text/javascript', SCRIPT],
  ] as const) {
    app.get(path, { logLevel: 'warn', schema: { hide: true } }, (_request, reply) =>
      reply.type(`${type}; charset=utf-8`).header('cache-control', 'max-age=300').send(text),
    )
  }
}

/** Where the browser reached the service. What is no host name never gets into a command that people copy. */
function originOf(request: FastifyRequest): string {
  const host = /^[A-Za-z0-9.:[\]-]+$/.test(request.host) ? request.host : '127.0.0.1:3000'
  return `${request.protocol}://${host}`
}
