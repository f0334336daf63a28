import t from 'tap'
import { Limiter } from '../../src/quota/limiter.js'
import { permitRequest, usePermit } from '../support/permits.js'
import { simulate, wait } from '../support/simulated-time.js'
import { shortestSpan } from '../support/start-strict-endpoint.js'

function createLimiter(tps: number, queueLimit = 100): Limiter {
  return new Limiter({ name: 'test', tps, queueLimit })
}

t.test('a burst of N starts at once, and the next waits for a second', (t) =>
  simulate(async () => {
    const limiter = createLimiter(10)
    const times = await Promise.all(
      Array.from({ length: 11 }, async () => usePermit(await limiter.take(permitRequest()))),
    )
    t.ok(times[9]! - times[0]! < 50)
    t.ok(times[10]! - times[0]! >= 1_000)
    limiter.close()
  }),
)

t.test('permits in a queue use the whole quota', (t) =>
  simulate(async () => {
    const limiter = createLimiter(10)
    const times = await Promise.all(
      Array.from({ length: 100 }, async () => usePermit(await limiter.take(permitRequest()))),
    )
    const took = Math.max(...times) - Math.min(...times)
    t.ok(took >= 9_000 && took < 9_000 * 1.01, `${took} ms, where 9000 is the bound`)
    limiter.close()
  }),
)

t.test('below one per second it is one request in so many seconds', (t) =>
  simulate(async () => {
    const limiter = createLimiter(0.5)
    const first = usePermit(await limiter.take(permitRequest()))
    const second = usePermit(await limiter.take(permitRequest()))
    t.ok(second - first >= 2_000)
    limiter.close()
  }),
)

t.test('a wall clock that is set back or forth changes nothing', (t) =>
  simulate(async () => {
    const limiter = createLimiter(2)
    const times: number[] = []
    for (const step of [0, 0, -3_600_000, 3_600_000, -3_600_000, 0]) {
      const now = Date.now
      Date.now = () => now() + step
      times.push(usePermit(await limiter.take(permitRequest())))
      Date.now = now
    }
    t.ok(times[5]! - times[0]! < 4_000, 'no request waits for the clock')
    t.ok(shortestSpan(times, 2) >= 1_000)
    limiter.close()
  }),
)

t.test('a slot whose request was not sent is free at once', (t) =>
  simulate(async () => {
    const limiter = createLimiter(1)
    const from = performance.now()
    for (let index = 0; index < 5; index++) {
      usePermit(await limiter.take(permitRequest()), 'unsent')
    }
    t.ok(performance.now() - from < 100)
    limiter.close()
  }),
)

t.test('a request that gets no response holds its slot no longer than the margin', (t) =>
  simulate(async () => {
    const limiter = createLimiter(1)
    const stuck = await limiter.take(permitRequest())
    stuck.sent()
    const from = performance.now()
    usePermit(await limiter.take(permitRequest()))
    t.ok(performance.now() - from <= 1_300)
    limiter.close()
  }),
)

t.test('aborted waiters, a full queue and a permit given back twice do not block the queue', (t) =>
  simulate(async () => {
    const limiter = createLimiter(2, 2)
    usePermit(await limiter.take(permitRequest()))
    const twice = await limiter.take(permitRequest())
    usePermit(twice)
    twice.done('failed')
    twice.sent()
    const controller = new AbortController()
    const aborted = limiter.take(permitRequest({ signal: controller.signal }))
    const waiting = limiter.take(permitRequest())
    await t.rejects(limiter.take(permitRequest()), { name: 'QuotaQueueFullError' })
    const begun = limiter.take(permitRequest({ signal: controller.signal, hasBegun: true }))
    t.equal(limiter.waiting, 3, 'a command that has begun waits beyond the limit')
    begun.catch(() => undefined)
    controller.abort(new Error('gone'))
    await t.rejects(aborted, { message: 'gone' })
    const signal = AbortSignal.abort(new Error('was gone'))
    await t.rejects(limiter.take(permitRequest({ signal })), { message: 'was gone' })
    usePermit(await waiting)
    usePermit(await limiter.take(permitRequest()))
    t.equal(limiter.waiting, 0)
    t.equal(limiter.counts.refused, 1)
    limiter.close()
  }),
)

t.test('refuses a wait past the deadline with an estimate that is the wait', (t) =>
  simulate(async () => {
    const limiter = createLimiter(2)
    const queue = Array.from({ length: 12 }, async () =>
      usePermit(await limiter.take(permitRequest())),
    )
    await Promise.all(queue.slice(0, 2))
    const from = performance.now()
    const estimate = limiter.estimate(permitRequest())
    const soon = permitRequest({ deadline: from + estimate - 1 })
    t.match(limiter.refusal(soon), { name: 'QuotaWaitError', estimateMs: estimate })
    t.equal(limiter.refusal(permitRequest({ deadline: from + estimate })), undefined)
    usePermit(await limiter.take(permitRequest()))
    const waited = performance.now() - from
    t.ok(Math.abs(estimate - waited) <= 1_000, `estimated ${estimate} ms, waited ${waited} ms`)
    t.match(limiter.refusal(permitRequest(), undefined), undefined)
    await Promise.all(queue)
    limiter.close()
  }),
)

t.test('divides the quota between callers, however many requests each has', (t) =>
  simulate(async () => {
    const limiter = createLimiter(4)
    const order: string[] = []
    const run = async (caller: string, command: string) => {
      usePermit(await limiter.take(permitRequest({ caller, command })))
      order.push(caller)
    }
    const many = Array.from({ length: 48 }, (_, index) => run('many', `many-${index % 6}`))
    await wait(100)
    const before = order.length
    const few = Array.from({ length: 8 }, () => run('few', 'few'))
    await Promise.all([...many, ...few])
    const until = order.lastIndexOf('few') + 1 - before
    t.ok(until <= 17, `few had its eight permits among the next ${until}`)
    limiter.close()
  }),
)

t.test("a single request of another command does not wait for a caller's hundred", (t) =>
  simulate(async () => {
    const limiter = createLimiter(10)
    const hundred = Array.from({ length: 100 }, async () =>
      usePermit(await limiter.take(permitRequest({ command: 'hundred' }))),
    )
    await wait(100)
    const permit = await limiter.take(permitRequest({ command: 'single' }))
    usePermit(permit)
    t.ok(permit.waitedMs < 1_000, `it waited ${permit.waitedMs} ms`)
    await Promise.all(hundred)
    limiter.close()
  }),
)

t.test('a throttle pauses the limiter, then spreads its requests', (t) =>
  simulate(async () => {
    const limiter = createLimiter(10)
    usePermit(await limiter.take(permitRequest()), 'throttled')
    const throttledAt = performance.now()
    t.ok(limiter.share < 1)
    const times = await Promise.all(
      Array.from({ length: 5 }, async () => usePermit(await limiter.take(permitRequest()))),
    )
    t.ok(times[0]! - throttledAt >= 1_000, 'nothing is sent in the pause')
    t.ok(shortestSpan(times, 1) >= 100, 'later requests are at least a tenth of a second apart')
    t.equal(limiter.counts.throttled, 1)
    limiter.close()
  }),
)

t.test('10,000 waiting requests cost less than 50 MB', async (t) => {
  const limiter = createLimiter(1, 20_000)
  usePermit(await limiter.take(permitRequest()))
  global.gc?.()
  const before = process.memoryUsage().heapUsed
  const waiting = Array.from({ length: 10_000 }, (_, index) =>
    limiter
      .take(permitRequest({ caller: `caller-${index % 100}`, command: `command-${index}` }))
      .catch(() => undefined),
  )
  global.gc?.()
  const cost = (process.memoryUsage().heapUsed - before) / 1e6
  t.equal(limiter.waiting, 10_000)
  t.ok(cost < 50, `${cost.toFixed(1)} MB`)
  limiter.close()
  await Promise.all(waiting)
})
