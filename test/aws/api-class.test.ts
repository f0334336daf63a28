import t from 'tap'
import { apiClassOf } from '../../src/aws/api-class.js'
import { OPERATIONS, isOperation } from '../../src/aws/operations.js'

t.test("puts each operation in the class of AWS's quota table", async (t) => {
  const of = (wanted: string) => OPERATIONS.filter((operation) => apiClassOf(operation) === wanted)
  t.same(of('read'), [
    'DescribeTrails',
    'GetEventSelectors',
    'GetInsightSelectors',
    'GetTrail',
    'GetTrailStatus',
    'ListTags',
    'ListTrails',
  ])
  t.same(of('lookup'), ['LookupEvents'])
  t.same(of('write'), [
    'AddTags',
    'CreateTrail',
    'DeleteTrail',
    'PutEventSelectors',
    'PutInsightSelectors',
    'RemoveTags',
    'StartLogging',
    'StopLogging',
    'UpdateTrail',
  ])
})

t.test('knows the names of its operations and no others', async (t) => {
  t.ok(isOperation('GetTrail'))
  for (const name of ['getTrail', 'ListChannels', 'toString', '']) t.notOk(isOperation(name), name)
})
