import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import type { FastifyInstance } from 'fastify'
import { StringEnum } from '../envelope/string-enum.js'

const Readiness = Type.Object(
  {
    status: StringEnum(['ready', 'not ready']),
    components: Type.Record(
      Type.String(),
      Type.Object({ ready: Type.Boolean(), detail: Type.String() }),
    ),
  },
  { title: 'Readiness' },
)

/** `GET /livez`: the process responds. `GET /readyz`: it can serve, part by part. */
export async function healthRoutes(app: FastifyInstance): Promise<void> {
  app.withTypeProvider<TypeBoxTypeProvider>().get(
    '/livez',
    {
      logLevel: 'warn',
      schema: {
        operationId: 'getLiveness',
        summary: 'Check that the process responds',
        tags: ['Service'],
        response: {
          200: Type.Object({ status: Type.Literal('ok') }, { description: 'It does.' }),
        },
      },
    },
    () => ({ status: 'ok' as const }),
  )
  app.withTypeProvider<TypeBoxTypeProvider>().get(
    '/readyz',
    {
      logLevel: 'warn',
      schema: {
        operationId: 'getReadiness',
        summary: 'Check that the service can serve, by component',
        tags: ['Service'],
        response: {
          200: { ...Readiness, description: 'It can.' },
          503: {
            ...Readiness,
            description: 'A component is unavailable, or the service shuts down.',
          },
        },
      },
    },
    (_request, reply) => {
      const states = Object.entries(app.components).map(([name, state]) => [name, state()] as const)
      if (app.isDraining()) {
        states.push(['shutdown', { ready: false, detail: 'running commands and jobs finish' }])
      }
      const ready = states.every(([, state]) => state.ready)
      void reply.code(ready ? 200 : 503)
      return {
        status: ready ? ('ready' as const) : ('not ready' as const),
        components: Object.fromEntries(
          states.map(([name, { ready, detail }]) => [name, { ready, detail }]),
        ),
      }
    },
  )
}
