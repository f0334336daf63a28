import fp from 'fastify-plugin'
import helmet from 'helmet'

/**
 * Sets the security headers of every response: it loads nothing, is not framed and not sniffed. Pages override the
 * content security policy in their own responses. Strict-Transport-Security is left to the proxy that terminates TLS,
 * since it speaks for a whole host.
 *
 * It uses helmet without @fastify/helmet, which builds helmet's middleware anew for each request.
 */
export const securityHeadersPlugin = fp(
  async (app) => {
    const setHeaders = helmet({
      contentSecurityPolicy: {
        useDefaults: false,
        directives: { 'default-src': ["'none'"], 'frame-ancestors': ["'none'"] },
      },
      strictTransportSecurity: false,
      xFrameOptions: { action: 'deny' },
      // for browsers and plugins that no longer exist, or for pages that isolate origins
      originAgentCluster: false,
      xDnsPrefetchControl: false,
      xDownloadOptions: false,
      xPermittedCrossDomainPolicies: false,
      xXssProtection: false,
    })
    app.addHook('onRequest', (request, reply, done) =>
      setHeaders(request.raw, reply.raw, () => done()),
    )
  },
  { name: 'security-headers' },
)
