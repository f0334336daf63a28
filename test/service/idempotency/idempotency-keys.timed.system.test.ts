import { once } from 'node:events'
import t, { type Test } from 'tap'
import type { CommandResponse } from '../../../src/envelope/envelope.js'
import { RedisConnection } from '../../../src/redis/redis-connection.js'
import { IdempotencyKeys } from '../../../src/service/idempotency/idempotency-keys.js'
import {
  idempotencyRecord,
  openIdempotencyRecords,
} from '../../../src/service/idempotency/idempotency-records.js'
import { startRedis, type RedisServer } from '../../support/redis.js'

const logger = {
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
} as unknown as ConstructorParameters<typeof RedisConnection>[1]

const never = new AbortController().signal
const newRecord = () => idempotencyRecord('ours', 'a', 'same', false)
const notEnough = async () => false

/** The keys of one replica, connected. */
async function connect(t: Test, redis: RedisServer) {
  const connection = new RedisConnection(redis.url, logger)
  const keys = new IdempotencyKeys(openIdempotencyRecords(connection, logger), logger)
  t.teardown(async () => {
    await keys.close()
    connection.close()
  })
  await once(connection, 'up')
  return { connection, keys }
}

t.test('a Redis that does not respond delays no response, and stores it later', async (t) => {
  const redis = await startRedis(t)
  const [here, there] = [await connect(t, redis), await connect(t, redis)]
  const record = newRecord()
  await here.keys.claim(record, never, notEnough)
  redis.pause()
  const from = performance.now()
  const response = { status: 207, envelope: { returnData: 'Successful' } } as CommandResponse
  const changes = { mayBeMade: true, mayBeRepeated: false }
  const respond = () => response
  await here.keys.run(record, changes, async () => response, respond)
  t.ok(performance.now() - from < 1_500, 'a command of Redis may take 2 s')
  const back = once(here.connection, 'up')
  await once(here.connection, 'down')
  redis.resume()
  await back
  const claim = await there.keys.claim(newRecord(), never, notEnough)
  t.match(claim, { state: 'finished', response: { status: 207 } })
})

t.test('a claim whose time is over waits for no quiet time, and leaves no record', async (t) => {
  const redis = await startRedis(t)
  const { keys } = await connect(t, redis)
  const claim = keys.claim(newRecord(), AbortSignal.timeout(200), notEnough)
  await t.rejects(claim, { name: 'TimeoutError' })
  const next = await keys.claim(newRecord(), never, notEnough)
  t.same(next, { state: 'claimed', isRepeat: false })
})
