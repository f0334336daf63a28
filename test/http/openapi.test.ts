import { Ajv2020 } from 'ajv/dist/2020.js'
import t from 'tap'
import { CATALOG } from '../../src/commands/catalog.js'
import { startSandboxService } from '../support/service.js'

t.test('every example of the OpenAPI document works in a fresh sandbox', async (t) => {
  const service = await startSandboxService(t)
  const document = (await (await service.fetch('/openapi.json')).json()) as Record<string, any>
  for (const { name, examples } of CATALOG) {
    const content = document.paths[`/commands/${name}`].post.requestBody.content
    t.same(
      Object.values<any>(
        content['application/json'].examples ?? {
          one: { value: content['application/json'].example },
        },
      ).map(({ value }) => value),
      Object.values(examples),
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

t.test('answers are as the OpenAPI document says', async (t) => {
  const service = await startSandboxService(t)
  const document = (await (await service.fetch('/openapi.json')).json()) as Record<string, any>
  const ajv = new Ajv2020({ strict: false, allErrors: true })
  ajv.addSchema({ $id: 'openapi', ...document })
  for (const { name, examples } of CATALOG) {
    for (const body of [...Object.values(examples), { surprise: true }]) {
      const answer = await service.run(name, body)
      const path = `/paths/~1commands~1${name}/post/responses/${answer.status}/content/application~1json/schema`
      const validate = ajv.compile({ $ref: `openapi#${path}` })
      t.ok(validate(answer.body), `${name} ${answer.status} ${ajv.errorsText(validate.errors)}`)
    }
  }
})

t.test('the service describes itself: catalogue, liveness, readiness, Swagger UI', async (t) => {
  const service = await startSandboxService(t)
  const catalogue = (await (await service.fetch('/commands')).json()) as { commands: any[] }
  t.equal(catalogue.commands.length, 17)
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
