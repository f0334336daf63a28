import t from 'tap'
import type { ApiClass } from '../../src/aws/api-class.js'
import { needs } from '../support/needs.js'
import { startRedis } from '../support/redis.js'
import { checkArrivals, commandOf, startReplica, whenReady } from '../support/replicas.js'
import { AWS_TPS, startStrictEndpoint } from '../support/start-strict-endpoint.js'

needs('redis-server')

/** The work of the quota's contract: calls in all, callers at once, spread over the replicas. */
const WORK: Record<ApiClass, { calls: number; callers: number }> = {
  read: { calls: 200, callers: 20 },
  lookup: { calls: 40, callers: 8 },
  write: { calls: 20, callers: 5 },
}

t.test(
  'three replicas use the whole quota, never more in any second, and each has its share',
  { timeout: 60_000 },
  async (t) => {
    const redis = await startRedis(t)
    const endpoint = await startStrictEndpoint(t)
    const replicas = await Promise.all(
      [0, 1, 2].map(() => startReplica(t, endpoint.url, redis.url)),
    )
    await Promise.all(replicas.map(whenReady))
    await Promise.all(
      Object.entries(WORK).flatMap(([apiClass, { calls, callers }]) =>
        Array.from({ length: callers }, async (_, caller) => {
          for (let call = 0; call < calls / callers; call++) {
            const [command, body] = commandOf(apiClass as ApiClass, `${apiClass}-${caller}-${call}`)
            const { status, code } = await replicas[caller % 3]!.run(command, body)
            if (status !== 200) t.fail(`${command} ${status} ${code}`)
          }
        }),
      ),
    )
    await checkArrivals(t, endpoint)
    const { arrivals } = await endpoint.report()
    for (const [apiClass, { calls }] of Object.entries(WORK) as [ApiClass, { calls: number }][]) {
      const own = arrivals.filter((arrival) => arrival.apiClass === apiClass)
      const times = own.map(({ at }) => at)
      t.equal(own.length, calls, `${apiClass}: every call was sent once`)
      t.equal(own.filter(({ throttled }) => throttled).length, 0, `${apiClass}: none was throttled`)
      const tps = AWS_TPS[apiClass]
      const bound = ((calls - tps) / tps) * 1000
      const took = Math.max(...times) - Math.min(...times)
      t.ok(took <= bound * 1.05, `${apiClass}: ${(took / bound).toFixed(4)} of the bound`)
      // while all of them want more; a search names no trail by which its replica could be found
      const contested = own.slice(0, Math.floor(calls * 0.6)).map(({ name }) => name?.split('-')[1])
      for (const replica of apiClass === 'lookup' ? [] : [0, 1, 2]) {
        const count = contested.filter((caller) => Number(caller) % 3 === replica).length
        const part = count / contested.length
        t.ok(part > 0.2, `${apiClass}: replica ${replica} has ${part.toFixed(2)} of the quota`)
      }
    }
  },
)
