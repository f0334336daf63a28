import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import type { FastifyInstance } from 'fastify'
import { mayUseConnection } from '../plugins/auth.js'

const ConnectionsSchema = Type.Object({
  connections: Type.Array(
    Type.Object({
      name: Type.String({
        description: 'The value of `connection` in the body of a command.',
        examples: ['default'],
      }),
      region: Type.String({
        description: 'The region of a command that names none.',
        examples: ['us-east-1'],
      }),
      accountId: Type.Optional(
        Type.String({
          description:
            'The account, 12 digits. Left out while it is not known: it follows from the role or the access key, or from the first response that names it.',
          examples: ['111122223333'],
        }),
      ),
      sandbox: Type.Boolean({ description: 'Whether commands run on the sandbox, not on AWS.' }),
    }),
  ),
})

/** `GET /connections`: the connections that the caller may name, for the drop-down of a connector. It shows no keys and no roles. */
export async function connectionsRoute(app: FastifyInstance): Promise<void> {
  const { accounts } = app.cloudTrail
  app.withTypeProvider<TypeBoxTypeProvider>().get(
    '/connections',
    {
      config: { scope: 'read' },
      schema: {
        operationId: 'listConnections',
        summary: 'List the connections that commands may name',
        tags: ['Service'],
        response: {
          200: {
            ...ConnectionsSchema,
            description: 'The configured connections that the API key may use, by name.',
          },
        },
      },
    },
    (request) => ({
      connections: app.connections
        .list()
        .filter(({ name }) => mayUseConnection(request, name))
        .map((connection) => {
          const { name, region, sandbox } = connection
          const accountId = accounts.accountOf(connection)
          return { name, region, ...(accountId !== undefined && { accountId }), sandbox }
        })
        .sort((a, b) => (a.name < b.name ? -1 : 1)),
    }),
  )
}
