import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { Redis } from 'ioredis'
import t, { type Test } from 'tap'
import { needs } from '../support/needs.js'
import { freePort, startRedis } from '../support/redis.js'
import { commandOf, startReplica, whenReady } from '../support/replicas.js'
import { AWS_TPS, shortestSpan, startStrictEndpoint } from '../support/start-strict-endpoint.js'

needs('redis-server')

/** That two replicas share one quota by that URL. */
async function checkShared(t: Test, url: string): Promise<void> {
  const endpoint = await startStrictEndpoint(t)
  const replicas = await Promise.all([0, 1].map(() => startReplica(t, endpoint.url, url)))
  await Promise.all(replicas.map(whenReady))
  const replies = await Promise.all(
    replicas.flatMap((replica, index) =>
      Array.from({ length: 8 }, (_, call) =>
        replica.run(...commandOf('read', `read-${index}-${call}`)),
      ),
    ),
  )
  t.ok(replies.every(({ status }) => status === 200))
  const times = (await endpoint.report()).arrivals.map(({ at }) => at)
  t.equal(times.length, 16)
  t.ok(shortestSpan(times, AWS_TPS.read) >= 1000, 'never more than ten in a second')
  for (const { child } of replicas) child.kill('SIGTERM')
  t.same(await Promise.all(replicas.map((replica) => replica.exit())), [0, 0], 'both shut down')
}

t.test('a cluster holds the quota', { timeout: 40_000 }, async (t) => {
  const nodes = mkdtempSync(join(tmpdir(), 'cluster-'))
  const args = ['--cluster-enabled', 'yes', '--cluster-announce-ip', '127.0.0.1', '--dir', nodes]
  const server = await startRedis(t, args)
  const node = new Redis(server.port, '127.0.0.1')
  await node.call('CLUSTER', 'ADDSLOTSRANGE', '0', '16383')
  while (!String(await node.call('CLUSTER', 'INFO')).includes('cluster_state:ok')) await delay(50)
  await node.quit()
  await checkShared(t, server.url.replace('redis:', 'redis+cluster:'))
})

t.test('the server that sentinels name holds the quota', { timeout: 40_000 }, async (t) => {
  const server = await startRedis(t)
  const port = await freePort()
  const file = join(mkdtempSync(join(tmpdir(), 'sentinel-')), 'sentinel.conf')
  writeFileSync(
    file,
    `port ${port}\nbind 127.0.0.1\nsentinel monitor quota 127.0.0.1 ${server.port} 1\n`,
  )
  const sentinel = spawn('redis-server', [file, '--sentinel'], { stdio: 'ignore' })
  t.teardown(() => {
    sentinel.kill('SIGKILL')
  })
  await once(sentinel, 'spawn')
  await checkShared(t, `redis+sentinel://127.0.0.1:${port}/quota`)
})
