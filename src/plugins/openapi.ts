import swagger, { type SwaggerTransformObject } from '@fastify/swagger'
import type { FastifyContextConfig, FastifySchema } from 'fastify'
import fp from 'fastify-plugin'
import { CATALOG } from '../commands/catalog.js'
import { takesNoBody } from '../commands/define-command.js'
import { ErrorEntrySchema, ErrorEnvelopeSchema } from '../envelope/envelope.js'
import { MetaSchema } from '../envelope/meta.js'
import { VERSION } from '../version.js'
import { MAX_HEADER_BYTES } from './unreadable-requests.js'

/** Collects the routes that are registered after it into an OpenAPI 3.1 document. */
export const openApiPlugin = fp(
  async (app) => {
    for (const schema of [ErrorEntrySchema, MetaSchema, ErrorEnvelopeSchema]) {
      app.addSchema(schema)
    }
    await app.register(swagger, {
      openapi: {
        openapi: '3.1.0',
        info: {
          title: 'CloudTrail commands for SOAR',
          version: VERSION,
          description:
            "AWS CloudTrail commands for SOAR playbooks: the 16 commands of D3's integration, Add Tags and Test Connection. Every response is one envelope; CloudTrail's quotas (10 reads, 2 lookups, 1 write per second for each account and region) are held over all requests.",
          license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
        },
        servers: [{ url: '/', description: 'This service' }],
        tags: [
          { name: 'Read', description: 'Get, describe and list: 10 requests per second.' },
          { name: 'Event history', description: 'LookupEvents: 2 requests per second.' },
          { name: 'Change', description: 'Commands that write: 1 request per second.' },
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
      transformObject: withOptionalBodies,
      refResolver: {
        buildLocalReference: (json, _base, _fragment, index) =>
          typeof json.$id === 'string' ? json.$id : `def-${index}`,
      },
    })
  },
  { name: 'openapi', dependencies: ['security-headers'] },
)

/**
 * What the document says of every route, so that no route needs to say it: whether it asks for a key, and the refusals
 * that come before the route is reached.
 */
function describe(schema: FastifySchema, config: FastifyContextConfig = {}): FastifySchema {
  const scope = config.scope ?? config.command?.scope
  return {
    ...schema,
    security: scope === undefined ? [] : [{ BearerAuth: [] }],
    response: {
      400: refusal('The request has no host header, or its path cannot be decoded.'),
      403: refusal('With AUTH=none: a page of another site sent the request.'),
      ...(scope !== undefined && { 401: refusal('No API key, or an unknown one.') }),
      ...(scope !== undefined &&
        scope !== 'read' && { 403: refusal(`The API key's scope is not \`${scope}\`.`) }),
      ...(schema.response as object | undefined),
      408: refusal('The request did not arrive in time.'),
      417: refusal('The `expect` header asks for something else than `100-continue`.'),
      431: refusal(`The headers are larger than ${MAX_HEADER_BYTES / 1024} KiB.`),
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

const refusal = (description: string) => ({ description, $ref: 'ErrorEnvelope#' })
