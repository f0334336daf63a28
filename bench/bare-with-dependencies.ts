import '@aws-sdk/client-cloudtrail'
import '@aws-sdk/credential-provider-node'
import 'helmet'
import '@fastify/swagger'
import '@fastify/swagger-ui'
import '@fastify/type-provider-typebox'
import '@sinclair/typebox'
import '@sinclair/typebox/value'
import 'ajv'
import 'bottleneck'
import 'close-with-grace'
import 'env-schema'
import 'ioredis'
import 'pino'
import 'prom-client'
import fastify from 'fastify'

/** A Fastify with one route, and beside it what the service loads before it is ready: what a start costs at least. */
const app = fastify({ logger: true })
app.post('/', () => ({ ok: true }))
await app.listen({ host: '127.0.0.1', port: 0 })
