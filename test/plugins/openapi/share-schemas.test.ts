import t from 'tap'
import { shareSchemas } from '../../../src/plugins/openapi/share-schemas.js'

t.test('makes one component of equal schemas, whose uses keep their own descriptions', async (t) => {
  const schema = { title: 'Name', type: 'string' }
  const components = {}
  const shared = shareSchemas(
    [
      { ...schema, description: 'Of a trail.' },
      { ...schema, description: 'Of a bucket.' },
    ],
    components,
  )
  t.same(components, { Name: { type: 'string' } })
  t.same(shared, [
    { $ref: '#/components/schemas/Name', description: 'Of a trail.' },
    { $ref: '#/components/schemas/Name', description: 'Of a bucket.' },
  ])
})

t.test('refuses two different schemas of one title', async (t) => {
  const schemas = [
    { title: 'Name', type: 'string' },
    { title: 'Name', type: 'string', minLength: 3 },
  ]
  t.throws(() => shareSchemas(schemas, {}), { message: 'two schemas have the title Name' })
})
