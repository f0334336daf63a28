import t from 'tap'
import { ClientPool } from '../../src/cloudtrail/client-pool.js'
import type { Connection } from '../../src/cloudtrail/connections/connection.js'
import { useFakeClock } from '../support/fake-clock.js'

const connectionOf = (id: string) =>
  ({
    id,
    endpoint: 'http://127.0.0.1:1',
    region: 'us-east-1',
    credentials: { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'not-a-secret' },
  }) as unknown as Connection

t.test('a client is kept while it is used, and replaced after its idle time', async (t) => {
  const clock = useFakeClock(t)
  const pool = new ClientPool(1_000, 60_000)
  t.teardown(() => pool.close())
  const client = pool.for(connectionOf('a'))
  for (let minute = 0; minute < 10; minute += 1) {
    clock.tick(59_000)
    t.equal(pool.for(connectionOf('a')), client)
  }
  t.not(pool.for(connectionOf('b')), client)
  clock.tick(60_001)
  t.not(pool.for(connectionOf('a')), client)
})
