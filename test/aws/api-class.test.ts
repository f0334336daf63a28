import t from 'tap'
import { apiClassOf } from '../../src/aws/api-class.js'

t.test('every operation falls in the class of AWS quota table', async (t) => {
  const classes = {
    read: [
      'DescribeTrails',
      'GetEventSelectors',
      'GetInsightSelectors',
      'GetTrail',
      'GetTrailStatus',
      'ListTags',
      'ListTrails',
    ],
    lookup: ['LookupEvents'],
    write: [
      'AddTags',
      'CreateTrail',
      'DeleteTrail',
      'PutEventSelectors',
      'PutInsightSelectors',
      'RemoveTags',
      'StartLogging',
      'StopLogging',
      'UpdateTrail',
    ],
  }
  for (const [apiClass, operations] of Object.entries(classes)) {
    for (const operation of operations) t.equal(apiClassOf(operation), apiClass, operation)
  }
})
