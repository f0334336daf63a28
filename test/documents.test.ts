import { readFile } from 'node:fs/promises'
import t from 'tap'
import { makeDocuments } from '../scripts/documents.js'
import { CATALOG } from '../src/commands/catalog.js'

t.test(
  'what is written from the code is as the code says: npm run openapi writes it',
  async (t) => {
    const documents = await makeDocuments()
    for (const [path, text] of Object.entries(documents)) {
      t.equal(await readFile(path, 'utf8'), text, path)
    }
  },
)

t.test(
  'the catalogue has the 16 commands of the document, Add Tags and Test Connection',
  async (t) => {
    t.same(CATALOG.map(({ title }) => title).sort(), [
      'Add Tags',
      'Create Trails',
      'Delete Trails',
      'Describe Trails',
      'Get Event Selectors',
      'Get Insight Selectors',
      'Get Trail Status',
      'Get Trails',
      'List Tags',
      'List Trails',
      'Lookup Events',
      'Put Event Selectors',
      'Put Insight Selectors',
      'Remove Tags',
      'Start Logging',
      'Stop Logging',
      'Test Connection',
      'Update Trails',
    ])
  },
)

t.test(
  'the OpenAPI document has 18 typed operations, the envelope and the bearer scheme',
  async (t) => {
    const document = JSON.parse(await readFile('openapi/openapi.json', 'utf8')) as Record<
      string,
      any
    >
    t.equal(document.openapi, '3.1.0')
    t.ok(document.components.schemas.ErrorEnvelope)
    t.same(document.security, [{ BearerAuth: [] }])
    t.match(document.components.securitySchemes.BearerAuth, { type: 'http', scheme: 'bearer' })
    for (const { name } of CATALOG) {
      const operation = document.paths[`/commands/${name}`].post
      t.match(operation, {
        operationId: String,
        summary: String,
        tags: [String],
        responses: {
          200: { $ref: /^#\/components\/responses\// },
        },
      })
      const bodyName = operation.requestBody.$ref.split('/').at(-1)
      const { schema } = document.components.requestBodies[bodyName].content['application/json']
      t.equal(schema.additionalProperties, false, `${name} takes no unknown field`)
      for (const [field, property] of Object.entries<any>(schema.properties)) {
        t.ok(described(document, property), `${name}.${field} is described`)
      }
    }
  },
)

/** The description of a schema, or of the component that it refers to. */
function described(
  document: Record<string, any>,
  { $ref, description }: Record<string, any>,
): unknown {
  return description ?? document.components.schemas[$ref.split('/').at(-1)].description
}
