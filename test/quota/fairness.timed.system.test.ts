import t, { type Test } from 'tap'
import { startStrictEndpoint } from '../support/start-strict-endpoint.js'
import { keysFile } from '../support/keys.js'
import { startServiceAt } from '../support/service.js'

const QUOTAS = { QUOTA_READ_TPS: '10', QUOTA_LOOKUP_TPS: '2', QUOTA_WRITE_TPS: '1' }

const names = (prefix: string, count: number) =>
  Array.from({ length: count }, (_, index) => `${prefix}-${index}`)

/** A strict endpoint, and a service at it that knows its callers by their keys. */
async function start(t: Test, quotas: Record<string, string> = QUOTAS) {
  const tps = { read: Number(quotas.QUOTA_READ_TPS), lookup: 2, write: 1 }
  const endpoint = await startStrictEndpoint(t, { tps })
  const { file, bearer } = keysFile(t)
  const env = { ...quotas, AUTH: 'api-key', API_KEYS_FILE: file }
  const service = await startServiceAt(t, endpoint.url, env)
  const arrived = async (count: number) => {
    for (let seen = 0; seen < count; seen = (await endpoint.report()).arrivals.length);
  }
  return { endpoint, service, bearer, arrived }
}

t.test(
  'a single read of another caller, or of the same, is on its way within two seconds',
  async (t) => {
    const { endpoint, service, bearer, arrived } = await start(t)
    const big = [0, 1, 2].map((part) =>
      service.run(
        'get-trails',
        { trailNames: names(`big-${part}`, 60) },
        { 'x-deadline-ms': '30000', ...bearer('write') },
      ),
    )
    // the quota is in use as soon as ten have arrived
    await arrived(10)
    for (const key of ['read', 'write'] as const) {
      const body = { trailNames: [`single-${key}`] }
      const answer = await service.run('get-trails', body, bearer(key))
      t.equal(answer.status, 200)
      t.ok(answer.body.meta.queuedMs < 2000, `${key}: it waited ${answer.body.meta.queuedMs} ms`)
    }
    for (const { status } of await Promise.all(big)) t.equal(status, 200)
    t.equal((await endpoint.report()).arrivals.length, 182)
  },
)

t.test(
  'callers take turns: one with six times the commands gets no more than its half',
  async (t) => {
    const { endpoint, service, bearer, arrived } = await start(t, {
      ...QUOTAS,
      QUOTA_READ_TPS: '4',
    })
    const commands = names('many', 6).map((prefix) =>
      service.run('get-trails', { trailNames: names(prefix, 8) }, bearer('write')),
    )
    await arrived(4)
    commands.push(service.run('get-trails', { trailNames: names('few', 8) }, bearer('read')))
    for (const { status } of await Promise.all(commands)) t.equal(status, 200)
    const { arrivals } = await endpoint.report()
    const order = arrivals.map(({ name }) => name?.split('-')[0])
    const first = order.indexOf('few')
    const shared = order.slice(first, order.lastIndexOf('few') + 1)
    t.equal(shared.filter((name) => name === 'few').length, 8)
    t.ok(shared.length <= 17, `eight of few among ${shared.length} arrivals`)
  },
)

t.test("who wants a read that waits in another caller's line does not wait there", async (t) => {
  const { endpoint, service, bearer, arrived } = await start(t, { ...QUOTAS, QUOTA_READ_TPS: '2' })
  const big = service.run('get-trails', { trailNames: names('big', 10) }, bearer('write'))
  await arrived(1)
  const last = await service.run('get-trails', { trailNames: ['big-9'] }, bearer('read'))
  t.match(last, { status: 200, body: { meta: { shared: 1, apiCalls: 0 } } })
  t.ok(last.body.meta.durationMs < 2000, `it took ${last.body.meta.durationMs} ms`)
  t.equal((await big).status, 200)
  t.equal((await endpoint.report()).arrivals.length, 10)
})
