import swagger, { type SwaggerTransformObject } from '@fastify/swagger'
import type { FastifyContextConfig, FastifySchema } from 'fastify'
import fp from 'fastify-plugin'
import { CATALOG } from '../commands/catalog.js'
import { takesNoBody } from '../commands/define-command.js'
import { ErrorEntrySchema, ErrorEnvelopeSchema } from '../envelope/envelope.js'
import { MetaSchema } from '../envelope/meta.js'
import type { Config } from '../config.js'
import { readPublicUrl } from '../public-url.js'
import { VERSION } from '../version.js'
import { errorResponses, httpErrorResponses } from './openapi/error-responses.js'
import { headers } from './openapi/headers.js'
import { INTRODUCTION } from './openapi/introduction.js'
import { shareComponents } from './openapi/share-components.js'

declare module 'fastify' {
  interface FastifyInstance {
    /** What stands before the path of an address that a response names: PUBLIC_URL, or nothing. */
    publicUrl: string
  }
  interface FastifyContextConfig {
    /** The request headers that the document declares. The route itself checks them: headers are text. */
    requestHeaders?: object
  }
}

/** Collects the routes that are registered after it into an OpenAPI 3.1 document. */
export const openApiPlugin = fp<{ config: Config }>(
  async (app, { config }) => {
    const publicUrl = readPublicUrl(config)
    app.decorate('publicUrl', publicUrl ?? '')
    for (const schema of [ErrorEntrySchema, MetaSchema, ErrorEnvelopeSchema]) {
      app.addSchema(schema)
    }
    await app.register(swagger, {
      openapi: {
        openapi: '3.1.0',
        info: {
          title: 'CloudTrail commands for SOAR',
          version: VERSION,
          description: INTRODUCTION,
          license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
        },
        servers: [{ url: publicUrl ?? '/', description: 'This service' }],
        security: [{ BearerAuth: [] }],
        tags: [
          { name: 'Read', description: 'Get, describe and list: 10 requests per second.' },
          { name: 'Event history', description: 'LookupEvents: 2 requests per second.' },
          { name: 'Write', description: 'Commands that write: 1 request per second.' },
          { name: 'Service', description: 'The service itself.' },
        ],
        components: {
          securitySchemes: {
            BearerAuth: {
              type: 'http',
              scheme: 'bearer',
              description:
                'An API key of the service. Not needed where the service runs with AUTH=none.',
            },
          },
        },
      },
      transform: ({ schema, url, route }) => ({ schema: describe(schema, route.config), url }),
      transformObject: (document) =>
        shareComponents(withOptionalBodies(document) as never) as never,
      refResolver: {
        buildLocalReference: (json, _base, _fragment, index) =>
          typeof json.$id === 'string' ? json.$id : `def-${index}`,
      },
    })
  },
  { name: 'openapi', dependencies: ['security-headers'] },
)

/**
 * What the document says of every route, so that no route needs to say it: whether it asks for a key, the request id, and
 * the refusals that come before the route is reached.
 */
function describe(schema: FastifySchema, config: FastifyContextConfig = {}): FastifySchema {
  const scope = config.scope ?? config.command?.scope
  const own = (schema.response ?? {}) as Record<string, { headers?: object }>
  const statuses = [400, 403, ...(scope === undefined ? [] : [401])]
  const responses = Object.entries(own).map(([status, response]) => [
    status,
    { ...response, headers: { ...headers('x-request-id'), ...response.headers } },
  ])
  return {
    ...schema,
    ...(config.requestHeaders && { headers: config.requestHeaders }),
    ...(scope === undefined && { security: [] }),
    response: {
      ...errorResponses(...statuses),
      ...httpErrorResponses(),
      ...(Object.fromEntries(responses) as object),
    },
  }
}

/** Says which commands may be sent without a body; @fastify/swagger requires every body. */
const withOptionalBodies: SwaggerTransformObject = (document) => {
  if ('swaggerObject' in document) return document.swaggerObject
  for (const { name } of CATALOG.filter(takesNoBody)) {
    const body = document.openapiObject.paths?.[`/commands/${name}`]?.post?.requestBody
    if (body && 'required' in body) body.required = false
  }
  return document.openapiObject
}
