import type { FastifyInstance } from 'fastify'
import type { Config } from '../config.js'
import { errorResponses } from '../plugins/openapi/error-responses.js'

/** `GET /metrics`, in Prometheus' text format; with METRICS_AUTH it needs a key of the scope `admin`. */
export async function metricsRoute(
  app: FastifyInstance,
  { config }: { config: Config },
): Promise<void> {
  const { registry } = app.metrics
  app.get(
    '/metrics',
    {
      config: config.METRICS_AUTH ? { scope: 'admin' } : {},
      schema: {
        operationId: 'getMetrics',
        summary: 'Read the metrics, as Prometheus text',
        tags: ['Service'],
        response: {
          ...errorResponses(401, 403),
          200: {
            description: "Prometheus' text format.",
            content: { 'text/plain': { schema: { type: 'string' } } },
          },
        },
      },
    },
    async (_request, reply) =>
      reply
        .type(registry.contentType)
        .serializer((text: string) => text)
        .send(await registry.metrics()),
  )
}
