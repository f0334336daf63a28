import { readFile } from 'node:fs/promises'
import t from 'tap'
import { CATALOG } from '../../src/commands/catalog.js'
import type { PostmanCollection, PostmanItem } from '../../src/tools/postman.js'
import { keysFile } from '../support/keys.js'
import { startSandboxService, type TestService } from '../support/service.js'

const text = await readFile('openapi/postman-collection.json', 'utf8')
const collection = JSON.parse(text) as PostmanCollection

/** The requests of a collection, folders opened. */
const requests = (items: PostmanItem[]): PostmanItem[] =>
  items.flatMap((one) => (one.item ? requests(one.item) : [one]))

/** Sends a request as Postman does: variables filled in, disabled headers left out, the collection's key. */
function send({ request }: PostmanItem, variables: Record<string, string>): Promise<Response> {
  const fill = (value: string) =>
    value.replace(/\{\{(\w+)\}\}/g, (_, name: string) => variables[name] ?? `no ${name}`)
  const { url, header, method, body } = request!
  const path = url.path.map((part) =>
    part.startsWith(':') ? url.variable.find(({ key }) => key === part.slice(1))!.value : part,
  )
  return fetch(fill([...url.host, ...path].join('/')), {
    method,
    headers: [
      ...header.filter(({ disabled }) => !disabled).map(({ key, value }) => [key, fill(value)]),
      ['authorization', fill('Bearer {{apiKey}}')],
    ] as [string, string][],
    body: body?.raw === undefined ? null : fill(body.raw),
  })
}

async function startJob(service: TestService, apiKey: string): Promise<string> {
  const { headers } = await service.run(
    'start-logging',
    { trailNames: ['management-events'] },
    { prefer: 'respond-async', authorization: `Bearer ${apiKey}` },
  )
  return headers.get('location')!.replace('/jobs/', '')
}

t.test('every request of the Postman collection works in the sandbox', async (t) => {
  const keys = keysFile(t)
  const apiKey = keys.made.admin.key
  for (const item of requests(collection.item)) {
    const service = await startSandboxService(t, { AUTH: 'api-key', API_KEYS_FILE: keys.file })
    const jobId = await startJob(service, apiKey)
    const response = await send(item, { baseUrl: service.url, apiKey, jobId })
    t.ok([200, 202, 207].includes(response.status), `${item.name}: ${await response.text()}`)
    await service.close()
    await service.sandbox.close()
  }
})

t.test('it has all commands in the folders of the OpenAPI document', async (t) => {
  t.same(
    collection.item.map(({ name }) => name),
    ['Read', 'Event history', 'Change', 'Service'],
  )
  const names = requests(collection.item).map(({ name }) => name)
  for (const { title } of CATALOG) t.ok(names.includes(title), title)
})

t.test('it brings no key, and each of its ids is another', async (t) => {
  t.same(collection.auth, { type: 'bearer', bearer: [{ key: 'token', value: '{{apiKey}}', type: 'string' }] })
  t.match(
    collection.variable.find(({ key }) => key === 'apiKey'),
    { value: '' },
  )
  const ids = [...text.matchAll(/"id": "(.*)"/g)].map(([, id]) => id)
  t.equal(new Set(ids).size, requests(collection.item).length + collection.item.length)
})
