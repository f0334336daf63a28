import { once } from 'node:events'
import { pino } from 'pino'
import t, { type Test } from 'tap'
import { Replicas } from '../../src/quota/replicas.js'
import type { Slot } from '../../src/quota/slots.js'
import { RedisConnection } from '../../src/redis/redis-connection.js'
import { needs } from '../support/needs.js'
import { startRedis } from '../support/redis.js'

needs('redis-server')

/** Makes the next call of one of the client's commands fail, as when the connection breaks; whether it was called. */
function failOnce(client: object, name: string): () => boolean {
  const commands = client as Record<string, (...args: unknown[]) => unknown>
  const command = commands[name]!
  let failed = false
  commands[name] = (...args) => {
    commands[name] = command
    failed = true
    const error = new Error('Connection is closed.')
    const callback = args.at(-1)
    if (typeof callback !== 'function') return Promise.reject(error)
    ;(callback as (error: Error) => void)(error)
    return undefined
  }
  return () => failed
}

/** The source of slots of a replica that shares the quota, and its Redis. */
async function startReplicas(t: Test) {
  const server = await startRedis(t)
  const redis = new RedisConnection(server.url, pino({ level: 'silent' }))
  const replicas = new Replicas(redis, { windowMs: 1000, share: undefined })
  t.teardown(() => {
    replicas.close()
    redis.close()
  })
  while (replicas.mode !== 'together') await once(replicas, 'change')
  const open = () => {
    const slots = replicas.open({
      name: 'limiter',
      tps: 10,
      heldMs: () => 1000,
      onThrottle: () => undefined,
      onReset: () => undefined,
    })!
    t.teardown(() => slots.close())
    return slots
  }
  return { client: redis.client, open }
}

const STEPS = {
  'the state of a limiter is read': 'eval',
  'a limiter is created': 'init',
  'a request asks for a slot': 'submit',
}

for (const [step, command] of Object.entries(STEPS)) {
  t.test(`a request gets its slot although Redis fails once while ${step}`, async (t) => {
    const { client, open } = await startReplicas(t)
    const hasFailed = failOnce(client, command)
    const slots = open()
    const slot = await new Promise<Slot>((resolve) => slots.request(resolve))
    slot.release()
    t.ok(hasFailed())
  })
}
