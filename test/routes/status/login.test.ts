import t from 'tap'
import { startSandboxService } from '../../support/service.js'
import { keysFile } from '../../support/keys.js'

t.test('takes an admin key as the password of the status page', async (t) => {
  const { file, made, bearer } = keysFile(t)
  const service = await startSandboxService(t, { AUTH: 'api-key', API_KEYS_FILE: file })
  const basic = (key: string, user = 'me') => ({
    authorization: `Basic ${Buffer.from(`${user}:${key}`).toString('base64')}`,
  })
  const without = await service.fetch('/')
  t.equal(without.status, 401)
  t.match(without.headers.get('www-authenticate'), /^Basic realm=/)
  for (const [what, headers, status] of [
    ['an admin key as password', basic(made.admin.key), 200],
    ['an admin key as bearer', bearer('admin'), 200],
    ['a key that only reads', basic(made.read.key), 403],
    ['a wrong password', basic('nonsense'), 401],
    ['no password', { authorization: 'Basic bWU=' }, 401],
    ['no base64', { authorization: 'Basic ~~~' }, 401],
  ] as const) {
    t.equal((await service.fetch('/', { headers })).status, status, what)
  }
  const change = await service.run('list-trails', {}, basic(made.admin.key))
  t.equal(change.status, 401, 'a browser that has logged in to the page has to no command')
  t.match(change.headers.get('www-authenticate'), 'Bearer')
})
