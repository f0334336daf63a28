import fc from 'fast-check'
import t from 'tap'
import { Limiter } from '../../src/quota/limiter.js'
import { permitRequest } from '../support/permits.js'
import { SimulatedRedis, SimulatedReplica } from '../support/simulated-replicas.js'
import { simulate, wait } from '../support/simulated-time.js'
import { shortestSpan } from '../support/start-strict-endpoint.js'

/** One request: when it comes, how long its permit is unused, and how it fares on its way. Times in milliseconds. */
const request = {
  after: fc.nat(40),
  caller: fc.constantFrom('a', 'b', 'c'),
  cancelAfter: fc.oneof(
    { weight: 4, arbitrary: fc.constant(undefined) },
    { weight: 1, arbitrary: fc.nat(600) },
  ),
  // up to the jitter of a far endpoint's warm connection
  wayMs: fc.constantFrom(0, 0, 1, 10, 25),
  answerAfter: fc.constantFrom(0, 5, 100, 700, 3_000),
  outcome: fc.oneof(
    { weight: 30, arbitrary: fc.constant('responded' as const) },
    { weight: 4, arbitrary: fc.constantFrom('failed' as const, 'unsent' as const) },
    // a throttle slows everything down, and tests little of the window then
    { weight: 1, arbitrary: fc.constant('throttled' as const) },
  ),
}

interface Request {
  caller: string
  cancelAfter: number | undefined
  sendAfter: number
  wayMs: number
  answerAfter: number
  outcome: 'responded' | 'failed' | 'unsent' | 'throttled'
}

/** Makes one request; when it arrived is noted. Whether it got a permit. */
async function send(limiter: Limiter, one: Request, arrivals: number[], isDead = () => false) {
  const { caller, cancelAfter, sendAfter, wayMs, answerAfter, outcome } = one
  const controller = new AbortController()
  if (cancelAfter !== undefined) setTimeout(() => controller.abort(), cancelAfter)
  const request = permitRequest({ caller, signal: controller.signal })
  const permit = await limiter.take(request).catch(() => undefined)
  if (!permit) return
  await wait(sendAfter)
  if (outcome === 'unsent' || permit.voided?.aborted === true || isDead()) {
    permit.done('unsent')
    return
  }
  permit.sent()
  await wait(wayMs)
  arrivals.push(performance.now())
  await wait(answerAfter)
  permit.done(outcome)
}

t.test(
  'never more than N arrive in a second, whatever is cancelled, fails or is throttled',
  async (t) => {
    const requests = fc.array(fc.record({ ...request, sendAfter: fc.constantFrom(0, 0, 5, 40) }), {
      minLength: 10,
      maxLength: 25,
    })
    let most = 0
    await fc.assert(
      fc.asyncProperty(requests, fc.integer({ min: 1, max: 6 }), (list, tps) =>
        simulate(async () => {
          const limiter = new Limiter({ name: 'test', tps, queueLimit: 100 })
          const arrivals: number[] = []
          await Promise.all(
            list.map(async (one, index) => {
              await wait(one.after * index)
              await send(limiter, one, arrivals)
            }),
          )
          const nobodyWaits = limiter.waiting === 0
          limiter.close()
          most = Math.max(most, arrivals.length)
          return nobodyWaits && shortestSpan(arrivals, tps) >= 1000
        }),
      ),
      { numRuns: 400, endOnFailure: true },
    )
    t.ok(most > 15)
  },
)

t.test('below one per second, never more than one arrives in the window', async () => {
  const requests = fc.array(fc.record({ ...request, sendAfter: fc.constantFrom(0, 0, 5, 40) }), {
    minLength: 3,
    maxLength: 6,
  })
  await fc.assert(
    fc.asyncProperty(requests, fc.constantFrom(0.1, 0.25, 0.5), (list, tps) =>
      simulate(async () => {
        const limiter = new Limiter({ name: 'test', tps, queueLimit: 100 })
        const arrivals: number[] = []
        await Promise.all(list.map((one) => send(limiter, one, arrivals)))
        limiter.close()
        return shortestSpan(arrivals, 1) >= 1000 / tps
      }),
    ),
    { numRuns: 200, endOnFailure: true },
  )
})

t.test(
  'over replicas never more than N arrive in a second, also when replicas stall or die',
  async () => {
    const requests = fc.array(
      fc.record({
        ...request,
        replica: fc.nat(2),
        // permits are used late, up to the moment at which they expire, and after it
        sendAfter: fc.constantFrom(0, 0, 0, 5, 500, 2_500, 2_900, 2_990, 2_999, 4_000, 5_500),
      }),
      { minLength: 12, maxLength: 40 },
    )
    await fc.assert(
      fc.asyncProperty(
        requests,
        fc.integer({ min: 1, max: 9 }),
        fc.constantFrom(0, 1, 20),
        fc.array(fc.nat(3_000), { maxLength: 2 }),
        (list, tps, latencyMs, deaths) =>
          simulate(async () => {
            const redis = new SimulatedRedis(latencyMs)
            const replicas = [0, 1, 2].map(() => new SimulatedReplica(redis))
            const limiters = replicas.map(
              (source) => new Limiter({ name: 'test', tps, queueLimit: 100, source }),
            )
            const arrivals: number[] = []
            // the requests of a replica that dies have left, or never leave
            for (const [index, at] of deaths.entries()) {
              setTimeout(() => {
                replicas[index]!.isDead = true
                limiters[index]!.close()
              }, at)
            }
            await Promise.all(
              list.map(async ({ replica, ...one }, index) => {
                await wait(one.after * index)
                if (replicas[replica]!.isDead) return
                await send(limiters[replica]!, one, arrivals, () => replicas[replica]!.isDead)
              }),
            )
            for (const limiter of limiters) limiter.close()
            return shortestSpan(arrivals, tps) >= 1000
          }),
      ),
      { numRuns: 1_000, endOnFailure: true },
    )
  },
)
