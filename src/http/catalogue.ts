import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import type { FastifyInstance } from 'fastify'
import { CATALOG } from '../commands/catalog.js'

const CatalogueSchema = Type.Object({
  commands: Type.Array(
    Type.Object({
      name: Type.String({ description: 'Path under /commands/.' }),
      title: Type.String({ description: 'Display name.' }),
      description: Type.String(),
      quotaClass: Type.Unsafe<string>({ type: 'string', enum: ['read', 'lookup', 'write'] }),
      iamActions: Type.Array(Type.String(), { description: "What the connection's key needs." }),
      scope: Type.Unsafe<string>({ type: 'string', enum: ['read', 'write'] }),
      schema: Type.String({ description: 'Where the OpenAPI document describes it.' }),
    }),
  ),
})

/** `GET /commands`: what there is, for connectors that build their menus from it. */
export function registerCatalogue(app: FastifyInstance): void {
  const commands = CATALOG.map((command) => ({
    name: command.name,
    title: command.title,
    description: command.description,
    quotaClass: command.apiClass,
    iamActions: command.iamActions,
    scope: command.scope,
    schema: `/openapi.json#/paths/~1commands~1${command.name}/post`,
  }))
  app.withTypeProvider<TypeBoxTypeProvider>().get(
    '/commands',
    {
      schema: {
        operationId: 'listCommands',
        summary: 'The catalogue of commands',
        tags: ['Service'],
        response: { 200: { ...CatalogueSchema, description: 'The catalogue.' } },
      },
    },
    () => ({ commands }),
  )
}
