import { readFile } from 'node:fs/promises'
import t from 'tap'
import { CATALOG } from '../../src/commands/catalog.js'
import { deviations } from '../support/api-document.js'

const document = JSON.parse(await readFile('openapi/openapi.json', 'utf8'))
const { requestBodies, responses } = document.components

/** The example of a command's response, with its name. */
function responseExample(operationId: string): [string, any] {
  const name = operationId.charAt(0).toUpperCase() + operationId.slice(1)
  const { examples } = responses[`${name}Response`].content['application/json']
  const [[key, { value }]] = Object.entries<any>(examples) as [[string, any]]
  return [key, value]
}

/** The values that a path such as `$.Trails[*].Name` names. */
function resolvePath(path: string, value: any): any[] {
  return path
    .slice(2)
    .split('.')
    .reduce<any[]>((found, step) => {
      const members = found.map((one) => one?.[step.replace('[*]', '')])
      return (step.endsWith('[*]') ? members.flat() : members).filter((one) => one !== undefined)
    }, [value])
}

t.test('each command has an example of a request and of its response, which conforms', async (t) => {
  for (const { name } of CATALOG) {
    const { operationId } = document.paths[`/commands/${name}`].post
    const [key, value] = responseExample(operationId)
    t.match(value, { command: name, meta: { sandbox: true } })
    t.ok(value.contextData.length > 0, `${name} has rows`)
    const request = `${operationId.charAt(0).toUpperCase()}${operationId.slice(1)}Request`
    t.ok(requestBodies[request].content['application/json'].examples[key], `${name}: ${key}`)
    const response = {
      method: 'POST',
      route: `/commands/${name}`,
      status: value.returnData === 'Successful' ? 200 : 207,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(value),
    }
    t.same(deviations(response), [])
  }
})

t.test('the paths in descriptions lead to values in the rawData of the command that they name', async (t) => {
  const commands = new Map(CATALOG.map(({ title, name }) => [title, document.paths[`/commands/${name}`].post]))
  const descriptions = [...JSON.stringify(document).matchAll(/"description":"((?:[^"\\]|\\.)*)"/g)]
  let paths = 0
  for (const [, description = ''] of descriptions) {
    if (description.startsWith(document.info.description.slice(0, 20))) continue
    for (const [path] of description.matchAll(/\$\.[\w.*[\]]+\w/g)) {
      const title = /(\w+ \w+) returns (?:it|them|both)/.exec(description)?.[1] ?? 'Lookup Events'
      const [, example] = responseExample(commands.get(title).operationId)
      t.match(description, /`rawData`/, 'says what the path is relative to')
      t.ok(resolvePath(path, example.rawData).length > 0, `${title}: ${path}`)
      paths += 1
    }
  }
  t.ok(paths >= 5, `${paths} paths`)
})

t.test('the document says what writes and retries do, and takes keys for writes only', async (t) => {
  const parametersOf = (operation: any): string[] =>
    operation.parameters.map(({ $ref }: any) => $ref.split('/').at(-1))
  for (const { name, scope } of CATALOG) {
    const operation = document.paths[`/commands/${name}`].post
    t.match(operation.description, /\b[Rr]etry (is safe|fails)/, `${name} says whether a retry is safe`)
    t.equal(parametersOf(operation).includes('IdempotencyKey'), scope === 'write', name)
    t.match(operation.operationId, /^(add|create|delete|describe|get|list|lookup|put|remove|start|stop|test|update)[A-Z]/)
  }
  const preferences = new RegExp(document.components.parameters.Prefer.schema.pattern)
  for (const value of ['respond-async', 'wait=30', 'respond-async, wait=300']) {
    t.match(value, preferences)
  }
  for (const value of ['respond-sync', 'wait=', 'wait=3000']) t.notMatch(value, preferences)
  t.match(
    document.paths['/commands/put-event-selectors'].post.description,
    /Without `trailNames` it changes every trail whose home is the region/,
  )
  t.match(document.components.parameters.DeadlineMs.schema, { type: 'integer', minimum: 1, maximum: 3_600_000 })
})

t.test('the YAML documents have less than 150 KiB', async (t) => {
  for (const name of ['openapi.yaml', 'openapi-3.0.yaml']) {
    const { length } = await readFile(`openapi/${name}`)
    t.ok(length < 150 * 1024, `${name}: ${length} bytes`)
  }
})
