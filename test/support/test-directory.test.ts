import { existsSync } from 'node:fs'
import t from 'tap'
import { testDirectory } from './test-directory.js'

t.test('a directory is removed after the teardowns of its test', async (t) => {
  let path = ''
  let existed = false
  await t.test('with a directory', async (t) => {
    path = testDirectory(t)
    t.ok(existsSync(path))
    t.teardown(() => (existed = existsSync(path)))
  })
  t.ok(existed)
  t.notOk(existsSync(path))
})
