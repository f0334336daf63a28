import t from 'tap'
import { needs } from '../support/needs.js'
import { startRedis } from '../support/redis.js'
import { startReplica, whenReady } from '../support/replicas.js'
import { AWS_TPS, startStrictEndpoint } from '../support/start-strict-endpoint.js'

needs('redis-server')

t.test('a throttle that one replica sees slows the others', { timeout: 40_000 }, async (t) => {
  const redis = await startRedis(t)
  // half of what is thought to be free: whoever sends ten at once is throttled
  const endpoint = await startStrictEndpoint(t, { tps: { ...AWS_TPS, read: 5 } })
  const [one, other] = await Promise.all([
    startReplica(t, endpoint.url, redis.url),
    startReplica(t, endpoint.url, redis.url),
  ])
  await Promise.all([whenReady(one), whenReady(other)])
  const shares = async () => {
    const { body } = await other.get('/quotas')
    const { quotas } = body as { quotas: { class: string; share: number; throttled: number }[] }
    return quotas.find((quota) => quota.class === 'read')
  }
  t.equal((await other.run('get-trails', { trailNames: ['first'] })).status, 200)
  t.match(await shares(), { share: 1, throttled: 0 })
  const trailNames = Array.from({ length: 10 }, (_, index) => `trail-${index}`)
  t.equal((await one.run('get-trails', { trailNames })).status, 200)
  const learned = await shares()
  t.equal(learned?.throttled, 0, 'the other was not throttled itself')
  t.ok(learned && learned.share < 1 && learned.share > 0.5, `it uses ${learned?.share}`)
})
