import t from 'tap'
import { json, startEndpoint } from '../support/endpoint.js'
import { startServiceAt, type TestService } from '../support/service.js'
import { startStrictEndpoint } from '../support/start-strict-endpoint.js'

const names = (count: number) => Array.from({ length: count }, (_, index) => `trail-${index}`)

const trail = { Trail: { Name: 'audit' } }

t.test('a wait that would pass the deadline is refused at once, with an estimate', async (t) => {
  const endpoint = await startEndpoint(t, (_arrival, response) => json(response, undefined))
  const service = await startServiceAt(t, endpoint.url, { QUOTA_WRITE_TPS: '1' })
  const busy = service.run('stop-logging', { trailNames: names(8) })
  while (endpoint.arrivals.length === 0) await new Promise(setImmediate)
  const { status, headers, body } = await service.run(
    'stop-logging',
    { trailNames: ['another'] },
    { 'x-deadline-ms': '500' },
  )
  t.equal(status, 429)
  t.match(headers.get('retry-after'), /^[1-9]\d*$/)
  t.match(body.errors, [{ code: 'QuotaWaitTooLong', message: /about \d+ ms/, attempts: 0 }])
  t.ok(body.meta.durationMs < 450, 'it was not waited for')
  t.equal((await busy).status, 200)
})

t.test(
  'keeps what was done by the deadline in the response, and names what was not started',
  async (t) => {
    const endpoint = await startEndpoint(t, (_arrival, response) => json(response, undefined))
    const service = await startServiceAt(t, endpoint.url, { QUOTA_WRITE_TPS: '1' })
    const { status, body } = await service.run(
      'stop-logging',
      { trailNames: names(6) },
      { 'x-deadline-ms': '2500' },
    )
    t.equal(status, 207)
    const done = body.contextData.filter(({ result }) => result === 'Successful')
    t.equal(done.length, endpoint.arrivals.length, 'all that was sent is in the answer')
    t.ok(done.length >= 2 && done.length <= 3)
    t.equal(body.errors.length, 6 - done.length)
    for (const error of body.errors) {
      t.match(error, { code: 'DeadlineExceeded', statusCode: 504, retryable: true, attempts: 0 })
    }
  },
)

t.test('a full queue refuses newcomers and keeps those who wait', async (t) => {
  const endpoint = await startEndpoint(t, (_arrival, response) => json(response, undefined))
  const service = await startServiceAt(t, endpoint.url, { QUOTA_WRITE_TPS: '1', QUEUE_LIMIT: '3' })
  const { status, body } = await service.run('stop-logging', { trailNames: names(8) })
  t.equal(status, 207)
  t.ok(body.errors.length > 0)
  for (const error of body.errors) {
    t.match(error, { code: 'QuotaQueueFull', statusCode: 429, retryable: true, attempts: 0 })
  }
  t.equal(endpoint.arrivals.length, 8 - body.errors.length)
})

t.test(
  'frees the waiting permits of a client that disconnects, and finishes its write in flight',
  async (t) => {
    let release: () => void = () => undefined
    const endpoint = await startEndpoint(t, ({ input }, response) => {
      release = () => json(response, undefined)
      if (input.Name !== 'trail-0') release()
    })
    const service = await startServiceAt(t, endpoint.url, { QUOTA_WRITE_TPS: '1' })
    const client = new AbortController()
    const request = service
      .fetch('/commands/stop-logging', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ trailNames: names(20) }),
        signal: client.signal,
      })
      .catch(() => undefined)
    while (endpoint.arrivals.length === 0) await new Promise(setImmediate)
    client.abort()
    await request
    release()
    const other = await service.run('stop-logging', { trailNames: ['other'] })
    t.equal(other.status, 200)
    t.ok(other.body.meta.queuedMs < 3000, 'it does not stand behind those who are gone')
    t.same(
      endpoint.arrivals.map(({ input }) => input.Name),
      ['trail-0', 'other'],
    )
    await service.close()
    const logged = service.log.find(({ command }) => command === 'stop-logging')
    t.match(logged, { returnData: 'Partially Successful' }, 'the change is in the log')
  },
)

t.test('frees the quota of requests to an endpoint that never responds', async (t) => {
  const endpoint = await startEndpoint(t, ({ input }, response) => {
    if (input.Name !== 'stuck') json(response, trail)
  })
  const service = await startServiceAt(t, endpoint.url, {
    QUOTA_READ_TPS: '1',
    AWS_TIMEOUT_MS: '8000',
  })
  const stuck = service.run('get-trails', { trailNames: ['stuck'] }, { 'x-deadline-ms': '5000' })
  while (endpoint.arrivals.length === 0) await new Promise(setImmediate)
  const { status } = await service.run('get-trails', { trailNames: ['audit'] })
  t.equal(status, 200)
  t.equal((await stuck).status, 504)
})

t.test('refusing costs less than serving', async (t) => {
  // the endpoint is a process of its own: this one's time is the client's, which is the same for both, and the service's
  const endpoint = await startStrictEndpoint(t, { tps: { read: 1e6, lookup: 1e6, write: 1e6 } })
  const open = await startServiceAt(t, endpoint.url)
  const busy = await startServiceAt(t, endpoint.url, { QUOTA_READ_TPS: '0.1' })
  t.equal((await busy.run('list-trails')).status, 200, 'its only permit in ten seconds')
  const costOf = async (service: TestService, status: number) => {
    const before = process.cpuUsage()
    for (let count = 0; count < 150; count++) {
      const answer = await service.run('list-trails', {}, { 'x-deadline-ms': '1000' })
      if (answer.status !== status) t.fail(`${answer.status} in the place of ${status}`)
    }
    const { user, system } = process.cpuUsage(before)
    return user + system
  }
  // once to warm both up, then in earnest
  await costOf(open, 200)
  await costOf(busy, 429)
  const refusing = await costOf(busy, 429)
  const serving = await costOf(open, 200)
  t.ok(refusing < serving, `${refusing} µs for 150 refusals, ${serving} µs for 150 answers`)
})
