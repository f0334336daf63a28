import t from 'tap'
import { json, startEndpoint } from '../support/endpoint.js'
import { ACCESS_KEY, startServiceAt } from '../support/service.js'

t.test(
  'makes at most three calls for 500 identical reads at once, each with its own response',
  async (t) => {
    const endpoint = await startEndpoint(t, (_arrival, response) => {
      // longer than a slow machine takes to send five hundred requests
      setTimeout(() => json(response, { IsLogging: true }), 2_000)
    })
    const service = await startServiceAt(t, endpoint.url, { QUOTA_READ_TPS: '10' })
    const answers = await Promise.all(
      Array.from({ length: 500 }, (_, index) =>
        service.run(
          'get-trail-status',
          { trailNames: ['audit'] },
          { 'x-request-id': `r-${index}` },
        ),
      ),
    )
    t.ok(endpoint.arrivals.length <= 3, `${endpoint.arrivals.length} calls`)
    t.equal(answers.filter(({ status }) => status === 200).length, 500)
    t.equal(new Set(answers.map(({ body }) => body.meta.requestId)).size, 500)
    t.ok(answers.every(({ body }) => body.contextData[0]?.data?.isLogging === true))
    const shared = answers.filter(({ body }) => body.meta.shared === 1).length
    const made = answers.reduce((sum, { body }) => sum + body.meta.apiCalls, 0)
    t.equal(made, endpoint.arrivals.length)
    t.equal(shared, 500 - made)
  },
)

t.test('gives a read that came after another was sent a response of its own time', async (t) => {
  const endpoint = await startEndpoint(t, (_arrival, response, count) => {
    setTimeout(() => json(response, { IsLogging: count > 1 }), 200)
  })
  const service = await startServiceAt(t, endpoint.url)
  const first = service.run('get-trail-status', { trailNames: ['audit'] })
  while (endpoint.arrivals.length === 0) await new Promise(setImmediate)
  const second = await service.run('get-trail-status', { trailNames: ['audit'] })
  t.equal((await first).body.contextData[0]?.data?.isLogging, false)
  t.equal(second.body.contextData[0]?.data?.isLogging, true)
})

t.test('reads of other keys, regions and inputs are never shared, nor are changes', async (t) => {
  const endpoint = await startEndpoint(t, ({ operation }, response) => {
    const body = operation === 'StopLogging' ? undefined : { IsLogging: true }
    setTimeout(() => json(response, body), 100)
  })
  const service = await startServiceAt(t, endpoint.url)
  const connection = { serverUrl: endpoint.url, accessKey: ACCESS_KEY, accessSecret: 'x' }
  const status = (more: object) =>
    service.run('get-trail-status', { trailNames: ['audit'], connection, ...more })
  await Promise.all([
    status({}),
    status({ connection: { ...connection, accessSecret: 'y' } }),
    status({ connection: { ...connection, accessKey: 'AKIAWO645SY5AASANDBX' } }),
    status({ connection: { ...connection, sessionToken: 'z' } }),
    status({ connection: { ...connection, region: 'eu-west-1' } }),
    status({ trailNames: ['other'] }),
    service.run('stop-logging', { trailNames: ['audit'] }),
    service.run('stop-logging', { trailNames: ['audit'] }),
  ])
  t.equal(endpoint.arrivals.length, 8)
})

t.test('continues a shared read when one of its callers disconnects', async (t) => {
  let release: () => void = () => undefined
  const endpoint = await startEndpoint(t, ({ input }, response) => {
    if (input.Name === 'blocker') release = () => json(response, { IsLogging: true })
    else json(response, { IsLogging: true })
  })
  const service = await startServiceAt(t, endpoint.url, { QUOTA_READ_TPS: '1' })
  const blocker = service.run('get-trail-status', { trailNames: ['blocker'] })
  while (endpoint.arrivals.length === 0) await new Promise(setImmediate)
  // the quota is in use: both wait for the same read, and the one who asked first disconnects
  const leader = new AbortController()
  const gone = service
    .fetch('/commands/get-trail-status', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ trailNames: ['audit'] }),
      signal: leader.signal,
    })
    .catch(() => undefined)
  const follower = service.run('get-trail-status', { trailNames: ['audit'] })
  leader.abort()
  await gone
  release()
  t.equal((await follower).status, 200)
  t.equal((await blocker).status, 200)
})

t.test('each who shares a read has its own deadline, and its own refusal', async (t) => {
  let release: () => void = () => undefined
  const endpoint = await startEndpoint(t, (_arrival, response, count) => {
    if (count === 1) release = () => json(response, { IsLogging: true })
    else json(response, { IsLogging: true })
  })
  const service = await startServiceAt(t, endpoint.url, { QUOTA_READ_TPS: '1' })
  const status = (trail: string, deadlineMs: number) =>
    service.run(
      'get-trail-status',
      { trailNames: [trail] },
      { 'x-deadline-ms': String(deadlineMs) },
    )
  const waiting = async (count: number) => {
    for (let seen = -1; seen !== count;) {
      const { quotas } = (await (await service.fetch('/quotas')).json()) as {
        quotas: { waiting: number }[]
      }
      seen = quotas[0]?.waiting ?? 0
    }
  }
  const first = status('audit', 30_000)
  while (endpoint.arrivals.length === 0) await new Promise(setImmediate)
  const others = [1, 2, 3, 4].map((other) => status(`other-${other}`, 30_000))
  await waiting(4)
  // both share the next one, which the first of them asks for, and waits until the one in flight has its response
  const hasty = status('other-4', 20_000)
  const impatient = await status('other-4', 500)
  t.match(impatient, { status: 429, body: { errors: [{ code: 'QuotaWaitTooLong', attempts: 0 }] } })
  t.ok(impatient.body.meta.durationMs < 450, 'it was refused at once')
  release()
  for (const { status } of await Promise.all([first, ...others, hasty])) t.equal(status, 200)
  t.equal(endpoint.arrivals.length, 5)
})
