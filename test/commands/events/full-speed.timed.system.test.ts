import t from 'tap'
import { History } from '../../support/history.js'
import { startHistoryEndpoint } from '../../support/history-endpoint.js'
import { startServiceAt } from '../../support/service.js'

t.test(
  '40 pages with a latency of 4 s each take little longer than 2 requests per second allow',
  async (t) => {
    const end = Math.floor(Date.now() / 1000) - 60
    const start = end - 86_400
    const history = new History(
      Array.from({ length: 2000 }, (_, index) => end - Math.floor((index + 0.5) * 43.2)),
    )
    const endpoint = await startHistoryEndpoint(t, history, { latencyMs: 4000 })
    const service = await startServiceAt(t, endpoint.url, { QUOTA_LOOKUP_TPS: '2' })
    // the first command of a process loads modules, which is no part of the search
    await service.run('lookup-events', { startTime: '-1m', limit: 1 })
    const before = endpoint.arrivals.length
    const began = performance.now()
    const { status, body } = await service.run('lookup-events', {
      startTime: start,
      endTime: end,
      limit: 10_000,
    })
    const seconds = (performance.now() - began) / 1000
    const calls = endpoint.arrivals.length - before
    t.comment(`${seconds.toFixed(1)} s, ${calls} calls`)
    t.equal(status, 200)
    t.same(
      (body.rawData as { Events: { EventId: string }[] }).Events.map(({ EventId }) => EventId),
      history.events.map(({ EventId }) => EventId),
      'the same events in the same order as one chain of pages',
    )
    // 19 s of the quota for 40 calls, and 4 s for the last response
    t.ok(seconds <= 1.15 * 23, `${seconds.toFixed(1)} s`)
    t.ok(calls <= 46, `${calls} calls`)
  },
)
