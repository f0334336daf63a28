import t from 'tap'
import { planOf } from '../../../src/commands/events/filters.js'

const bucket = { ResourceType: 'AWS::S3::Bucket', ResourceName: 'logs' }
const key = { ResourceType: 'AWS::KMS::Key', ResourceName: 'alias/logs' }

t.test('a filter finds an event by any of its resources', async (t) => {
  const plan = planOf(
    { key: 'EventName', value: 'PutObject' },
    { ResourceType: ['AWS::KMS::Key'], ResourceName: ['alias/logs', 'alias/other'] },
  )
  t.ok(plan.accepts({ Resources: [bucket, key] }, 0))
  t.notOk(plan.accepts({ Resources: [bucket] }, 0))
  t.notOk(plan.accepts({ Resources: [{ ResourceType: 'AWS::KMS::Key' }] }, 0), 'it has no name')
  t.notOk(plan.accepts({}, 0), 'it has no resources')
})

t.test('an event that two of the values find is returned once', async (t) => {
  const plan = planOf(undefined, { ResourceName: ['logs', 'alias/logs'] })
  const event = { Resources: [bucket, key] }
  t.same(plan.values, ['logs', 'alias/logs'])
  t.ok(plan.accepts(event, 0))
  t.notOk(plan.accepts(event, 1), 'the first value has found it')
  t.ok(plan.accepts({ Resources: [key] }, 1))
})
