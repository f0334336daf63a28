import t from 'tap'
import { CATALOG } from '../../src/commands/catalog.js'
import { requestExamples } from '../../src/routes/commands/request-examples.js'
import { startSandboxService } from '../support/service.js'

t.test('runs every example of the OpenAPI document, writes on a fresh sandbox', async (t) => {
  const service = await startSandboxService(t)
  const document = (await (await service.fetch('/openapi.json')).json()) as Record<string, any>
  for (const command of CATALOG) {
    const { $ref } = document.paths[`/commands/${command.name}`].post.requestBody
    const { content } = document.components.requestBodies[$ref.split('/').at(-1)]
    t.same(
      Object.values<any>(
        content['application/json'].examples ?? {
          one: { value: content['application/json'].example },
        },
      ).map(({ value }) => value),
      requestExamples(command).map(([, value]) => value),
      `${command.name} shows its examples`,
    )
  }
  for (const { name, scope, examples } of CATALOG) {
    for (const [what, example] of Object.entries(examples)) {
      const fresh = scope === 'read' ? service : await startSandboxService(t)
      const { status, body } = await fresh.run(name, example)
      const fails = what === 'a bucket that does not exist'
      t.ok(
        fails ? status === 400 : status === 200 || status === 207,
        `${name}: ${what}: ${body.error}`,
      )
      t.not(body.meta.apiCalls, 0)
    }
  }
})

t.test('returns headers for jobs, replays and refusals', async (t) => {
  const service = await startSandboxService(t)
  const body = { trailNames: ['management-events'] }
  const key = { 'idempotency-key': 'one' }
  const asked: [object, Record<string, string>, number][] = [
    [body, key, 200],
    [body, key, 200],
    [{ trailNames: ['another'] }, key, 422],
    [body, { prefer: 'respond-async', 'idempotency-key': 'two' }, 202],
    [{ trailNames: ['no-such-trail'] }, {}, 400],
    [body, { 'x-deadline-ms': 'soon' }, 400],
  ]
  const seen = new Set<string>()
  for (const [body, headers, status] of asked) {
    const answer = await service.run('stop-logging', body, headers)
    t.equal(answer.status, status)
    for (const header of answer.headers.keys()) seen.add(header)
  }
  for (const header of ['idempotency-replayed', 'location', 'ratelimit', 'retry-after']) {
    t.ok(seen.has(header), `${header} was among them`)
  }
})

t.test('serves the catalogue, liveness, readiness and Swagger UI', async (t) => {
  const service = await startSandboxService(t)
  const catalogue = (await (await service.fetch('/commands')).json()) as { commands: any[] }
  t.equal(catalogue.commands.length, 18)
  t.match(
    catalogue.commands.find(({ name }) => name === 'stop-logging'),
    {
      title: 'Stop Logging',
      quotaClass: 'write',
      scope: 'write',
      iamActions: ['cloudtrail:StopLogging'],
      schema: '/openapi.json#/paths/~1commands~1stop-logging/post',
    },
  )
  t.same(await (await service.fetch('/livez')).json(), { status: 'ok' })
  const ready = await service.fetch('/readyz')
  t.equal(ready.status, 200)
  t.match(await ready.json(), {
    status: 'ready',
    components: { connection: { ready: true, detail: /sandbox/ } },
  })
  const older = await (await service.fetch('/docs/openapi-3.0.json')).json()
  t.match(older, { openapi: '3.0.3', servers: [{ url: '/' }] }, 'Swagger UI resolves 3.0 faster')
  t.match(await (await service.fetch('/docs/docs.js')).text(), "url: '/docs/openapi-3.0.json'")
  const ui = await service.fetch('/docs/')
  t.equal(ui.status, 200)
  t.match(await ui.text(), /CloudTrail commands/)
})
