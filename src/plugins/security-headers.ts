import helmet from '@fastify/helmet'
import fp from 'fastify-plugin'

/**
 * Sets the security headers of every response: it loads nothing, is not framed and not sniffed. Pages override the
 * content security policy on their own routes. Strict-Transport-Security is left to the proxy that terminates TLS, since
 * it speaks for a whole host.
 */
export const securityHeadersPlugin = fp(
  async (app) => {
    await app.register(helmet, {
      strictTransportSecurity: false,
      xFrameOptions: { action: 'deny' },
      // for browsers and plugins that no longer exist, or for pages that isolate origins
      originAgentCluster: false,
      xDnsPrefetchControl: false,
      xDownloadOptions: false,
      xPermittedCrossDomainPolicies: false,
      xXssProtection: false,
      contentSecurityPolicy: {
        useDefaults: false,
        directives: { 'default-src': ["'none'"], 'frame-ancestors': ["'none'"] },
      },
    })
  },
  { name: 'security-headers' },
)
