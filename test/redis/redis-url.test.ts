import t from 'tap'
import { describeTarget, parseRedisUrl } from '../../src/redis/redis-url.js'

t.test('one server, with and without TLS, password and database', (t) => {
  t.match(parseRedisUrl('redis://localhost'), {
    kind: 'server',
    nodes: [{ host: 'localhost', port: 6379 }],
    username: undefined,
    password: undefined,
    db: 0,
    tls: false,
  })
  t.match(parseRedisUrl('rediss://soar:p%40ss%3A%2F@[::1]:7000/3'), {
    nodes: [{ host: '::1', port: 7000 }],
    username: 'soar',
    password: 'p@ss:/',
    db: 3,
    tls: true,
  })
  t.match(parseRedisUrl('redis://:secret@cache:6380/'), { username: undefined, password: 'secret' })
  t.end()
})

t.test('sentinels and clusters name several hosts', (t) => {
  t.match(parseRedisUrl('redis+sentinel://a:26380,b/mymaster/1'), {
    kind: 'sentinel',
    nodes: [
      { host: 'a', port: 26380 },
      { host: 'b', port: 26379 },
    ],
    sentinelName: 'mymaster',
    db: 1,
  })
  t.match(parseRedisUrl('rediss+cluster://:pw@a:1,b:2'), {
    kind: 'cluster',
    nodes: [
      { host: 'a', port: 1 },
      { host: 'b', port: 2 },
    ],
    password: 'pw',
    tls: true,
  })
  t.end()
})

t.test('what is described holds no credential', (t) => {
  for (const [url, words] of [
    ['redis://u:hidden@h:1', 'h:1'],
    ['redis+sentinel://u:hidden@h:1,i:2/m', 'm of the sentinels h:1,i:2'],
    ['redis+cluster://u:hidden@h:1,i:2', 'cluster h:1,i:2'],
  ] as const) {
    t.equal(describeTarget(parseRedisUrl(url)), words)
  }
  t.end()
})

t.test('other forms are refused by their rule, and nothing of them is repeated', (t) => {
  for (const url of [
    'http://hidden.example',
    'redis://',
    'redis://u:hidden@h:0',
    'redis://u:hidden@h:65536',
    'redis://u:hidden@h i',
    'redis://u:hidden@a,b',
    'redis://u:hidden@h/x',
    'redis://u:hidden@h/0/1',
    'redis://u:hidden@h?db=1',
    'redis://u:hidden%zz@h',
    'redis+sentinel://u:hidden@h',
    'redis+sentinel://u:hidden@h/',
    'redis+cluster://u:hidden@h/1',
  ]) {
    try {
      parseRedisUrl(url)
      t.fail(`${url} was taken`)
    } catch (error) {
      t.match((error as Error).name, 'RedisUrlError')
      t.match((error as Error).message, /REDIS_URL/)
      t.notMatch((error as Error).message, /hidden/)
    }
  }
  t.end()
})
