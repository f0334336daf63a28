import type { ApiClass } from '../src/aws/api-class.js'
import { startRedis } from '../test/support/redis.js'
import { commandOf, startReplica, whenReady } from '../test/support/replicas.js'
import { AWS_TPS, startEndpoint } from './service.js'
import { printTable } from './table.js'

/** Calls in all, and callers at once, spread over the replicas. */
const WORK: Record<ApiClass, { calls: number; callers: number }> = {
  read: { calls: 200, callers: 20 },
  lookup: { calls: 40, callers: 8 },
  write: { calls: 20, callers: 5 },
}

/** The same work by one, two and three replicas that share the quota. */
export async function benchReplicas(): Promise<void> {
  const rows: (string | number)[][] = [
    [
      'replicas',
      'class',
      'seconds',
      'of the bound',
      'attempts',
      'throttled',
      'not done',
      'callers done after',
    ],
  ]
  for (const count of [1, 2, 3]) {
    const teardowns: (() => unknown)[] = []
    const owner = { teardown: (end: () => unknown) => void teardowns.push(end) }
    const redis = await startRedis(owner)
    const endpoint = await startEndpoint()
    const replicas = await Promise.all(
      Array.from({ length: count }, () => startReplica(owner, endpoint.url, redis.url)),
    )
    await Promise.all(replicas.map(whenReady))
    const failed: Record<ApiClass, number> = { read: 0, lookup: 0, write: 0 }
    /** When each caller of a class was done, in seconds. */
    const doneAt: Record<ApiClass, number[]> = { read: [], lookup: [], write: [] }
    const from = performance.now()
    await Promise.all(
      (Object.entries(WORK) as [ApiClass, (typeof WORK)[ApiClass]][]).flatMap(
        ([apiClass, { calls, callers }]) =>
          Array.from({ length: callers }, async (_, caller) => {
            for (let number = 0; number < calls / callers; number++) {
              const [command, body] = commandOf(apiClass, `${apiClass}-${caller}-${number}`)
              const reply = await replicas[caller % count]?.run(command, body)
              if (reply?.status !== 200) failed[apiClass] += 1
            }
            doneAt[apiClass].push((performance.now() - from) / 1000)
          }),
      ),
    )
    const { arrivals } = await endpoint.report()
    for (const [apiClass, { calls }] of Object.entries(WORK) as [ApiClass, { calls: number }][]) {
      const own = arrivals.filter((one) => one.apiClass === apiClass)
      const times = own.map(({ at }) => at)
      const seconds = (Math.max(...times) - Math.min(...times)) / 1000
      const bound = (calls - AWS_TPS[apiClass]) / AWS_TPS[apiClass]
      const spread = doneAt[apiClass]
      rows.push([
        count,
        apiClass,
        seconds.toFixed(2),
        (seconds / bound).toFixed(3),
        own.length,
        own.filter(({ throttled }) => throttled).length,
        failed[apiClass],
        `${Math.min(...spread).toFixed(1)} to ${Math.max(...spread).toFixed(1)} s`,
      ])
    }
    endpoint.close()
    for (const end of teardowns) await end()
  }
  printTable(
    'One quota over replicas: 200 reads by 20 callers, 40 lookups by 8, 20 changes by 5, at an endpoint that throttles as AWS does',
    rows,
  )
}
