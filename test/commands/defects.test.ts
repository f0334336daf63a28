import t from 'tap'
import { json, startEndpoint } from '../support/endpoint.js'
import { startServiceAt } from '../support/service.js'

const ARN = 'arn:aws:cloudtrail:us-east-1:111122223333:trail/'

t.test('a defect after a write keeps the other rows, and leaves its outcome unknown', async (t) => {
  const endpoint = await startEndpoint(t, ({ operation, input }, response) => {
    const name = String(input.TrailName)
    if (operation === 'GetInsightSelectors') {
      json(response, { TrailARN: ARN + name })
      return
    }
    // a list that CloudTrail never sends: reading it throws
    const odd = name === 'odd' ? [null] : []
    json(response, { TrailARN: ARN + name, InsightSelectors: odd })
  })
  const service = await startServiceAt(t, endpoint.url)
  const key = { 'idempotency-key': 'odd' }
  const body = { trailNames: ['first', 'odd', 'last'] }
  const first = await service.run('put-insight-selectors', body, key)
  t.equal(first.status, 207)
  t.match(
    first.body.contextData.map(({ input, result }) => `${input} ${result}`),
    ['first Successful', 'odd Failed', 'last Successful'],
  )
  t.match(first.body.errors, [{ code: 'OutcomeUnknown', input: 'odd', retryable: false }])
  const calls = endpoint.arrivals.length
  t.same((await service.run('put-insight-selectors', body, key)).body, first.body)
  t.equal(endpoint.arrivals.length, calls, 'the record of the key is kept')
  t.match(
    service.log.find(({ msg }) => String(msg).includes('defect')),
    { err: { type: /Error/ } },
  )
})

t.test('a defect in a read is an internal error of its input alone', async (t) => {
  const endpoint = await startEndpoint(t, ({ input }, response) => {
    // no date is so late: writing it throws
    const time = input.Name === 'odd' ? 1e300 : 1_700_000_000
    json(response, { IsLogging: true, StartLoggingTime: time })
  })
  const service = await startServiceAt(t, endpoint.url)
  const { status, body } = await service.run('get-trail-status', { trailNames: ['odd', 'last'] })
  t.equal(status, 207)
  t.match(body.errors, [{ code: 'InternalError', input: 'odd' }])
  t.match(body.contextData, [{ result: 'Failed' }, { result: 'Successful' }])
})
