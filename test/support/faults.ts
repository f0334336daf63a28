import { setTimeout as delay } from 'node:timers/promises'
import type { Test } from 'tap'
import { checkArrivals, commandOf, whenReady, type Replica, type Reply } from './replicas.js'
import type { StrictEndpoint } from './start-strict-endpoint.js'

/** The deadline of every command of these tests, and by how much an answer may be later, in milliseconds. */
const DEADLINE_MS = 4_000
const LATE_MS = 1_000

/** Callers of every class at every replica, until it is enough. */
async function load(replicas: Replica[], ended: () => boolean): Promise<Reply[]> {
  const replies: Reply[] = []
  await Promise.all(
    replicas.flatMap((replica, index) =>
      (['read', 'read', 'read', 'read', 'lookup', 'write'] as const).map(
        async (apiClass, caller) => {
          for (let call = 0; !ended(); call++) {
            const name = `${apiClass}-${index}-${caller}-${call}`
            const reply = await replica.run(...commandOf(apiClass, name), {
              'x-deadline-ms': String(DEADLINE_MS),
            })
            replies.push(reply)
            // a client that is refused comes back soon, sooner than it is told to
            if (reply.status !== 200) await delay(100)
          }
        },
      ),
    ),
  )
  return replies
}

/**
 * Runs the load while a fault happens and passes; what it came to.
 *
 * @param standstillMs for how long a replica is kept from answering at all
 */
export async function during(
  t: Test,
  endpoint: StrictEndpoint,
  replicas: Replica[],
  fault: () => Promise<void>,
  standstillMs = 0,
): Promise<Reply[]> {
  let over = false
  const loading = load(replicas, () => over)
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
  const answered = replies.filter(({ status }) => status !== undefined)
  const slowest = Math.max(...answered.map(({ tookMs }) => tookMs))
  t.ok(
    slowest < DEADLINE_MS + LATE_MS + standstillMs,
    `the slowest answer took ${slowest.toFixed(0)} ms`,
  )
  const kinds = new Set(answered.map(({ status, code }) => `${status} ${code ?? ''}`))
  t.comment(`${replies.length} answers: ${[...kinds].join(', ')}`)
  for (const { status, retryAfter } of answered) {
    const isTold = status === 503 || status === 429
    if (isTold && retryAfter === null) t.fail(`a ${status} without Retry-After`)
  }
  return replies
}
