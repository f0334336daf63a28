import fp from 'fastify-plugin'
import type { Config } from '../config.js'
import { RedisConnection } from '../redis/redis-connection.js'

declare module 'fastify' {
  interface FastifyInstance {
    /** The connection that replicas share; `undefined` without REDIS_URL. */
    redis: RedisConnection | undefined
  }
}

/** Connects to Redis, where REDIS_URL is set. */
export const redisPlugin = fp<{ config: Config }>(
  async (app, { config }) => {
    const redis =
      config.REDIS_URL === undefined ? undefined : new RedisConnection(config.REDIS_URL, app.log)
    app.decorate('redis', redis)
    app.addHook('onClose', () => redis?.close())
  },
  { name: 'redis' },
)
