import t from 'tap'
import { json, startEndpoint } from '../support/endpoint.js'
import { startServiceAt } from '../support/service.js'

t.test('takes a permit for each of three attempts of one call', async (t) => {
  const endpoint = await startEndpoint(t, (_arrival, response, count) =>
    count < 3
      ? json(response, { __type: 'ThrottlingException', Message: 'Rate exceeded' }, 400)
      : json(response, { trailList: [] }),
  )
  const service = await startServiceAt(t, endpoint.url)
  const { status, body } = await service.run('describe-trails')
  t.equal(status, 200)
  t.match(body.meta, { apiCalls: 3, throttled: 2 })
  t.equal(endpoint.arrivals.length, 3)
})

t.test(
  'takes a permit for each page: the third page at one per second comes after two seconds',
  async (t) => {
    const times: number[] = []
    const endpoint = await startEndpoint(t, ({ input }, response) => {
      times.push(performance.now())
      const page = Number(input.NextToken ?? 1)
      json(response, {
        Trails: [{ Name: `trail-${page}`, TrailARN: 'arn', HomeRegion: 'us-east-1' }],
        ...(page < 3 && { NextToken: String(page + 1) }),
      })
    })
    const service = await startServiceAt(t, endpoint.url, { QUOTA_READ_TPS: '1' })
    const { status, body } = await service.run('list-trails')
    t.equal(status, 200)
    t.match(body.meta, { apiCalls: 3 })
    t.same(
      (body.rawData as { Trails: { Name: string }[] }).Trails.map(({ Name }) => Name),
      ['trail-1', 'trail-2', 'trail-3'],
    )
    t.notOk('NextToken' in (body.rawData as object), 'a joined body goes on nowhere')
    t.ok(times[2]! - times[0]! >= 2000, 'each page waited for its permit')
  },
)

t.test('ends a list with an error when NextToken repeats, and keeps its pages', async (t) => {
  const endpoint = await startEndpoint(t, (_arrival, response, count) =>
    json(response, { Trails: [{ Name: `trail-${count}` }], NextToken: 'again' }),
  )
  const service = await startServiceAt(t, endpoint.url)
  const { status, body } = await service.run('list-trails')
  t.equal(status, 207)
  t.equal(body.contextData.length, 2)
  t.match(body, {
    returnData: 'Partially Successful',
    errors: [{ code: 'RepeatedNextToken' }],
    meta: { truncated: { code: 'RepeatedNextToken', message: /repeated a NextToken/ } },
  })
})

t.test('keeps the pages that were fetched before an error', async (t) => {
  const endpoint = await startEndpoint(t, (_arrival, response, count) =>
    count === 1
      ? json(response, { Trails: [{ Name: 'trail-1' }], NextToken: 'two' })
      : json(response, { __type: 'AccessDeniedException', Message: 'no' }, 400),
  )
  const service = await startServiceAt(t, endpoint.url)
  const { status, body } = await service.run('list-trails')
  t.equal(status, 207)
  t.match(body, {
    contextData: [{ data: { name: 'trail-1' } }],
    rawData: { Trails: [{ Name: 'trail-1' }] },
    errors: [{ code: 'AccessDeniedException', hint: /policy/ }],
    meta: { truncated: { code: String, message: 'no' } },
  })
})
