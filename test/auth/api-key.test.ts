import t from 'tap'
import { makeApiKey, parseApiKeys } from '../../src/auth/api-key.js'
import { FailedAttempts } from '../../src/auth/failed-attempts.js'

t.test('a keys file that breaks a rule is refused, every entry at fault is told', (t) => {
  const { entry } = makeApiKey('one', 'read')
  const refused: [unknown, RegExp][] = [
    [{}, /list of keys/],
    [{}, /JSON list/],
    [[entry, { ...entry, name: 'two' }], /every sha256 must stand once/],
    [[entry, makeApiKey('one', 'admin').entry], /every name must stand once/],
    [
      [
        { ...entry, scope: 'root' },
        { ...entry, nmae: 'x' },
      ],
      /\[0\]\/scope.*\[1\]\/nmae/,
    ],
    [[{ ...entry, sha256: 'abc' }], /sha256/],
  ]
  for (const [list, message] of refused) {
    t.throws(() => parseApiKeys(JSON.stringify(list)), { name: 'KeysFileError', message })
  }
  t.throws(() => parseApiKeys(`[${entry.sha256}`), { message: /^API_KEYS_FILE is not valid JSON$/ })
  t.same(parseApiKeys(JSON.stringify([entry])), [entry])
  t.end()
})

t.test(
  'failures of one address are slowed down more and more, and forgotten after a minute',
  (t) => {
    const failed = new FailedAttempts()
    const delays = Array.from({ length: 13 }, () => failed.delayOf('a', 0))
    t.same(delays, [0, 0, 0, 0, 0, 100, 200, 400, 800, 1600, 3200, 5000, 5000])
    t.equal(failed.delayOf('b', 0), 0, 'another address is not')
    t.equal(failed.delayOf('a', 60_000), 0)
    for (let i = 0; i < 10_001; i += 1) failed.delayOf(`address ${i}`, 60_000)
    t.equal(failed.delayOf('a', 60_001), 0, 'memory is bounded')
    t.end()
  },
)
