import { createServer, type AddressInfo } from 'node:net'
import { pino } from 'pino'
import t from 'tap'
import { RedisConnection } from '../../src/redis/redis-connection.js'
import { waitFor } from '../support/wait-for.js'

t.test('keeps the reason of Redis while the connection is made again', async (t) => {
  let connections = 0
  const reason = 'READONLY You cannot write against a read only replica.'
  const replies: Record<string, string> = {
    hello: '+OK\r\n',
    client: '+OK\r\n',
    info: '$9\r\nloading:0\r\n',
    eval: `-${reason}\r\n`,
  }
  // the client closes its side, and this server keeps its own open
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    connections += 1
    socket.setEncoding('utf8').on('data', (text: string) => {
      const names = text.match(/^(?:hello|client|info|eval)\r$/gm) ?? []
      for (const name of names) socket.write(replies[name.trim()] ?? '')
    })
    socket.on('error', () => undefined)
    t.teardown(() => socket.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.teardown(() => server.close())
  const { port } = server.address() as AddressInfo
  const redis = new RedisConnection(`redis://127.0.0.1:${port}`, pino({ level: 'silent' }))
  t.teardown(() => redis.close())
  const reasons = new Set<string>()
  await waitFor('there is another connection', () => {
    reasons.add(redis.lastError)
    return connections === 2
  })
  t.same([...reasons], ['no response', reason])
})
