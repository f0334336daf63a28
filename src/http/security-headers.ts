import helmet from '@fastify/helmet'
import type { FastifyInstance } from 'fastify'

/**
 * Headers that tell browsers what no answer of the service needs: nothing may be loaded, framed, sniffed, or kept in a
 * cache. Pages say for themselves what they do need (Swagger UI below, the status page by its own).
 *
 * Strict-Transport-Security is left to whatever ends TLS in front of the service, since it speaks for a whole host.
 */
export async function registerSecurityHeaders(app: FastifyInstance): Promise<void> {
  await app.register(helmet, {
    global: true,
    contentSecurityPolicy: {
      useDefaults: false,
      directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] },
    },
    strictTransportSecurity: false,
    xFrameOptions: { action: 'deny' },
    // the OpenAPI document and metrics are read by tools of other origins, never by their pages
    crossOriginResourcePolicy: { policy: 'same-origin' },
  })
  app.addHook('onRequest', async (_request, reply) => {
    reply.header('cache-control', 'no-store')
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
