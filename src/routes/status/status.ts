import { fileURLToPath } from 'node:url'
import staticFiles from '@fastify/static'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { targetOf } from '../../cloudtrail/connections/target.js'
import type { Config } from '../../config.js'
import { VERSION } from '../../version.js'
import { partsOf } from './parts.js'
import { statusPage } from './page.js'
import { QuotaHistory } from './quota-history.js'
import { RecentCommands } from './recent-commands.js'

/** The page needs its own style sheet and script, and itself to refresh from. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "style-src 'self'",
  "script-src 'self'",
  "connect-src 'self'",
  "img-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join(';')

/** `GET /`, the status page for people, with its style sheet and script at `/status/`. */
export async function statusRoutes(
  app: FastifyInstance,
  { config }: { config: Config },
): Promise<void> {
  const history = new QuotaHistory(() => app.quota.snapshot())
  app.addHook('onClose', () => history.close())
  const recent = new RecentCommands()
  app.commandService.observe(recent)
  app.refusalListeners.push((response, key) => {
    recent.onRefusal(response, { key, isDryRun: false, isJob: false })
  })
  const { accounts } = app.cloudTrail

  app.get(
    '/',
    {
      // the page shows all connections, and the commands of every caller
      config: { scope: 'admin', basicAuth: true },
      logLevel: 'warn',
      schema: { hide: true },
    },
    (request, reply) =>
      reply
        .type('text/html; charset=utf-8')
        .header('content-security-policy', CONTENT_SECURITY_POLICY)
        .send(
          statusPage({
            version: VERSION,
            now: Date.now(),
            origin: originOf(request),
            needsKey: config.AUTH === 'api-key',
            connections: app.connections.list().map((connection) => ({
              name: connection.name,
              endpoint: connection.endpoint,
              region: connection.region,
              accountId: accounts.accountOf(connection),
              target: targetOf(connection),
            })),
            quotas: history.list(),
            recent: recent.list(),
            onlyFailures: (request.query as { show?: unknown }).show === 'failures',
            parts: partsOf(app),
          }),
        ),
  )
  await app.register(staticFiles, {
    root: fileURLToPath(new URL('assets', import.meta.url)),
    prefix: '/status/',
    index: false,
    decorateReply: false,
    schemaHide: true,
    logLevel: 'warn',
    cacheControl: false,
    setHeaders: (response) => {
      response.setHeader('cache-control', 'max-age=300')
    },
  })
}

/** The origin at which the browser reached the service. Only a valid host name gets into the command that people copy. */
function originOf({ host, protocol }: FastifyRequest): string {
  const shown = /^[A-Za-z0-9.:[\]-]+$/.test(host) ? host : '127.0.0.1:3000'
  return `${protocol}://${shown}`
}
