import { once } from 'node:events'
import { request } from 'node:http'
import t from 'tap'
import { streamEvents } from '../../support/event-stream.js'
import { History, spread } from '../../support/history.js'
import { startHistoryEndpoint } from '../../support/history-endpoint.js'
import { startServiceAt } from '../../support/service.js'

t.test(
  'sends no further calls while the client does not read, and keeps the heap flat over 100,000 events',
  async (t) => {
    const padding = 'x'.repeat(1000)
    const history = new History(spread(100_000), () => ({
      CloudTrailEvent: JSON.stringify({ padding }),
    }))
    const endpoint = await startHistoryEndpoint(t, history)
    const service = await startServiceAt(t, endpoint.url)
    let count = 0
    let callsAtPause = 0
    let peak = 0
    gc?.()
    const before = process.memoryUsage().heapUsed
    await streamEvents(t, service.url, { limit: 100_000 }, async ({ event }) => {
      if (!event) return
      count += 1
      if (count % 10_000 === 0) {
        gc?.()
        peak = Math.max(peak, process.memoryUsage().heapUsed - before)
      }
      if (count !== 2000) return
      // the client stops reading until the calls in flight have ended
      for (let turn = 0; turn < 100 && callsAtPause !== endpoint.arrivals.length; turn += 1) {
        callsAtPause = endpoint.arrivals.length
        await new Promise((resolve) => setTimeout(resolve, 300))
      }
      t.equal(
        endpoint.arrivals.length,
        callsAtPause,
        'no further calls while the client does not read',
      )
      t.ok(callsAtPause < 1000, `${callsAtPause} calls of 2000`)
    })
    t.equal(count, 100_000)
    t.comment(`heap at most ${Math.round(peak / 2 ** 20)} MB above the start`)
    t.ok(peak < 60 * 2 ** 20, `${Math.round(peak / 2 ** 20)} MB`)
  },
)

t.test('holds one page per search while the client does not read', async (t) => {
  const padding = 'x'.repeat(20_000)
  const history = new History(spread(4000), (index) => ({
    EventName: `Name${index % 20}`,
    CloudTrailEvent: JSON.stringify({ padding }),
  }))
  const endpoint = await startHistoryEndpoint(t, history)
  const service = await startServiceAt(t, endpoint.url, { QUOTA_LOOKUP_TPS: '100' })
  const sent = request(`${service.url}/commands/lookup-events`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/x-ndjson' },
  })
  t.teardown(() => sent.destroy())
  sent.on('error', () => undefined)
  const regions = ['us-east-1', 'us-east-2', 'us-west-1', 'us-west-2', 'eu-west-1', 'eu-west-2']
  const EventName = Array.from({ length: 20 }, (_, index) => `Name${index}`)
  sent.end(JSON.stringify({ startTime: '-2d', regions, filters: { EventName }, limit: 100_000 }))
  const [response] = await once(sent, 'response')
  t.equal(response.statusCode, 200)
  let calls = 0
  for (let turn = 0; turn < 100 && calls !== endpoint.arrivals.length; turn += 1) {
    calls = endpoint.arrivals.length
    await new Promise((resolve) => setTimeout(resolve, 300))
  }
  // each of 120 searches has a page; some more were read by the client's own buffers
  t.ok(calls >= 120 && calls < 200, `${calls} calls of 480`)
})
