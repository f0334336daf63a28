import { once } from 'node:events'
import { request } from 'node:http'
import { finished } from 'node:stream/promises'
import t from 'tap'
import { END, History, idsOf, spread } from '../../support/history.js'
import { startHistoryEndpoint } from '../../support/history-endpoint.js'
import { startServiceAt } from '../../support/service.js'

t.test(
  'the deadline leaves what was found without a gap, and a token that goes on there',
  async (t) => {
    const history = new History(spread(1000))
    const endpoint = await startHistoryEndpoint(t, history, { latencyMs: 400 })
    const service = await startServiceAt(t, endpoint.url, { QUOTA_LOOKUP_TPS: '5' })
    const query = { startTime: END - 86_400, endTime: END, limit: 10_000 }
    const first = await service.run('lookup-events', query, { 'x-deadline-ms': '2500' })
    t.equal(first.status, 207)
    t.match(first.body, {
      returnData: 'Partially Successful',
      errors: [{ code: 'DeadlineExceeded', retryable: true, region: 'us-east-1' }],
      meta: {
        truncated: { message: /deadline passed/ },
        nextToken: String,
        window: { startTime: /Z$/, endTime: new Date(END * 1000).toISOString() },
      },
    })
    // another replica, started anew: the token is good there too
    const replica = await startServiceAt(t, endpoint.url)
    const { nextToken } = first.body.meta as { nextToken: string }
    const rest = await replica.run('lookup-events', { ...query, nextToken })
    t.equal(rest.status, 200)
    t.equal(rest.body.meta.nextToken, undefined)
    t.same(
      [...idsOf(first.body), ...idsOf(rest.body)],
      history.events.map(({ EventId }) => EventId),
    )
  },
)

t.test('a throttle that does not end leaves what was found, and a token', async (t) => {
  const history = new History(spread(300))
  let isThrottled = true
  const endpoint = await startHistoryEndpoint(t, history, {
    instead: (_arrival, count, fail) => {
      if (!isThrottled || count <= 2) return false
      fail('ThrottlingException')
      return true
    },
  })
  const service = await startServiceAt(t, endpoint.url)
  const query = { startTime: '-2d', limit: 1000 }
  const first = await service.run('lookup-events', query, { 'x-deadline-ms': '6000' })
  t.equal(first.status, 207)
  t.match(first.body.errors, [{ retryable: true, region: 'us-east-1' }])
  t.ok(first.body.meta.throttled > 0)
  isThrottled = false
  const { nextToken } = first.body.meta
  const rest = await service.run('lookup-events', { ...query, nextToken })
  t.same(
    [...idsOf(first.body), ...idsOf(rest.body)],
    history.events.map(({ EventId }) => EventId),
  )
})

t.test('a stream ends at its deadline, also when its client reads nothing', async (t) => {
  // A page has 10 MB, more than the buffers between the service and its client hold. The quota allows one page a second, so
  // that of 160 pages most are left at the deadline.
  const CloudTrailEvent = JSON.stringify({ padding: 'x'.repeat(200_000) })
  const history = new History(spread(8000), () => ({ CloudTrailEvent }))
  const endpoint = await startHistoryEndpoint(t, history)
  const service = await startServiceAt(t, endpoint.url, { QUOTA_LOOKUP_TPS: '1' })
  const sent = request(`${service.url}/commands/lookup-events`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/x-ndjson',
      'x-deadline-ms': '5000',
    },
  })
  t.teardown(() => sent.destroy())
  sent.end(JSON.stringify({ limit: 8000 }))
  const [response] = await once(sent, 'response')
  response.on('error', () => undefined)
  // the client stays connected, and the service waits for the command before it closes
  await service.close()
  const ended = service.log.find(({ command }) => command === 'lookup-events')
  t.match(ended, { returnData: 'Partially Successful', errors: [{ code: 'DeadlineExceeded' }] })
  response.resume()
  await t.rejects(finished(response), { code: 'ECONNRESET' }, 'the rest is cut')
})
