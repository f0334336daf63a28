import t from 'tap'
import { startStrictEndpoint } from '../support/start-strict-endpoint.js'
import { startServiceAt } from '../support/service.js'

const QUOTAS = { QUOTA_READ_TPS: '10', QUOTA_LOOKUP_TPS: '2', QUOTA_WRITE_TPS: '1' }

const names = (prefix: string, count: number) =>
  Array.from({ length: count }, (_, index) => `${prefix}-${index}`)

t.test('a single read is on its way within two seconds, whatever else is running', async (t) => {
  const endpoint = await startStrictEndpoint(t)
  const service = await startServiceAt(t, endpoint.url, QUOTAS)
  const big = [0, 1, 2].map((part) =>
    service.run(
      'get-trails',
      { trailNames: names(`big-${part}`, 60) },
      { 'x-deadline-ms': '30000' },
    ),
  )
  // the quota is in use as soon as ten have arrived
  for (let arrived = 0; arrived < 10;) arrived = (await endpoint.report()).arrivals.length
  const { status, body } = await service.run('get-trails', { trailNames: ['single'] })
  t.equal(status, 200)
  t.ok(body.meta.queuedMs < 2000, `it waited ${body.meta.queuedMs} ms`)
  for (const { status } of await Promise.all(big)) t.equal(status, 200)
})
