import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import type { FastifyInstance } from 'fastify'
import { CATALOG } from '../commands/catalog.js'
import { StringEnum } from '../envelope/string-enum.js'

const Catalogue = Type.Object({
  commands: Type.Array(
    Type.Object({
      name: Type.String({ description: 'Path under /commands/.' }),
      title: Type.String({ description: 'Display name.' }),
      description: Type.String(),
      quotaClass: StringEnum(['read', 'lookup', 'write']),
      iamActions: Type.Array(Type.String(), {
        description: "IAM actions that the connection's key needs.",
      }),
      scope: StringEnum(['read', 'write']),
      schema: Type.String({ description: 'Where the OpenAPI document describes it.' }),
    }),
  ),
})

/** `GET /commands`: the catalogue, for connectors that build their menus from it. */
export async function catalogueRoute(app: FastifyInstance): Promise<void> {
  const commands = CATALOG.map(({ name, title, description, apiClass, iamActions, scope }) => ({
    name,
    title,
    description,
    quotaClass: apiClass,
    iamActions,
    scope,
    schema: `/openapi.json#/paths/~1commands~1${name}/post`,
  }))
  app.withTypeProvider<TypeBoxTypeProvider>().get(
    '/commands',
    {
      schema: {
        operationId: 'listCommands',
        summary: 'List the commands',
        tags: ['Service'],
        response: { 200: { ...Catalogue, description: 'The catalogue.' } },
      },
    },
    () => ({ commands }),
  )
}
