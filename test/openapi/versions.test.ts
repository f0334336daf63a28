import SwaggerParser from '@apidevtools/swagger-parser'
import { readFile } from 'node:fs/promises'
import t from 'tap'
import { parse } from 'yaml'
import { schema30 } from '../../src/plugins/openapi/schema-3.0.js'
import { CATALOG } from '../../src/commands/catalog.js'
import { startSandboxService } from '../support/service.js'

const older = parse(await readFile('openapi/openapi-3.0.yaml', 'utf8'))
const oldest = JSON.parse(await readFile('openapi/openapi-2.0.json', 'utf8'))

/** Every object of a document, examples left out. */
function* objectsOf(value: unknown, path = ''): Generator<[string, Record<string, any>]> {
  if (typeof value !== 'object' || value === null) return
  if (!Array.isArray(value)) yield [path, value as Record<string, any>]
  for (const [name, member] of Object.entries(value)) {
    if (!['example', 'examples', 'default'].includes(name)) yield* objectsOf(member, `${path}/${name}`)
  }
}

t.test('the documents of version 3.0 and 2.0 are valid', async (t) => {
  await t.resolves(SwaggerParser.validate(structuredClone(older)))
  await t.resolves(SwaggerParser.validate(structuredClone(oldest)))
  await t.rejects(SwaggerParser.validate({ ...structuredClone(oldest), paths: { '/x': { post: {} } } }))
})

t.test('every schema has one type, and none is null', async (t) => {
  for (const document of [older, oldest]) {
    for (const [path, object] of objectsOf(document)) {
      if (path.endsWith('/properties')) continue
      if (Array.isArray(object.type) || object.type === 'null') t.fail(path)
      if ('const' in object || 'patternProperties' in object) t.fail(path)
    }
  }
  t.pass('no list of types, no null, no const')
})

t.test('every example of an enum is one of its words, so that AWS codes are no error', async (t) => {
  for (const document of [older, oldest]) {
    for (const [path, { enum: words, example }] of objectsOf(document)) {
      if (words !== undefined && example !== undefined) t.ok(words.includes(example), path)
    }
  }
  t.equal(oldest.definitions.ErrorEntry.properties.code.type, 'string')
})

t.test('version 2.0 has no alternatives, is under 1 MB, and takes a connection by name', async (t) => {
  for (const [path, object] of objectsOf(oldest)) {
    if (path.endsWith('/properties')) continue
    if ('anyOf' in object || 'oneOf' in object || 'nullable' in object) t.fail(path)
  }
  t.ok(JSON.stringify(oldest).length < 1_000_000)
  t.strictSame(Object.keys(oldest.securityDefinitions), ['BearerAuth'])
  const bodies = CATALOG.map(({ name }) =>
    oldest.paths[`/commands/${name}`].post.parameters.find((one: any) => one.in === 'body'),
  )
  const parser = await SwaggerParser.dereference(structuredClone(oldest))
  t.equal(bodies.length, CATALOG.length)
  for (const { name } of CATALOG) {
    const { 200: success, 207: partial } = oldest.paths[`/commands/${name}`].post.responses
    t.ok(success.schema.$ref, `${name} has the response of success where importers look for it`)
    t.same(success.schema, partial.schema)
    const { parameters } = (parser as any).paths[`/commands/${name}`].post
    const { schema } = parameters.find((one: any) => one.in === 'body')
    t.equal(schema.properties.connection.type, 'string', name)
    for (const [field, property] of Object.entries<any>(schema.properties)) {
      t.ok(property['x-ms-summary'], `${name}.${field} has a label`)
    }
  }
})

t.test('a keyword without a counterpart stops the writer', async (t) => {
  t.throws(() => schema30({ type: 'string', contentEncoding: 'base64' }), /contentEncoding/)
  t.same(schema30({ type: ['string', 'null'], examples: ['a'] }), {
    type: 'string',
    nullable: true,
    example: 'a',
  })
  t.same(schema30({ type: ['array', 'string'], items: { type: 'string' }, pattern: '^all$' }), {
    anyOf: [
      { type: 'array', items: { type: 'string' } },
      { type: 'string', pattern: '^all$' },
    ],
  })
})

t.test("each document's own examples are valid requests to the sandbox", async (t) => {
  const service = await startSandboxService(t)
  for (const { name } of CATALOG) {
    const { $ref } = older.paths[`/commands/${name}`].post.requestBody
    const { content } = older.components.requestBodies[$ref.split('/').at(-1)]
    const examples = Object.values<any>(content['application/json'].examples)
    const [{ value }] = examples
    const body = oldest.paths[`/commands/${name}`].post.parameters.find((one: any) => one.in === 'body')
    t.same(body.schema.example, value, `${name}: both documents have the example`)
    for (const example of examples) {
      const { status, body } = await service.run(name, { ...example.value })
      t.ok(
        status === 200 || status === 207 || body.errors.every(({ source }) => source === 'aws'),
        `${name}: ${body.error}`,
      )
    }
  }
})
