import t from 'tap'
import { CATALOG } from '../../src/commands/catalog.js'
import { makeApiKey } from '../../src/auth/api-key.js'
import { keysFile } from '../support/keys.js'
import { startSandboxService } from '../support/service.js'

t.test("lets in keys of the command's scope and refuses all others with 403", async (t) => {
  const { file, bearer } = keysFile(t)
  const service = await startSandboxService(t, { AUTH: 'api-key', API_KEYS_FILE: file })
  for (const { name, scope, examples } of CATALOG) {
    const [body] = Object.values(examples)
    const ask = async (headers: Record<string, string>) => {
      const { status, body: answer } = await service.run(name, body, headers)
      t.equal(answer.command, name)
      return [status, answer.errors[0]?.code]
    }
    t.same(await ask(bearer('bound')), [403, 'ConnectionNotAllowed'], `${name}: bound`)
    if (scope === 'write') {
      t.same(await ask(bearer('read')), [403, 'ScopeNotAllowed'], `${name}: read`)
    }
    for (const key of [scope, 'write', 'admin'] as const) {
      const [status] = await ask(bearer(key))
      t.notOk([401, 403].includes(Number(status)), `${name}: ${key} is let in (${status})`)
    }
  }
})

t.test(
  'returns 401 for a key of another form and for an unknown key, and logs no key',
  async (t) => {
    const { file, made } = keysFile(t)
    const service = await startSandboxService(t, { AUTH: 'api-key', API_KEYS_FILE: file })
    const guesses = [
      made.read.key,
      `Basic ${made.read.key}`,
      'Bearer',
      `Bearer ${made.read.key}x`,
      `Bearer ${made.read.entry.sha256}`,
      `Bearer ${'x'.repeat(5000)}`,
    ]
    for (const authorization of guesses) {
      const { status, headers, body } = await service.run('list-trails', {}, { authorization })
      t.equal(status, 401, authorization.slice(0, 20))
      t.equal(headers.get('www-authenticate'), 'Bearer')
      t.equal(body.returnData, 'Failed')
    }
    const metrics = await (await service.fetch('/metrics')).text()
    t.match(metrics, 'cloudtrail_auth_failures_total{code="UnknownApiKey"} 2')
    t.match(metrics, 'cloudtrail_auth_failures_total{code="NoApiKey"} 4')
    t.notMatch(JSON.stringify(service.log), made.read.key, 'no key is logged')
  },
)

t.test('returns 401 for every command without a key and with an unknown key', async (t) => {
  const { file } = keysFile(t)
  const service = await startSandboxService(t, { AUTH: 'api-key', API_KEYS_FILE: file })
  const wrong = { authorization: `Bearer ${makeApiKey('other', 'admin').key}` }
  const ask = async (name: string, headers: Record<string, string>, code: string) => {
    const { status, body } = await service.run(name, {}, headers)
    t.same([body.command, status, body.errors[0]?.code], [name, 401, code])
  }
  await Promise.all(
    CATALOG.flatMap(({ name }) => [ask(name, {}, 'NoApiKey'), ask(name, wrong, 'UnknownApiKey')]),
  )
})

t.test('asks for the scope of each route that is not a command', async (t) => {
  const { file, bearer } = keysFile(t)
  const env = { AUTH: 'api-key', API_KEYS_FILE: file, METRICS_AUTH: 'true' }
  const service = await startSandboxService(t, env)
  const status = async (path: string, headers = {}, method = 'GET') =>
    (await service.fetch(path, { headers, method })).status
  t.equal(await status('/livez'), 200)
  t.equal(await status('/readyz'), 200)
  t.equal(await status('/quotas'), 401)
  t.equal(await status('/quotas', bearer('read')), 200)
  t.equal(await status('/quotas', bearer('admin')), 200)
  t.equal(await status('/metrics'), 401)
  t.equal(await status('/metrics', bearer('write')), 403)
  t.equal(await status('/metrics', bearer('admin')), 200)
  t.equal(await status('/jobs/x'), 401)
  t.equal(await status('/commands/unknown', {}, 'POST'), 401, 'a stranger learns no names')
  t.equal(await status('/commands/list-trails'), 401)
  t.equal(await status('/commands/list-trails', bearer('read')), 405)
})

t.test('lets a key use the connections that it lists, by name only', async (t) => {
  const keys = keysFile(t)
  const { bearer, file } = keys
  const home = makeApiKey('home', 'read', ['default'])
  keys.write(JSON.stringify([...keys.entries, home.entry]))
  const service = await startSandboxService(t, { AUTH: 'api-key', API_KEYS_FILE: file })
  const { url: serverUrl, accessKey, accessSecret } = service.sandbox
  const inline = { serverUrl, accessKey, accessSecret }
  const ask = async (connection: unknown, headers: Record<string, string>) =>
    (await service.run('list-trails', { connection }, headers)).status
  const homeKey = { authorization: `Bearer ${home.key}` }
  t.equal(await ask(undefined, homeKey), 200)
  t.equal(await ask('default', homeKey), 200)
  t.equal(await ask(inline, homeKey), 403)
  t.equal(await ask('unknown', homeKey), 403, 'nor learns what others there are')
  t.equal(await ask(inline, bearer('read')), 200)
  t.equal(await ask('unknown', bearer('read')), 400)
})

t.test('lists the names of connections only to keys that may use them', async (t) => {
  const keys = keysFile(t)
  const inlineOnly = makeApiKey('inline-only', 'read', ['inline'])
  keys.write(JSON.stringify([...keys.entries, inlineOnly.entry]))
  const service = await startSandboxService(t, { AUTH: 'api-key', API_KEYS_FILE: keys.file })
  const message = async (headers: Record<string, string>) => {
    // the word is a name here, and no connection has it
    const { status, body } = await service.run('list-trails', { connection: 'inline' }, headers)
    t.equal(status, 400)
    return body.errors[0]?.message
  }
  t.equal(
    await message({ authorization: `Bearer ${inlineOnly.key}` }),
    'connection must be configured: no connection named inline is configured',
  )
  t.match(await message(keys.bearer('read')), /\(there are: default\)$/)
})

t.test('shows a key without the scope admin the quotas of its own accounts only', async (t) => {
  const keys = keysFile(t)
  const home = makeApiKey('home', 'read', ['default'])
  const away = makeApiKey('away', 'admin', ['other'])
  keys.write(JSON.stringify([...keys.entries, home.entry, away.entry]))
  const service = await startSandboxService(t, { AUTH: 'api-key', API_KEYS_FILE: keys.file })
  const { url: serverUrl, accessKey, accessSecret } = service.sandbox
  const roleArn = 'arn:aws:iam::444455556666:role/soar'
  const inline = { connection: { serverUrl, accessKey, accessSecret, roleArn } }
  const own = await service.run('list-trails', {}, keys.bearer('read'))
  t.equal((await service.run('list-trails', inline, keys.bearer('read'))).status, 200)
  const seenBy = async (headers: Record<string, string>) => {
    const answer = await service.fetch('/quotas', { headers })
    const { quotas } = (await answer.json()) as { quotas: { accountId: string }[] }
    return quotas.map(({ accountId }) => accountId).sort()
  }
  const { accountId = '' } = own.body.meta
  t.same(await seenBy(keys.bearer('admin')), [accountId, '444455556666'].sort())
  t.same(await seenBy({ authorization: `Bearer ${away.key}` }), [accountId, '444455556666'].sort())
  t.same(await seenBy(keys.bearer('read')), [accountId])
  t.same(await seenBy({ authorization: `Bearer ${home.key}` }), [accountId])
  t.same(await seenBy(keys.bearer('bound')), [], 'it may use none of the connections')
})

t.test('shows a job only to the key that started it', async (t) => {
  const { file, bearer } = keysFile(t)
  const service = await startSandboxService(t, { AUTH: 'api-key', API_KEYS_FILE: file })
  const started = await service.run(
    'list-trails',
    {},
    {
      prefer: 'respond-async',
      ...bearer('read'),
    },
  )
  const path = started.headers.get('location') ?? ''
  t.equal(started.status, 202)
  t.equal((await service.fetch(path, { headers: bearer('admin') })).status, 404)
  t.ok((await service.fetch(path, { headers: bearer('read') })).ok)
})

t.test('applies a changed keys file at once, and never a broken one', async (t) => {
  const keys = keysFile(t)
  const service = await startSandboxService(t, { AUTH: 'api-key', API_KEYS_FILE: keys.file })
  const late = makeApiKey('late', 'read')
  const asLate = { authorization: `Bearer ${late.key}` }
  const logged = async (message: RegExp) => {
    while (!service.log.some(({ msg }) => message.test(String(msg)))) {
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }
  keys.write('[{"name": "late", "sha256": "not a hash"')
  await logged(/the old one stays/)
  t.equal((await service.run('list-trails', {}, keys.bearer('read'))).status, 200)
  keys.write(JSON.stringify([late.entry]))
  await logged(/was read again/)
  t.equal((await service.run('list-trails', {}, asLate)).status, 200)
  t.equal((await service.run('list-trails', {}, keys.bearer('read'))).status, 401)
})
