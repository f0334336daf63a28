import { DescribeTrailsCommand } from '@aws-sdk/client-cloudtrail'
import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import t from 'tap'
import { ClientPool } from '../../src/cloudtrail/client-pool.js'
import type { Connection } from '../../src/cloudtrail/connections/connection.js'
import { useFakeClock } from '../support/fake-clock.js'

const connectionOf = (id: string, endpoint = 'http://127.0.0.1:1') =>
  ({
    id,
    endpoint,
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

t.test(
  '200 requests at once share 128 sockets to an endpoint, and all get a response',
  async (t) => {
    const held: ServerResponse[] = []
    let sockets = 0
    const respond = (response: ServerResponse) => response.end('{"trailList":[]}')
    const server = createServer((_request, response) => {
      // the first 128 wait for each other: no socket is free until each has its own
      if (held.push(response) === 128) held.forEach(respond)
      else if (held.length > 128) respond(response)
    })
    server.on('connection', () => (sockets += 1))
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    const pool = new ClientPool(10_000, 60_000)
    t.teardown(() => {
      pool.close()
      server.close()
    })
    const client = pool.for(connectionOf('a', `http://127.0.0.1:${port}`))
    const outputs = await Promise.all(
      Array.from({ length: 200 }, () => client.send(new DescribeTrailsCommand({}))),
    )
    t.equal(outputs.length, 200)
    t.equal(sockets, 128)
  },
)
