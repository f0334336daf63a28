import { setMaxListeners } from 'node:events'
import { setTimeout } from 'node:timers/promises'
import fc from 'fast-check'
import t from 'tap'
import { Limiter } from '../../src/quota/limiter.js'
import type { Permit, PermitRequest } from '../../src/quota/permit.js'
import { QuotaPool } from '../../src/quota/quota-pool.js'
import { shortestSpan } from '../support/start-strict-endpoint.js'

const never = new AbortController().signal
setMaxListeners(0, never)

function ask(more: Partial<PermitRequest> = {}): PermitRequest {
  return {
    account: '111122223333',
    region: 'us-east-1',
    operation: 'GetTrail',
    caller: 'caller',
    command: 'command',
    deadline: Infinity,
    signal: never,
    ...more,
  }
}

/** Sends at once, and is answered at once. */
function use(permit: Permit, outcome: Parameters<Permit['done']>[0] = 'answered'): number {
  const at = performance.now()
  if (outcome !== 'unsent') permit.sent()
  permit.done(outcome)
  return at
}

t.test(
  'never more than N in a window, whatever arrives, is cancelled, fails or is throttled',
  async () => {
    const arrivals = fc.array(
      fc.record({
        after: fc.nat(20),
        caller: fc.constantFrom('a', 'b', 'c'),
        // most wait until they have their turn
        cancelAfter: fc.oneof(
          { weight: 4, arbitrary: fc.constant(undefined) },
          { weight: 1, arbitrary: fc.nat(600) },
        ),
        sendAfter: fc.constantFrom(0, 0, 5, 40),
        // up to what a request may be on its way when its endpoint is far
        wayMs: fc.constantFrom(0, 1, 10, 20),
        answerAfter: fc.constantFrom(0, 5, 100, 700),
        // a throttle slows everything down, and little is seen of the window then
        outcome: fc.oneof(
          { weight: 30, arbitrary: fc.constant('answered' as const) },
          { weight: 4, arbitrary: fc.constantFrom('failed' as const, 'unsent' as const) },
          { weight: 1, arbitrary: fc.constant('throttled' as const) },
        ),
      }),
      { minLength: 15, maxLength: 30 },
    )
    await fc.assert(
      fc.asyncProperty(arrivals, fc.integer({ min: 3, max: 9 }), async (list, tps) => {
        const limiter = new Limiter({ tps, queueLimit: 100 })
        const sent: number[] = []
        let settled = 0
        await Promise.all(
          list.map(async ({ after, caller, cancelAfter, outcome, ...waits }, index) => {
            await setTimeout(after * index)
            const controller = new AbortController()
            if (cancelAfter !== undefined)
              void setTimeout(cancelAfter).then(() => controller.abort())
            try {
              const permit = await limiter.take(ask({ caller, signal: controller.signal }))
              if (waits.sendAfter > 0) await setTimeout(waits.sendAfter)
              if (outcome !== 'unsent') {
                permit.sent()
                const sentAt = performance.now()
                if (waits.wayMs > 0) await setTimeout(waits.wayMs)
                // a timer of this busy process may be late, which the way to an endpoint is not
                sent.push(Math.min(performance.now(), sentAt + 20))
                if (waits.answerAfter > 0) await setTimeout(waits.answerAfter)
              }
              permit.done(outcome)
            } catch (error) {
              if ((error as Error).name !== 'AbortError') throw error
            }
            settled += 1
          }),
        )
        const ok =
          settled === list.length && limiter.waiting === 0 && shortestSpan(sent, tps) >= 1000
        limiter.close()
        return ok
      }),
      { numRuns: 4, endOnFailure: true },
    )
  },
)

t.test('a wall clock that is set back or forth changes nothing', async (t) => {
  const limiter = new Limiter({ tps: 2, queueLimit: 10 })
  const realNow = Date.now
  t.teardown(() => {
    Date.now = realNow
  })
  const times: number[] = []
  for (const step of [0, 0, -3_600_000, 3_600_000, -3_600_000, 0]) {
    Date.now = () => realNow() + step
    times.push(use(await limiter.take(ask())))
  }
  t.equal(times.length, 6)
  t.ok(times[5]! - times[0]! < 4000, 'nobody waits for the clock')
  t.ok(shortestSpan(times, 2) >= 1000)
  limiter.close()
})

t.test('a slot whose request never left is free at once', async (t) => {
  const limiter = new Limiter({ tps: 1, queueLimit: 10 })
  const before = performance.now()
  for (let index = 0; index < 5; index++) use(await limiter.take(ask()), 'unsent')
  t.ok(performance.now() - before < 900)
  limiter.close()
})

t.test('less than one a second is one in so many seconds', async (t) => {
  const limiter = new Limiter({ tps: 0.5, queueLimit: 10 })
  const first = use(await limiter.take(ask()))
  const second = use(await limiter.take(ask()))
  t.ok(second - first >= 2000)
  limiter.close()
})

t.test(
  'neither an aborted waiter, nor a full queue, nor a permit given back twice wedges it',
  async (t) => {
    const limiter = new Limiter({ tps: 2, queueLimit: 2 })
    use(await limiter.take(ask()))
    const twice = await limiter.take(ask())
    use(twice)
    twice.done('failed')
    twice.sent()
    const controller = new AbortController()
    const aborted = limiter.take(ask({ signal: controller.signal }))
    const waiting = limiter.take(ask())
    await t.rejects(limiter.take(ask()), { name: 'QuotaQueueFullError' })
    const begun = limiter.take({ ...ask({ signal: controller.signal }), hasBegun: true })
    t.equal(limiter.waiting, 3, 'what has begun goes on')
    begun.catch(() => undefined)
    controller.abort(new Error('gone'))
    await t.rejects(aborted, { message: 'gone' })
    await t.rejects(limiter.take(ask({ signal: AbortSignal.abort(new Error('was gone')) })), {
      message: 'was gone',
    })
    use(await waiting)
    use(await limiter.take(ask()))
    t.equal(limiter.waiting, 0)
    t.match(limiter.refusal(ask({ deadline: performance.now() + 5 })), {
      name: 'QuotaWaitError',
      estimateMs: Number,
    })
    t.equal(limiter.refusal(ask({ deadline: performance.now() + 60_000 })), undefined)
    limiter.close()
  },
)

t.test('an ending pool refuses those who wait and leaves nothing behind', async (t) => {
  const pool = new QuotaPool({
    tps: { read: 1, lookup: 1, write: 1 },
    scope: 'class',
    queueLimit: 10,
  })
  ;(await pool.take(ask())).sent()
  const refused = t.rejects(pool.take(ask()), { message: /ending/ })
  pool.close()
  await refused
  t.same(pool.snapshot(), [])
})

t.test(
  'what waits under another key goes on under its account, and what that key sent counts',
  async (t) => {
    const pool = new QuotaPool({
      tps: { read: 2, lookup: 1, write: 1 },
      scope: 'class',
      queueLimit: 10,
    })
    const take = (account: string) => pool.take(ask({ account }))
    const times = [use(await take('111122223333')), use(await take('key')), use(await take('key'))]
    const waiting = take('key').then(use)
    pool.merge('key', '111122223333')
    times.push(await waiting, use(await take('111122223333')))
    t.same(
      pool.snapshot().map(({ account }) => account),
      ['111122223333'],
    )
    t.ok(times[3]! - times[2]! >= 1000, 'nothing starts until what was in flight has arrived')
    pool.merge('unknown', '444455556666')
    t.equal(pool.snapshot().length, 1)
    pool.close()
  },
)

t.test(
  'what a key had leave to send before its account was known counts until it has arrived',
  async (t) => {
    const pool = new QuotaPool({
      tps: { read: 2, lookup: 1, write: 1 },
      scope: 'class',
      queueLimit: 10,
    })
    const take = (account: string) => pool.take(ask({ account }))
    use(await take('111122223333'), 'unsent')
    const late = [await take('key'), await take('key')]
    pool.merge('key', '111122223333')
    const waiting = take('111122223333').then(use)
    t.match(pool.snapshot(), [{ waiting: 1, estimatedWaitMs: 1000 }])
    // longer than a window after the merge they are sent, and one of them is throttled
    await setTimeout(1_200)
    const sentAt = use(late[0]!)
    use(late[1]!, 'throttled')
    t.match(pool.snapshot(), [{ account: '111122223333', throttled: 1, waiting: 1 }])
    t.ok(pool.snapshot()[0]!.share < 1, 'the throttle slows the account down')
    t.ok((await waiting) - sentAt >= 1000, 'the account starts nothing until they have arrived')
    pool.close()
  },
)

t.test('10,000 who wait cost less than 50 MB', async (t) => {
  const limiter = new Limiter({ tps: 1, queueLimit: 20_000 })
  use(await limiter.take(ask()))
  global.gc?.()
  const before = process.memoryUsage().heapUsed
  const waiting = Array.from({ length: 10_000 }, (_, index) =>
    limiter
      .take(ask({ caller: `caller-${index % 100}`, command: `command-${index}` }))
      .catch(() => undefined),
  )
  global.gc?.()
  const cost = (process.memoryUsage().heapUsed - before) / 1e6
  t.equal(limiter.waiting, 10_000)
  t.ok(cost < 50, `${cost.toFixed(1)} MB`)
  limiter.close()
  await Promise.all(waiting)
})
