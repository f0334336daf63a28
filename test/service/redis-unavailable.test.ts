import t, { type Test } from 'tap'
import { startEndpoint } from '../support/endpoint.js'
import { freePort } from '../support/redis.js'
import { startServiceAt } from '../support/service.js'

/** A service whose Redis does not run. */
async function startWithoutRedis(t: Test) {
  const endpoint = await startEndpoint(t, (_arrival, response) => response.destroy())
  const env = { REDIS_URL: `redis://127.0.0.1:${await freePort()}` }
  return { endpoint, service: await startServiceAt(t, endpoint.url, env) }
}

const STOP = { trailNames: ['audit'] }

t.test('refuses a write with an idempotency key while Redis is unavailable', async (t) => {
  const { service, endpoint } = await startWithoutRedis(t)
  const { status, headers, body } = await service.run('stop-logging', STOP, {
    'idempotency-key': 'one',
  })
  t.equal(status, 503)
  t.ok(headers.get('retry-after'))
  t.match(body.errors, [{ code: 'IdempotencyUnavailable', retryable: true }])
  t.equal(endpoint.arrivals.length, 0, 'nothing is sent')
})

t.test('starts and finds no job while Redis is unavailable', async (t) => {
  const { service, endpoint } = await startWithoutRedis(t)
  const refused = await service.run('stop-logging', STOP, { prefer: 'respond-async' })
  t.equal(refused.status, 503)
  t.ok(refused.headers.get('retry-after'))
  t.match(refused.body.errors, [{ code: 'JobsUnavailable', retryable: true }])
  t.equal(endpoint.arrivals.length, 0, 'nothing is sent')
  const found = await service.fetch('/jobs/00000000-0000-4000-8000-000000000001')
  t.equal(found.status, 503)
  t.match(await found.json(), { errors: [{ code: 'JobsUnavailable' }] })
})
