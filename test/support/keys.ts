import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Test } from 'tap'
import { makeApiKey, type KeyScope } from '../../src/auth/api-key.js'
import { testDirectory } from './test-directory.js'

/** API keys of every scope, and the keys file that accepts them. */
export function keysFile(t: Test) {
  const made = {
    read: makeApiKey('reader', 'read'),
    write: makeApiKey('writer', 'write'),
    admin: makeApiKey('admin', 'admin'),
    bound: makeApiKey('bound', 'write', ['other']),
  }
  const file = join(testDirectory(t), 'keys.json')
  const write = (text: string) => {
    writeFileSync(file, text)
  }
  const entries = Object.values(made).map(({ entry }) => entry)
  write(JSON.stringify(entries))
  const bearer = (name: KeyScope | 'bound') => ({ authorization: `Bearer ${made[name].key}` })
  return { file, write, entries, made, bearer }
}
