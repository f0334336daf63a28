import { Cluster, Redis, type RedisOptions } from 'ioredis'
import type { RedisTarget } from './redis-url.js'

/** A client of one server or of a cluster: both know the same commands. */
export type RedisClient = Redis | Cluster

/** How long a command waits for Redis's response, in milliseconds. */
export const COMMAND_TIMEOUT_MS = 2_000

/** The longest time between two attempts to reach Redis, in milliseconds. */
const MAX_RETRY_MS = 1_000

/** Exponential backoff with jitter, in milliseconds. */
function retryDelay(times: number): number {
  return Math.min(MAX_RETRY_MS, 50 * 2 ** Math.min(times, 10)) * (0.75 + Math.random() / 4)
}

/**
 * A client that reconnects for ever, and never queues a command: a command that cannot be sent now, or gets no response,
 * fails, and its sender decides. A command sent again after a reconnect might count twice.
 */
export function createRedisClient(target: RedisTarget): RedisClient {
  const options = {
    commandTimeout: COMMAND_TIMEOUT_MS,
    connectTimeout: COMMAND_TIMEOUT_MS,
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    keepAlive: 10_000,
    db: target.db,
    retryStrategy: retryDelay,
    ...(target.username !== undefined && { username: target.username }),
    ...(target.password !== undefined && { password: target.password }),
    ...(target.tls && { tls: {} }),
  } satisfies RedisOptions
  switch (target.kind) {
    case 'cluster':
      return new Cluster(target.nodes, {
        enableOfflineQueue: false,
        clusterRetryStrategy: retryDelay,
        redisOptions: options,
        // certificates name hosts, which a look-up of addresses would lose
        ...(target.tls && { dnsLookup: (host, done) => done(null, host) }),
      })
    case 'sentinel':
      return new Redis({
        ...options,
        sentinels: target.nodes,
        name: target.sentinelName ?? '',
        sentinelRetryStrategy: retryDelay,
        ...(target.tls && { enableTLSForSentinelMode: true, sentinelTLS: {} }),
      })
    case 'server':
      return new Redis({ ...options, ...target.nodes[0] })
  }
}
