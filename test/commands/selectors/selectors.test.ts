import t from 'tap'
import { startSandboxService } from '../../support/service.js'

const ARN = 'arn:aws:cloudtrail:us-east-1:111122223333:trail/'

t.test('returns basic and advanced selectors', async (t) => {
  const service = await startSandboxService(t)
  const { status, body } = await service.run('get-event-selectors', {
    trailNames: ['management-events', 'no-such-trail'],
  })
  t.equal(status, 207)
  t.match(body, {
    contextData: [
      {
        data: {
          name: 'management-events',
          trailArn: `${ARN}management-events`,
          eventSelectors: [{ readWriteType: 'All', includeManagementEvents: true }],
        },
      },
      { result: 'Failed' },
    ],
    rawData: [{ TrailARN: `${ARN}management-events`, EventSelectors: [{ ReadWriteType: 'All' }] }],
    errors: [{ code: 'TrailNotFoundException' }],
  })
  const advanced = await service.run('get-event-selectors', {
    trailNames: ['eu-audit'],
    connection: {
      serverUrl: service.sandbox.url,
      accessKey: service.sandbox.accessKey,
      accessSecret: service.sandbox.accessSecret,
      region: 'eu-west-1',
    },
  })
  t.match(advanced.body.contextData, [{ data: { advancedEventSelectors: [{}] } }])
})

t.test('Put Event Selectors sends D3 fields as AWS wants them', async (t) => {
  const service = await startSandboxService(t)
  const { status, body } = await service.run('put-event-selectors', {
    trailNames: ['management-events', 'no-such-trail'],
    readWriteType: 'Write Only',
    includeManagementEvents: true,
    dataEventsS3: ['arn:aws:s3:::acme-secrets/', 'arn:aws:s3:::acme-secrets/prefix'],
    dataEventsLambda: ['arn:aws:lambda'],
    dataEventsDynamoDb: ['arn:aws:dynamodb:us-east-1:111122223333:table/orders'],
    excludeManagementEventSources: ['kms.amazonaws.com'],
  })
  t.equal(status, 207)
  t.match(body.rawData, [
    {
      TrailARN: `${ARN}management-events`,
      EventSelectors: [
        {
          ReadWriteType: 'WriteOnly',
          IncludeManagementEvents: true,
          DataResources: [
            {
              Type: 'AWS::S3::Object',
              Values: ['arn:aws:s3:::acme-secrets/', 'arn:aws:s3:::acme-secrets/prefix'],
            },
            { Type: 'AWS::Lambda::Function', Values: ['arn:aws:lambda'] },
            {
              Type: 'AWS::DynamoDB::Table',
              Values: ['arn:aws:dynamodb:us-east-1:111122223333:table/orders'],
            },
          ],
          ExcludeManagementEventSources: ['kms.amazonaws.com'],
        },
      ],
    },
  ])
  t.match(body.errors, [{ code: 'TrailNotFoundException', input: 'no-such-trail' }])
})

t.test(
  'Put Event Selectors without names changes every trail at home here, no shadow',
  async (t) => {
    const service = await startSandboxService(t, { CLOUDTRAIL_REGION: 'eu-west-1' })
    const { status, body } = await service.run('put-event-selectors', {
      replaceExisting: true,
      advancedEventSelectors: [
        {
          name: 'Management events',
          fieldSelectors: [{ field: 'eventCategory', equals: ['Management'] }],
        },
      ],
    })
    t.equal(status, 200)
    t.same(body.keyFields.TrailNames, ['eu-audit'])
    t.match(body.contextData, [
      {
        data: {
          advancedEventSelectors: [
            { fieldSelectors: [{ field: 'eventCategory', equals: ['Management'] }] },
          ],
        },
      },
    ])
  },
)

t.test(
  'each rule of Put Event Selectors holds just inside, and refuses just outside',
  async (t) => {
    const service = await startSandboxService(t)
    const arns = (count: number, kind: 's3' | 'lambda') =>
      Array.from({ length: count }, (_, index) =>
        kind === 's3'
          ? `arn:aws:s3:::bucket-${index}/`
          : `arn:aws:lambda:us-east-1:111122223333:function:f${index}`,
      )
    const category = { field: 'eventCategory', equals: ['Data'] }
    const values = (count: number) =>
      Array.from({ length: count }, (_, index) => `arn:aws:s3:::bucket-${index}/key`)
    const type = { field: 'resources.type', equals: ['AWS::S3::Object'] }
    const inside: object[] = [
      {},
      { readWriteType: 'Read And Write' },
      { readWriteType: 'ReadOnly' },
      { dataEventsS3: ['arn:aws:s3'] },
      { dataEventsS3: ['arn:aws:s3:::'] },
      { dataEventsS3: arns(249, 's3'), dataEventsLambda: arns(1, 'lambda') },
      { dataEventsS3: arns(250, 's3'), dataEventsLambda: ['arn:aws:lambda'] },
      { includeManagementEvents: false, dataEventsS3: ['arn:aws:s3'] },
      { dataEventsDynamoDb: ['arn:aws:dynamodb'] },
      { eventSelectors: Array.from({ length: 5 }, () => ({ readWriteType: 'WriteOnly' })) },
      {
        eventSelectors: [
          {},
          {
            includeManagementEvents: false,
            dataResources: [{ type: 'AWS::S3::Object', values: arns(250, 's3') }],
          },
        ],
      },
      {
        advancedEventSelectors: [
          { fieldSelectors: [category, type, { field: 'resources.ARN', equals: values(498) }] },
        ],
      },
    ]
    for (const body of inside) {
      const { status, body: answer } = await service.run('put-event-selectors', {
        trailNames: ['data-events'],
        ...body,
        replaceExisting: true,
      })
      t.equal(status, 200, `${JSON.stringify(body).slice(0, 80)} ${answer.error}`)
    }
    const outside: [object, string, RegExp][] = [
      [{ readWriteType: 'Both' }, 'readWriteType', /one of All, ReadOnly, WriteOnly/],
      [{ readWriteType: 'all' }, 'readWriteType', /one of/],
      [{ dataEventsS3: ['arn:aws:s3:::bucket'] }, 'dataEventsS3[0]', /with the slash/],
      [{ dataEventsS3: ['arn:aws:s3:::*'] }, 'dataEventsS3[0]', /No wildcards/],
      [{ dataEventsS3: ['bucket/'] }, 'dataEventsS3[0]', /rule/],
      [{ dataEventsLambda: ['arn:aws:lambda:*'] }, 'dataEventsLambda[0]', /No wildcards/],
      [{ dataEventsS3: arns(251, 's3') }, 'dataEventsS3', /more than 250 items; it has 251/],
      [
        { dataEventsLambda: ['arn:aws:lambda:us-east-1:111122223333:function:payments:live'] },
        'dataEventsLambda[0]',
        /without version or alias/,
      ],
      [{ dataEventsDynamoDb: ['orders'] }, 'dataEventsDynamoDb[0]', /All tables/],
      [{ eventSelectors: [] }, 'eventSelectors', /fewer than 1/],
      [{ eventSelectors: Array.from({ length: 6 }, () => ({})) }, 'eventSelectors', /more than 5/],
      [
        { eventSelectors: [{ includeManagementEvents: false }] },
        'eventSelectors[0].includeManagementEvents',
        /logs nothing/,
      ],
      [
        {
          eventSelectors: [
            { dataResources: [{ type: 'AWS::S3::Object', values: ['arn:aws:s3:::bucket'] }] },
          ],
        },
        'eventSelectors[0].dataResources[0].values[0]',
        /with the slash/,
      ],
      [
        {
          eventSelectors: [
            { dataResources: [{ type: 'AWS::S3::Object', values: arns(250, 's3') }] },
            { dataResources: [{ type: 'AWS::Lambda::Function', values: arns(1, 'lambda') }] },
          ],
        },
        'eventSelectors',
        /hold 251/,
      ],
      [{ readWriteType: 'All', eventSelectors: [{}] }, 'readWriteType', /beside eventSelectors/],
      [
        { eventSelectors: [{}], advancedEventSelectors: [{ fieldSelectors: [category, type] }] },
        'eventSelectors',
        /either EventSelectors or AdvancedEventSelectors, but not both/,
      ],
      [
        { dataEventsS3: arns(250, 's3'), dataEventsLambda: arns(1, 'lambda') },
        'dataEventsS3',
        /at most 250 data resources .*; they hold 251/,
      ],
      [{ dataEventsS3: [] }, 'dataEventsS3', /fewer than 1/],
      [{ includeManagementEvents: false }, 'includeManagementEvents', /logs nothing/],
      [
        {
          includeManagementEvents: false,
          dataEventsS3: ['arn:aws:s3'],
          excludeManagementEventSources: ['kms.amazonaws.com'],
        },
        'excludeManagementEventSources',
        /includeManagementEvents is false/,
      ],
      [
        { excludeManagementEventSources: ['s3.amazonaws.com'] },
        'excludeManagementEventSources[0]',
        /one of kms/,
      ],
      [
        { readWriteType: 'All', advancedEventSelectors: [{ fieldSelectors: [category, type] }] },
        'readWriteType',
        /beside advancedEventSelectors/,
      ],
      [
        { advancedEventSelectors: [{ fieldSelectors: [type] }] },
        'advancedEventSelectors[0].fieldSelectors',
        /eventCategory/,
      ],
      [
        { advancedEventSelectors: [{ fieldSelectors: [category, { field: 'readOnly' }, type] }] },
        'advancedEventSelectors[0].fieldSelectors[1]',
        /at least one of equals/,
      ],
      [
        {
          advancedEventSelectors: [
            { fieldSelectors: [category, type, { field: 'resources.ARN', equals: values(499) }] },
          ],
        },
        'advancedEventSelectors',
        /The maximum allowed number of filters is 500/,
      ],
      [{ advancedEventSelectors: [] }, 'advancedEventSelectors', /fewer than 1/],
    ]
    for (const [body, field, message] of outside) {
      const { status, body: answer } = await service.run('put-event-selectors', {
        trailNames: ['data-events'],
        ...body,
      })
      t.equal(status, 400)
      t.match(answer.errors[0], { field, message, source: 'service' })
      t.equal(answer.meta.apiCalls, 0)
    }
  },
)

t.test('turns Insights on and off; a trail without them is a row, not an error', async (t) => {
  const service = await startSandboxService(t)
  const read = await service.run('get-insight-selectors', {
    trailNames: ['insights', 'data-events', 'no-such-trail'],
  })
  t.equal(read.status, 207)
  t.match(read.body, {
    contextData: [
      { data: { insightSelectors: [{ insightType: 'ApiCallRateInsight' }] } },
      { result: 'Successful', data: { name: 'data-events', insightSelectors: [] } },
      { result: 'Failed' },
    ],
    rawData: [{ TrailARN: `${ARN}insights` }, { Name: 'data-events', InsightSelectors: [] }],
    errors: [{ code: 'TrailNotFoundException', input: 'no-such-trail' }],
  })
  const byDefault = await service.run('put-insight-selectors', {
    trailNames: ['management-events', 'no-such-trail'],
  })
  t.equal(byDefault.status, 207)
  t.match(byDefault.body.contextData, [
    { data: { insightSelectors: [{ insightType: 'ApiCallRateInsight' }] } },
    { result: 'Failed' },
  ])
  const off = await service.run('put-insight-selectors', {
    trailNames: ['insights'],
    insightTypes: [],
  })
  t.match(off, { status: 200, body: { contextData: [{ data: { insightSelectors: [] } }] } })
  const now = await service.run('get-insight-selectors', { trailNames: ['insights'] })
  t.match(now, { status: 200, body: { contextData: [{ data: { insightSelectors: [] } }] } })
  for (const insightTypes of [['Both'], ['ApiCallRateInsight', 'ApiCallRateInsight'], 'x']) {
    const bad = await service.run('put-insight-selectors', {
      trailNames: ['insights'],
      insightTypes,
    })
    t.match(bad, { status: 400, body: { errors: [{ field: /^insightTypes/ }] } })
  }
})
