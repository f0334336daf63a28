import { setTimeout as delay } from 'node:timers/promises'
import type { Test } from 'tap'
import { checkArrivals, commandOf, whenReady, type Replica, type Reply } from './replicas.js'
import type { StrictEndpoint } from './start-strict-endpoint.js'

/** The delay allowed after a command's deadline, in milliseconds. */
const LATE_MS = 1_000

/** Sends commands of every API class to every replica until `ended` returns true. */
async function load(
  replicas: Replica[],
  deadlineMs: number,
  ended: () => boolean,
): Promise<Reply[]> {
  const replies: Reply[] = []
  await Promise.all(
    replicas.flatMap((replica, index) =>
      (['read', 'read', 'read', 'read', 'lookup', 'write'] as const).map(
        async (apiClass, caller) => {
          for (let call = 0; !ended(); call++) {
            const name = `${apiClass}-${index}-${caller}-${call}`
            const reply = await replica.run(...commandOf(apiClass, name), {
              'x-deadline-ms': String(deadlineMs),
            })
            replies.push(reply)
            // a refused client retries early, before Retry-After
            if (reply.status !== 200) await delay(100)
          }
        },
      ),
    ),
  )
  return replies
}

/**
 * Runs the load before, during and after a fault, and returns the responses.
 *
 * @param options.standstillMs the time for which a replica cannot respond at all
 * @param options.deadlineMs the deadline of every command
 */
export async function during(
  t: Test,
  endpoint: StrictEndpoint,
  replicas: Replica[],
  fault: () => Promise<void>,
  { standstillMs = 0, deadlineMs = 4_000 } = {},
): Promise<Reply[]> {
  let over = false
  const loading = load(replicas, deadlineMs, () => over)
  await delay(2_000)
  await fault()
  await Promise.all(replicas.map(whenReady))
  const before = (await endpoint.report()).arrivals.length
  await delay(4_000)
  over = true
  const replies = await loading
  const { arrivals } = await endpoint.report()
  t.ok(arrivals.length > before + 10, `${arrivals.length - before} requests after the fault`)
  await checkArrivals(t, endpoint)
  t.equal(arrivals.filter(({ throttled }) => throttled).length, 0, 'nothing was throttled')
  const responses = replies.filter(({ status }) => status !== undefined)
  const slowest = Math.max(...responses.map(({ tookMs }) => tookMs))
  t.ok(
    slowest < deadlineMs + LATE_MS + standstillMs,
    `the slowest response took ${slowest.toFixed(0)} ms`,
  )
  const kinds = new Set(responses.map(({ status, code }) => `${status} ${code ?? ''}`))
  t.comment(`${replies.length} responses: ${[...kinds].join(', ')}`)
  for (const { status, retryAfter } of responses) {
    const isRefused = status === 503 || status === 429
    if (isRefused && retryAfter === null) t.fail(`a ${status} without Retry-After`)
  }
  return replies
}
