import { execFileSync } from 'node:child_process'
import t from 'tap'
import { needs } from '../support/needs.js'

needs('requests')

/** What body_of() makes of a form, or the error that it raises. */
function bodyOf(fields: object, values: object, connection?: string): any {
  const script = `
import json, sys
from cloudtrail_forms import body_of
call = json.load(sys.stdin)
try:
    print(json.dumps(body_of(**call)))
except ValueError as error:
    print(json.dumps(str(error)))
`
  const output = execFileSync('python3', ['-B', '-c', script], {
    input: JSON.stringify({ fields, values, connection }),
    env: { PATH: process.env.PATH ?? '', PYTHONPATH: 'connectors/python' },
  })
  return JSON.parse(output.toString())
}

/** Fields of every kind; only `prefix` can be cleared. */
const FIELDS = {
  names: ['list', false],
  tags: ['json', false],
  flag: ['boolean', false],
  limit: ['number', false],
  prefix: ['text', true],
  bucket: ['text', false],
  regions: ['list', false],
  connection: ['text', false],
}

t.test('a form becomes a body of the types that the service takes', async (t) => {
  t.strictSame(
    bodyOf(FIELDS, {
      names: ' audit, data-events ,',
      tags: '[{"key": "Owner"}]',
      flag: 'False',
      limit: '50.0',
      prefix: 'security',
    }),
    {
      names: ['audit', 'data-events'],
      tags: [{ key: 'Owner' }],
      flag: false,
      limit: 50,
      prefix: 'security',
    },
  )
  t.strictSame(bodyOf(FIELDS, { names: ['a'], flag: true, limit: 5, tags: { a: 1 } }), {
    ...{ names: ['a'], flag: true, limit: 5, tags: { a: 1 } },
  })
  t.strictSame(bodyOf(FIELDS, { names: '["a, b"]' }), { names: ['a, b'] }, 'a JSON list')
})

t.test('what is empty is left out, and null clears what can be cleared', async (t) => {
  t.strictSame(bodyOf(FIELDS, { names: '', flag: null, bucket: '' }), {})
  t.strictSame(bodyOf(FIELDS, { prefix: 'null', bucket: 'null' }), { prefix: null, bucket: 'null' })
})

t.test('the word all stands in place of a list of regions', async (t) => {
  t.strictSame(bodyOf(FIELDS, { regions: 'all' }), { regions: 'all' })
  t.strictSame(bodyOf(FIELDS, { regions: 'eu-west-1' }), { regions: ['eu-west-1'] })
})

t.test("a task's connection goes before that of the settings", async (t) => {
  t.strictSame(bodyOf(FIELDS, {}, 'prod'), { connection: 'prod' })
  t.strictSame(bodyOf(FIELDS, { connection: 'test' }, 'prod'), { connection: 'test' })
})

t.test('a value that cannot be read is an error that names the field', async (t) => {
  t.equal(bodyOf(FIELDS, { flag: 'maybe' }), 'flag must be true or false')
  t.equal(bodyOf(FIELDS, { limit: 'many' }), 'limit must be a number')
  t.equal(bodyOf(FIELDS, { tags: '{' }), 'tags must be JSON')
  t.equal(bodyOf(FIELDS, { names: '["a"' }), 'names must be JSON')
})
