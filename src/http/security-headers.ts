import helmet from '@fastify/helmet'
import type { FastifyInstance } from 'fastify'

/**
 * What tells browsers that no answer of the service may load anything, be framed, sniffed, or kept in a cache. The same
 * for every answer, and set by hand: a command has no time for a plugin that makes them anew each time.
 *
 * Strict-Transport-Security is left to whatever ends TLS in front of the service, since it speaks for a whole host.
 */
export const SECURITY_HEADERS = {
  'content-security-policy': "default-src 'none';frame-ancestors 'none'",
  'cross-origin-opener-policy': 'same-origin',
  // the OpenAPI document and metrics are read by tools of other origins, never by their pages
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'cache-control': 'no-store',
}

/** Sets the headers of every answer. Pages say for themselves what they need beyond that. */
export function registerSecurityHeaders(app: FastifyInstance): void {
  app.addHook('onRequest', (_request, reply, done) => {
    reply.headers(SECURITY_HEADERS)
    done()
  })
}

/** The headers of Swagger UI, by helmet; its own policy comes after them. */
export async function registerHelmet(docs: FastifyInstance): Promise<void> {
  await docs.register(helmet, {
    strictTransportSecurity: false,
    xFrameOptions: { action: 'deny' },
    contentSecurityPolicy: { useDefaults: false, directives: SWAGGER_UI_POLICY },
  })
}

/** What Swagger UI needs: its own files and the service; no script of a page, and no other host. */
export const SWAGGER_UI_POLICY = {
  'default-src': ["'none'"],
  'script-src': ["'self'"],
  // and, by its digest, the one style sheet that its scripts add to the page
  'style-src': ["'self'", "'sha256-RL3ie0nH+Lzz2YNqQN83mnU0J1ot4QL7b99vMdIX99w='"],
  'img-src': ["'self'", 'data:'],
  'connect-src': ["'self'"],
  'base-uri': ["'none'"],
  'form-action': ["'none'"],
  'frame-ancestors': ["'none'"],
}
