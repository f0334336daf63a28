import t from 'tap'
import { IdempotencyKeys } from '../../src/service/idempotency/idempotency-keys.js'
import { json, startEndpoint } from '../support/endpoint.js'
import { startServiceAt } from '../support/service.js'

const names = { trailNames: ['audit'] }

t.test('sends no write once another request may hold its idempotency key', async (t) => {
  t.intercept(IdempotencyKeys.prototype, 'holds', { value: () => false })
  const endpoint = await startEndpoint(t, (_arrival, response) => json(response, {}))
  const service = await startServiceAt(t, endpoint.url)
  const { status, headers, body } = await service.run('stop-logging', names, {
    'idempotency-key': 'one',
  })
  t.equal(status, 503)
  t.match(headers.get('retry-after'), /^\d+$/)
  t.match(body.errors, [{ code: 'IdempotencyKeyLost', message: /nothing more was sent/ }])
  t.same(endpoint.arrivals, [])
  t.equal((await service.run('stop-logging', names)).status, 200, 'a write without a key is sent')
})

t.test('sends nothing while Redis, which shares the quota, is unavailable', async (t) => {
  const endpoint = await startEndpoint(t, (_arrival, response) => json(response, {}))
  const service = await startServiceAt(t, endpoint.url, { REDIS_URL: 'redis://127.0.0.1:1' })
  for (const command of ['get-trail-status', 'stop-logging']) {
    const { status, headers, body } = await service.run(command, names)
    t.equal(status, 503)
    t.match(headers.get('retry-after'), /^\d+$/)
    t.match(body.errors, [{ code: 'RedisUnavailable', message: /nothing was sent/ }])
  }
  t.same(endpoint.arrivals, [])
})
