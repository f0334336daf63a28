import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { FastifyInstance } from 'fastify'
import { targetOf } from '../../cloudtrail/connections/target.js'
import type { OpenApi } from '../../plugins/openapi/document.js'
import { openApi30 } from '../../plugins/openapi/openapi-3.0.js'
import { CompressedText } from './compressed.js'
import { docsPage } from './page.js'

/** What Swagger UI needs: its own files and the service; no inline script, and no other host. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  // the digest is that of the style sheet that its scripts add to the page
  "style-src 'self' 'sha256-RL3ie0nH+Lzz2YNqQN83mnU0J1ot4QL7b99vMdIX99w='",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join(';')

const SWAGGER_UI = createRequire(import.meta.url).resolve('@fastify/swagger-ui/static/index.css')

/** The files of the page, by name: Swagger UI's and the product's own. */
const FILES: Record<string, { url: URL; type: string }> = {
  'swagger-ui-bundle.js': {
    url: new URL('swagger-ui-bundle.js', `file://${SWAGGER_UI}`),
    type: 'text/javascript; charset=utf-8',
  },
  'swagger-ui.css': {
    url: new URL('swagger-ui.css', `file://${SWAGGER_UI}`),
    type: 'text/css; charset=utf-8',
  },
  'docs.js': { url: asset('docs.js'), type: 'text/javascript; charset=utf-8' },
  'docs.css': { url: asset('docs.css'), type: 'text/css; charset=utf-8' },
  'icon.svg': { url: asset('icon.svg'), type: 'image/svg+xml' },
}

function asset(name: string): URL {
  return new URL(`assets/${name}`, import.meta.url)
}

/** `GET /docs`, Swagger UI with its files, and `GET /openapi.json`. All are read and compressed when they are first asked for. */
export async function docsRoutes(app: FastifyInstance): Promise<void> {
  for (const url of ['/docs', '/docs/']) {
    app.get(url, { schema: { hide: true } }, (_request, reply) =>
      reply
        .type('text/html; charset=utf-8')
        .header('content-security-policy', CONTENT_SECURITY_POLICY)
        .send(docsPage(app.connections.list().map(targetOf))),
    )
  }
  for (const [name, { url, type }] of Object.entries(FILES)) {
    const text = once(() => new CompressedText(type, readFileSync(url)))
    app.get(`/docs/${name}`, { logLevel: 'warn', schema: { hide: true } }, (request, reply) =>
      text().send(request, reply),
    )
  }
  const documents: Record<string, () => object> = {
    '/openapi.json': () => app.swagger(),
    // Swagger UI resolves the references of 3.1 three times as slowly as those of 3.0
    '/docs/openapi-3.0.json': () =>
      openApi30(app.swagger() as unknown as OpenApi, { url: '/', description: 'This service' }),
  }
  for (const [url, document] of Object.entries(documents)) {
    const text = once(
      () =>
        new CompressedText(
          'application/json; charset=utf-8',
          Buffer.from(JSON.stringify(document())),
        ),
    )
    app.get(url, { schema: { hide: true } }, (request, reply) => text().send(request, reply))
  }
}

function once<Value>(make: () => Value): () => Value {
  let made: Value | undefined
  return () => (made ??= make())
}
