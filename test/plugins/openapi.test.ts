import t from 'tap'
import { CATALOG } from '../../src/commands/catalog.js'
import { requestExamples } from '../../src/routes/commands/request-examples.js'
import { responseValidator } from '../support/response-validator.js'
import { startSandboxService, type ServiceResponse } from '../support/service.js'

t.test('runs every example of the OpenAPI document on a fresh sandbox', async (t) => {
  const service = await startSandboxService(t)
  const document = (await (await service.fetch('/openapi.json')).json()) as Record<string, any>
  for (const command of CATALOG) {
    const { name } = command
    const content = document.paths[`/commands/${name}`].post.requestBody.content
    t.same(
      Object.values<any>(
        content['application/json'].examples ?? {
          one: { value: content['application/json'].example },
        },
      ).map(({ value }) => value),
      requestExamples(command).map(([, value]) => value),
      `${name} shows its examples`,
    )
  }
  for (const { name, examples } of CATALOG) {
    for (const [what, example] of Object.entries(examples)) {
      const fresh = await startSandboxService(t)
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

t.test('returns what the OpenAPI document declares', async (t) => {
  const service = await startSandboxService(t)
  const document = (await (await service.fetch('/openapi.json')).json()) as Record<string, any>
  const errorsOf = await responseValidator(service)
  for (const { name, examples } of CATALOG) {
    for (const body of [...Object.values(examples), { surprise: true }]) {
      const answer = await service.run(name, body)
      t.equal(errorsOf(name, answer.status, answer.body), '', `${name} ${answer.status}`)
      t.same(
        undeclared(document, name, answer),
        [],
        `${name} ${answer.status} declares its headers`,
      )
    }
  }
})

/** What says nothing of commands: headers of HTTP, and those that keep browsers out. */
const OF_EVERY_ANSWER =
  /^(connection|keep-alive|date|content-(type|length|security-policy)|cache-control|cross-origin-.*|referrer-policy|x-(content-type|frame)-options)$/

/** The headers of a command's answer that the OpenAPI document does not tell of. */
function undeclared(
  document: Record<string, any>,
  name: string,
  answer: ServiceResponse,
): string[] {
  const { responses } = document.paths[`/commands/${name}`].post
  const declared = Object.keys(responses[answer.status].headers ?? {})
  return [...answer.headers.keys()].filter(
    (header) => !declared.includes(header) && !OF_EVERY_ANSWER.test(header),
  )
}

t.test(
  'returns the headers that the OpenAPI document declares for jobs, replays and refusals',
  async (t) => {
    const service = await startSandboxService(t)
    const document = (await (await service.fetch('/openapi.json')).json()) as Record<string, any>
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
      t.same(undeclared(document, 'stop-logging', answer), [])
      for (const header of answer.headers.keys()) seen.add(header)
    }
    for (const header of ['idempotency-replayed', 'location', 'ratelimit', 'retry-after']) {
      t.ok(seen.has(header), `${header} was among them`)
    }
  },
)

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
  const ui = await service.fetch('/docs/')
  t.equal(ui.status, 200)
  t.match(await ui.text(), /CloudTrail commands/)
})
