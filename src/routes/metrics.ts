import type { FastifyInstance } from 'fastify'
import type { Config } from '../config.js'

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
        operationId: 'metrics',
        summary: 'Metrics for Prometheus',
        tags: ['Service'],
        response: {
          401: { description: 'With METRICS_AUTH: no API key.', $ref: 'ErrorEnvelope#' },
          403: {
            description: "With METRICS_AUTH: the API key's scope is not `admin`.",
            $ref: 'ErrorEnvelope#',
          },
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
