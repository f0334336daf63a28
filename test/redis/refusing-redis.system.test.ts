import { Redis } from 'ioredis'
import t, { type Test } from 'tap'
import { needs } from '../support/needs.js'
import { startRedis } from '../support/redis.js'
import { commandOf, startReplica, whenReadiness, whenReady } from '../support/replicas.js'
import { startStrictEndpoint } from '../support/start-strict-endpoint.js'

needs('redis-server')

/** The user of the replicas, with the permissions that docs/reference/redis.md names. */
const PERMISSIONS =
  'on >secret ~b_* ~{cloudtrail-commands* ~cloudtrail-records:* &b_* +@all -@dangerous +info'

/** A replica that shares its quota by a real redis-server, and an operator of that server. */
async function start(t: Test) {
  const server = await startRedis(t)
  const operator = new Redis(server.port, '127.0.0.1')
  t.teardown(() => operator.disconnect())
  await operator.call('ACL', 'SETUSER', 'soar', ...PERMISSIONS.split(' '))
  const endpoint = await startStrictEndpoint(t)
  const url = server.url.replace('//', '//soar:secret@')
  return { operator, replica: await startReplica(t, endpoint.url, url) }
}

/** How Redis is made to refuse writes, and to accept them again. */
const REFUSALS: Record<string, { reason: RegExp; refuse: string[]; accept: string[] }> = {
  'is full': {
    reason: /OOM command not allowed/,
    refuse: ['CONFIG', 'SET', 'maxmemory', '1mb'],
    accept: ['CONFIG', 'SET', 'maxmemory', '0'],
  },
  'is a replica': {
    reason: /READONLY/,
    // of a server that does not exist: it keeps its data and its role
    refuse: ['REPLICAOF', '127.0.0.1', '1'],
    accept: ['REPLICAOF', 'NO', 'ONE'],
  },
  'does not permit scripts': {
    reason: /NOPERM/,
    refuse: ['ACL', 'SETUSER', 'soar', '-eval', '-evalsha'],
    accept: ['ACL', 'SETUSER', 'soar', '+eval', '+evalsha'],
  },
}

for (const [kind, { reason, refuse, accept }] of Object.entries(REFUSALS)) {
  t.test(
    `a Redis that responds to PING and ${kind} is unavailable until it accepts writes again`,
    { timeout: 40_000 },
    async (t) => {
      const { operator, replica } = await start(t)
      await whenReady(replica)
      t.equal((await replica.run(...commandOf('read', 'before'))).status, 200)
      const [name = '', ...args] = refuse
      await operator.call(name, ...args)
      await whenReadiness(replica, 503)
      t.equal(await operator.ping(), 'PONG')
      t.match((await replica.get('/readyz')).body, {
        status: 'not ready',
        components: { redis: { ready: false, detail: reason } },
      })
      const line = await replica.line(/Redis is unavailable/)
      t.match(line, reason, 'the log names the reason')
      for (const apiClass of ['read', 'lookup', 'write'] as const) {
        const reply = await replica.run(...commandOf(apiClass, 'refused'))
        t.match(reply, { status: 503, code: 'RedisUnavailable', retryAfter: /^\d+$/ })
        // the deadline is 60 seconds
        t.ok(reply.tookMs < 20_000, `${apiClass} refused after ${reply.tookMs.toFixed(0)} ms`)
      }
      const [acceptName = '', ...acceptArgs] = accept
      await operator.call(acceptName, ...acceptArgs)
      await whenReady(replica)
      t.equal((await replica.run(...commandOf('read', 'after'))).status, 200)
    },
  )
}

t.test(
  'a Redis that refuses writes at start is logged once, and used when it accepts',
  async (t) => {
    const server = await startRedis(t)
    const operator = new Redis(server.port, '127.0.0.1')
    t.teardown(() => operator.disconnect())
    await operator.config('SET', 'maxmemory', '1mb')
    const endpoint = await startStrictEndpoint(t)
    const replica = await startReplica(t, endpoint.url, server.url)
    t.match(await replica.line(/Redis is unavailable/), /OOM/)
    await whenReadiness(replica, 503)
    await operator.config('SET', 'maxmemory', '0')
    await whenReady(replica)
    t.equal((await replica.run(...commandOf('write', 'served'))).status, 200)
  },
)
