import { setTimeout as delay } from 'node:timers/promises'
import { Redis } from 'ioredis'
import t from 'tap'
import { during } from '../support/faults.js'
import { needs } from '../support/needs.js'
import { startRedis } from '../support/redis.js'
import { startReplica, whenReady } from '../support/replicas.js'
import { startStrictEndpoint } from '../support/start-strict-endpoint.js'

needs('redis-server')

/** Longer than a slot is kept, in milliseconds. */
const STANDSTILL_MS = 6_000

t.test(
  'Redis flushed under load, and a replica that stands still for longer than its slots are kept',
  { timeout: 60_000 },
  async (t) => {
    const redis = await startRedis(t)
    const endpoint = await startStrictEndpoint(t)
    const replicas = await Promise.all([0, 1].map(() => startReplica(t, endpoint.url, redis.url)))
    await Promise.all(replicas.map(whenReady))
    const operator = new Redis(redis.port, '127.0.0.1')
    t.teardown(() => operator.disconnect())
    const fault = async () => {
      await operator.flushall()
      await delay(3_000)
      replicas[0]!.child.kill('SIGSTOP')
      await delay(STANDSTILL_MS)
      replicas[0]!.child.kill('SIGCONT')
    }
    const replies = await during(t, endpoint, replicas, fault, { standstillMs: STANDSTILL_MS })
    // a replica that stood still was given nothing: it may refuse a newcomer because the wait is too long
    const told = replies.map(({ status }) => status)
    t.ok(told.every((status) => status !== undefined && [200, 429, 503, 504].includes(status)))
  },
)
