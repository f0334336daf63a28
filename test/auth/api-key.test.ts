import t from 'tap'
import { makeApiKey, parseApiKeys } from '../../src/auth/api-key.js'

t.test('refuses a keys file that breaks a rule, and names every entry that does', (t) => {
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
