import t from 'tap'
import type { AdvancedSelector } from '../../../src/commands/selectors/advanced-event-selectors.js'
import { advancedErrors } from '../../../src/commands/selectors/advanced-selector-rules.js'

type Conditions = AdvancedSelector['fieldSelectors']

const messages = (...conditions: Conditions) =>
  advancedErrors([{ fieldSelectors: conditions }]).map(
    ({ field, message }) => `${field} ${message}`,
  )

const AT = 'advancedEventSelectors[0].fieldSelectors'
const category = (value: string) => ({ field: 'eventCategory', equals: [value] })
const type = { field: 'resources.type', equals: ['AWS::S3::Object'] }
const source = { field: 'eventSource', equals: ['cloudtrail.amazonaws.com'] }

t.test('takes the selectors that AWS takes', async (t) => {
  for (const conditions of [
    [category('Management')],
    [category('Management'), { field: 'readOnly', equals: ['false'] }],
    [category('Management'), { field: 'eventSource', notEquals: ['rdsdata.amazonaws.com'] }],
    [category('Data'), type],
    [category('Data'), { field: 'resources.type', equals: ['AWS::SomethingNew::Thing'] }],
    [
      category('Data'),
      type,
      { field: 'eventName', startsWith: ['Put', 'Delete'], notEndsWith: ['Acl'] },
      { field: 'resources.ARN', startsWith: ['arn:aws:s3:::a'] },
      { field: 'userIdentity.arn', notEquals: ['arn:aws:iam::111122223333:role/backup'] },
      { field: 'sessionCredentialFromConsole', equals: ['true'] },
      { field: 'eventType', equals: ['AwsApiCall'] },
    ],
    [
      category('Data'),
      { field: 'resources.type', equals: ['AWS::Lambda::Function'] },
      { field: 'resources.ARN', equals: ['arn:aws:lambda:us-east-1:111122223333:function:pay'] },
    ],
    [category('NetworkActivity'), source],
    [
      category('NetworkActivity'),
      source,
      { field: 'errorCode', equals: ['VpceAccessDenied'] },
      { field: 'vpcEndpointId', equals: ['vpce-1'] },
      { field: 'eventName', equals: ['StopLogging'] },
    ],
  ] as Conditions[]) {
    t.same(messages(...conditions), [], JSON.stringify(conditions))
  }
})

t.test('refuses what AWS refuses, with its field and its text', async (t) => {
  const cases: [Conditions, string, RegExp][] = [
    [[type], AT, /The following fields are required: \[eventCategory\]\.$/],
    [
      [{ field: 'eventCategory', startsWith: ['Data'] }, type],
      `${AT}[0]`,
      /Only the following operators are valid with the eventCategory field: \[Equals\]\.$/,
    ],
    [[category('Insight')], `${AT}[0]`, /The eventCategory field value is not valid\.$/],
    [
      [{ field: 'eventCategory', equals: ['Data', 'Management'] }, type],
      `${AT}[0]`,
      /The eventCategory field value is not valid\.$/,
    ],
    [
      [category('Management'), { field: 'eventName', equals: ['StopLogging'] }],
      `${AT}[1]`,
      /The following field is not allowed when the eventCategory field value equals Management: eventName\.$/,
    ],
    [
      [category('Data'), type, { field: 'vpcEndpointId', equals: ['vpce-1'] }],
      `${AT}[2]`,
      /not allowed when the eventCategory field value equals Data: vpcEndpointId\.$/,
    ],
    [
      [category('Data')],
      AT,
      /The following selectors are required when the eventCategory field value equals Data: \[resources\.type\]\.$/,
    ],
    [[category('NetworkActivity')], AT, /equals NetworkActivity: \[eventSource\]\.$/],
    [
      [category('Data'), type, type],
      AT,
      /A duplicate event selector was found for at least one field\. Only one selector is allowed per field\.$/,
    ],
    [
      [category('Data'), { field: 'resources.type', equals: ['Bucket'] }],
      `${AT}[1]`,
      /The resources\.type field value is not valid\.$/,
    ],
    [
      [
        category('Data'),
        { field: 'resources.type', equals: ['AWS::S3::Object', 'AWS::Lambda::Function'] },
      ],
      `${AT}[1]`,
      /The resources\.type field value is not valid\.$/,
    ],
    [
      [category('Management'), { field: 'readOnly', equals: ['maybe'] }],
      `${AT}[1]`,
      /The readOnly field value is not valid\.$/,
    ],
    [
      [category('Management'), { field: 'readOnly', notEquals: ['true'] }],
      `${AT}[1]`,
      /operators are valid with the readOnly field: \[Equals\]\.$/,
    ],
    [
      [category('Management'), { field: 'eventSource', equals: ['kms.amazonaws.com'] }],
      `${AT}[1]`,
      /operators are valid with the eventSource field: \[NotEquals\]\.$/,
    ],
    [
      [category('Management'), { field: 'eventSource', notEquals: ['s3.amazonaws.com'] }],
      `${AT}[1]`,
      /The eventSource field value is not valid\.$/,
    ],
    [
      [category('NetworkActivity'), { field: 'eventSource', equals: ['a', 'b'] }],
      `${AT}[1]`,
      /The eventSource field value is not valid\.$/,
    ],
    [
      [category('NetworkActivity'), source, { field: 'errorCode', equals: ['AccessDenied'] }],
      `${AT}[2]`,
      /The errorCode field value is not valid\.$/,
    ],
    [
      [category('Data'), type, { field: 'resources.ARN', equals: ['bucket/key', 'another'] }],
      `${AT}[2]`,
      /The specified ARN bucket\/key is not valid\. Verify that the ARN is properly formatted\.$/,
    ],
    [
      [
        category('Data'),
        { field: 'resources.type', equals: ['AWS::Lambda::Function'] },
        { field: 'resources.ARN', equals: ['arn:aws:lambda:us-east-1:111122223333:function:f:1'] },
      ],
      `${AT}[2]`,
      /function:f:1 is not valid/,
    ],
    [[category('Management'), { field: 'readOnly' }], `${AT}[1]`, /at least one of equals/],
  ]
  for (const [conditions, field, message] of cases) {
    const [error, ...others] = advancedErrors([{ fieldSelectors: conditions }])
    t.match(error, { field, message }, JSON.stringify(conditions))
    t.same(others, [])
  }
})
