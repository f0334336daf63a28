import { once } from 'node:events'
import { pino } from 'pino'
import t, { type Test } from 'tap'
import { RedisConnection } from '../../src/redis/redis-connection.js'
import { needs } from '../support/needs.js'
import { makeRedis, startRedis } from '../support/redis.js'

needs('redis-server')

interface Line {
  level: number
  msg: string
}

function connect(
  t: Test,
  url: string,
): { redis: RedisConnection; log: Line[]; text: () => string } {
  const lines: string[] = []
  const logger = pino({}, { write: (line: string) => lines.push(line) })
  const redis = new RedisConnection(url, logger)
  t.teardown(() => redis.close())
  return {
    redis,
    text: () => lines.join(''),
    get log() {
      return lines.map((line) => JSON.parse(line) as Line)
    },
  }
}

t.test('logs once that Redis is unavailable at start, and connects when it comes', async (t) => {
  const server = await makeRedis(t)
  const connection = connect(t, server.url)
  const { redis } = connection
  t.equal(redis.isUp, false)
  await once(redis, 'down')
  await t.rejects(redis.client.get('key'), 'a command fails at once')
  const up = once(redis, 'up')
  await server.start()
  await up
  t.equal(redis.isUp, true)
  t.equal(await redis.client.set('key', 'value'), 'OK')
  t.strictSame(
    connection.log.map(({ level, msg }) => [level, msg]),
    [
      [50, 'Redis is unavailable'],
      [30, 'Redis is available'],
    ],
  )
  t.match(connection.text(), /ECONNREFUSED/)
})

t.test('a Redis that dies is down at once, and up again when it is back', async (t) => {
  const server = await startRedis(t)
  const { redis } = connect(t, server.url)
  await once(redis, 'up')
  const down = once(redis, 'down')
  await server.kill()
  await down
  const up = once(redis, 'up')
  await server.start()
  await up
  t.equal(await redis.client.ping(), 'PONG')
})

t.test(
  'counts a Redis that keeps its connections but does not respond as unavailable',
  async (t) => {
    const server = await startRedis(t)
    const { redis } = connect(t, server.url)
    await once(redis, 'up')
    const down = once(redis, 'down')
    server.pause()
    const asked = performance.now()
    await t.rejects(redis.client.get('key'), 'a command does not wait for ever')
    t.ok(performance.now() - asked < 6000)
    await down
    const up = once(redis, 'up')
    server.resume()
    await up
  },
)

t.test('reports a wrong password without the password', async (t) => {
  const server = await startRedis(t, ['--requirepass', 'right'])
  const connection = connect(t, server.url.replace('//', '//:hidden@'))
  await once(connection.redis, 'down')
  t.match(connection.text(), /WRONGPASS/)
  t.notMatch(connection.text(), /hidden/)

  const allowed = connect(t, server.url.replace('//', '//:right@'))
  await once(allowed.redis, 'up')
  t.equal(allowed.redis.lastError, 'no response')
})
