import { once } from 'node:events'
import { setTimeout as delay } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { RedisConnection } from '../../../src/redis/redis-connection.js'
import type { Claim } from '../../../src/service/records/record-store.js'
import { RedisRecords } from '../../../src/service/records/redis-records.js'
import { needs } from '../../support/needs.js'
import { newRecord, newResponse, RECORD_OPTIONS, type TestData } from '../../support/records.js'
import { startRedis, type RedisServer } from '../../support/redis.js'
import { testRecordContract } from './record-contract.js'

needs('redis-server')

const QUIET = { ...RECORD_OPTIONS, quietMs: 2_500 }

/** The store of one replica, connected. */
async function connect(t: Test, redis: RedisServer, options = RECORD_OPTIONS, leaseMs?: number) {
  const warnings: unknown[] = []
  const logger = {
    info: () => undefined,
    warn: (what: unknown) => void warnings.push(what),
    error: () => undefined,
  } as unknown as ConstructorParameters<typeof RedisConnection>[1]
  const connection = new RedisConnection(redis.url, logger)
  const store = new RedisRecords<TestData>(connection, options, logger, leaseMs)
  t.teardown(async () => {
    await store.close()
    connection.close()
  })
  await once(connection, 'up')
  return { store, connection, warnings }
}

/** Claims a key until no other run holds it. */
async function claimWhenFree(
  store: RedisRecords<TestData>,
  record = newRecord('a'),
): Promise<Claim<TestData>> {
  for (;;) {
    const claim = await store.claim(record)
    if (claim.state !== 'running') return claim
    await delay(25)
  }
}

t.test('records in Redis keep the contract', async (t) => {
  const redis = await startRedis(t)
  testRecordContract(t, async (t, options) => {
    const { store, connection, warnings } = await connect(t, redis, options, 1_500)
    await connection.client.flushall()
    return { store, warnings, elapse: (ms) => delay(ms) }
  })
})

t.test('every replica finds a record, from its claim to its response', async (t) => {
  const redis = await startRedis(t)
  const [here, there] = [await connect(t, redis), await connect(t, redis)]
  const record = newRecord('a', { data: { step: 1 } })
  await here.store.claim(record)
  t.match(await there.store.find('ours', 'a'), { data: { step: 1 }, lost: false })
  t.match(await there.store.claim(newRecord('a')), { state: 'running', data: { step: 1 } })
  t.match(await there.store.claim(newRecord('a', { fingerprint: 'x' })), { state: 'mismatch' })
  record.data = { step: 2 }
  await here.store.update(record)
  t.match(await there.store.find('ours', 'a'), { data: { step: 2 } })
  await here.store.finish(record, newResponse())
  t.match(await there.store.find('ours', 'a'), { response: { status: 200 } })
  t.match(await there.store.claim(newRecord('a')), { state: 'finished' })
})

t.test('one of a thousand simultaneous claims at two replicas is granted', async (t) => {
  const redis = await startRedis(t)
  const replicas = [await connect(t, redis), await connect(t, redis)]
  const claims = await Promise.all(
    Array.from({ length: 1000 }, (_, index) => replicas[index % 2]!.store.claim(newRecord('a'))),
  )
  t.equal(claims.filter(({ state }) => state === 'claimed').length, 1)
  t.equal(claims.filter(({ state }) => state === 'running').length, 999)
})

t.test('replicas never pass the bound of running records together', async (t) => {
  const redis = await startRedis(t)
  const replicas = [await connect(t, redis), await connect(t, redis)]
  const claims = await Promise.all(
    Array.from({ length: 50 }, (_, index) =>
      replicas[index % 2]!.store.claim(newRecord(String(index))),
    ),
  )
  t.equal(claims.filter(({ state }) => state === 'claimed').length, 3)
  t.equal(claims.filter(({ state }) => state === 'full').length, 47)
})

t.test('a cancellation reaches the replica that runs the record', async (t) => {
  const redis = await startRedis(t)
  const [here, there] = [await connect(t, redis), await connect(t, redis)]
  let onCancel: () => void = () => undefined
  const cancelled = new Promise<void>((resolve) => (onCancel = resolve))
  await here.store.claim(newRecord('a', { onCancel }))
  await there.store.cancel('ours', 'a')
  t.match(await there.store.find('ours', 'a'), { cancelled: true }, 'at once')
  await cancelled
  t.match(await here.store.find('ours', 'a'), { cancelled: true })
})

t.test('a lease lasts as long as its process, then its record is lost', async (t) => {
  const redis = await startRedis(t)
  const bounds = { ...RECORD_OPTIONS.bounds, running: 1 }
  const [here, there] = [
    await connect(t, redis, RECORD_OPTIONS, 600),
    await connect(t, redis, { ...RECORD_OPTIONS, bounds }),
  ]
  await here.store.claim(newRecord('a', { data: { step: 5 } }))
  const since = performance.now()
  while (performance.now() - since < 1_500) {
    t.match(await there.store.claim(newRecord('a')), { state: 'running' }, 'renewed')
    t.match(await there.store.claim(newRecord('b')), { state: 'full' }, 'and counted')
    await delay(250)
  }
  here.connection.close()
  while (!(await there.store.find('ours', 'a'))?.lost) await delay(25)
  t.match(await there.store.find('ours', 'a'), { data: { step: 5 }, response: undefined })
  const other = newRecord('b')
  t.match(await there.store.claim(other), { state: 'claimed' }, 'it makes room')
  await there.store.release(other, false)
  t.match(await there.store.claim(newRecord('a', { fingerprint: 'x' })), { state: 'mismatch' })
  t.same(await there.store.claim(newRecord('a')), { state: 'claimed', isRepeat: true })
})

t.test('lost records count as finished ones, and are evicted as they are', async (t) => {
  const redis = await startRedis(t)
  const here = await connect(t, redis, RECORD_OPTIONS, 300)
  const there = await connect(t, redis)
  await here.store.claim(newRecord('lost'))
  here.connection.close()
  while (!(await there.store.find('ours', 'lost'))?.lost) await delay(25)
  for (const key of ['a', 'b', 'c']) {
    t.ok(await there.store.find('ours', 'lost'), key)
    const record = newRecord(key)
    await there.store.claim(record)
    await delay(5)
    await there.store.finish(record, newResponse())
  }
  t.equal(await there.store.find('ours', 'lost'), undefined)
})

t.test('a repeat that did nothing leaves the record lost', async (t) => {
  const redis = await startRedis(t)
  const { store } = await connect(t, redis)
  const [first, second] = [newRecord('a'), newRecord('a')]
  await store.claim(first)
  await store.release(first, true)
  t.same(await store.claim(second), { state: 'claimed', isRepeat: true })
  await store.release(second, true)
  t.same(await store.claim(newRecord('a', { fingerprint: 'x' })), { state: 'mismatch' })
  t.same(await store.claim(newRecord('a')), { state: 'claimed', isRepeat: true })
})

t.test('a run whose lease ran out does not overwrite the response of its successor', async (t) => {
  const redis = await startRedis(t)
  // a stalled process: its heartbeat is stopped, its connection stands
  const here = await connect(t, redis, RECORD_OPTIONS, 300)
  const there = await connect(t, redis)
  const [first, second] = [newRecord('a'), newRecord('a')]
  await here.store.claim(first)
  await here.store.close()
  t.same(await claimWhenFree(there.store, second), { state: 'claimed', isRepeat: true })
  await here.store.finish(first, newResponse(1, 500))
  t.match(await (await connect(t, redis)).store.claim(newRecord('a')), { state: 'running' })
  await there.store.finish(second, newResponse(1, 207))
  await here.store.finish(first, newResponse(1, 500))
  t.match(await here.store.find('ours', 'a'), { response: { status: 207 } })
})

t.test('a run stops holding its key half a lease after its last heartbeat', async (t) => {
  const redis = await startRedis(t)
  const { store } = await connect(t, redis, RECORD_OPTIONS, 2_000)
  const record = newRecord('a')
  await store.claim(record)
  const since = performance.now()
  while (performance.now() - since < 3_000) {
    t.ok(store.holds(record), 'renewed')
    await delay(300)
  }
  redis.pause()
  const pausedAt = performance.now()
  while (store.holds(record)) await delay(10)
  const heldMs = performance.now() - pausedAt
  t.ok(heldMs <= 1_050, `${heldMs.toFixed(0)} ms`)
  redis.resume()
  while (!store.holds(record)) await delay(10)
})

t.test('a Redis that comes back empty gets the running records and the responses', async (t) => {
  const redis = await startRedis(t)
  const [here, there] = [await connect(t, redis, QUIET), await connect(t, redis, QUIET)]
  const [running, finished] = [newRecord('running'), newRecord('finished')]
  await here.store.claim(running)
  await here.store.claim(finished)
  await redis.kill()
  await t.rejects(there.store.claim(newRecord('running')), 'no claim is granted meanwhile')
  await t.rejects(there.store.find('ours', 'running'))
  await t.rejects(here.store.finish(finished, newResponse()))
  t.match(await here.store.claim(newRecord('finished')), { state: 'finished' }, 'known here')
  t.match(await here.store.find('ours', 'finished'), { response: { status: 200 } })
  const back = Promise.all([once(here.connection, 'up'), once(there.connection, 'up')])
  await redis.start()
  await back
  t.match(await there.store.claim(newRecord('running')), { state: 'running', data: { step: 0 } })
  t.match(await there.store.claim(newRecord('finished')), { state: 'finished' })
})

t.test('after FLUSHALL no claim is granted before every replica wrote its records', async (t) => {
  const redis = await startRedis(t)
  const [here, there] = [await connect(t, redis, QUIET), await connect(t, redis, QUIET)]
  await here.store.claim(newRecord('a'))
  await there.connection.client.flushall()
  t.match(await there.store.claim(newRecord('a')), { state: 'running' })
})

t.test('a claim whose reply was lost is given back', async (t) => {
  const redis = await startRedis(t)
  const [here, there] = [await connect(t, redis), await connect(t, redis)]
  const { client } = here.connection
  const evaluate = client.eval.bind(client) as (...args: unknown[]) => Promise<unknown>
  const loseReplies = () => {
    client.eval = async (...args: unknown[]) => {
      const reply = await evaluate(...args)
      if (String(args[0]).includes('claimed')) throw new Error('the reply was lost')
      return reply
    }
  }
  loseReplies()
  await t.rejects(here.store.claim(newRecord('a')), { message: 'the reply was lost' })
  client.eval = evaluate
  t.match(await there.store.claim(newRecord('a')), { state: 'running' }, 'Redis granted it')
  const since = performance.now()
  t.same(await claimWhenFree(there.store), { state: 'claimed', isRepeat: false })
  t.ok(performance.now() - since < 10_000, 'before its lease ends')

  const lost = newRecord('b')
  await there.store.claim(lost)
  await there.store.release(lost, true)
  loseReplies()
  await t.rejects(here.store.claim(newRecord('b')), { message: 'the reply was lost' })
  client.eval = evaluate
  const claim = await claimWhenFree(here.store, newRecord('b'))
  t.same(claim, { state: 'claimed', isRepeat: true }, 'the earlier run stays known')
})

t.test('an aborted claim waits for no quiet time, and leaves no record', async (t) => {
  const redis = await startRedis(t)
  const [here, there] = [await connect(t, redis, QUIET), await connect(t, redis, QUIET)]
  const from = performance.now()
  const claim = here.store.claim(newRecord('a'), AbortSignal.timeout(200))
  await t.rejects(claim)
  t.ok(performance.now() - from < 1_500, 'although Redis is new, and grants no claim for 2.5 s')
  t.same(await there.store.claim(newRecord('a')), { state: 'claimed', isRepeat: false })
})

t.test('every key in Redis expires', async (t) => {
  const redis = await startRedis(t)
  const { store, connection } = await connect(t, redis)
  const [running, finished] = [newRecord('a'), newRecord('b')]
  await store.claim(running)
  await store.claim(finished)
  await store.finish(finished, newResponse())
  await store.cancel('ours', 'no-such-record')
  const names = await connection.client.keys('cloudtrail-records:*')
  t.equal(names.length, 5, 'two records, a cancellation, the leases and the finished records')
  for (const name of names) {
    const ttl = await connection.client.pttl(name)
    t.ok(ttl > 0 && ttl <= RECORD_OPTIONS.keepMs, name)
  }
})
