import t from 'tap'
import { json, startEndpoint } from '../support/endpoint.js'
import { startSandboxService, startServiceAt } from '../support/service.js'

const EU_AUDIT = 'arn:aws:cloudtrail:eu-west-1:111122223333:trail/eu-audit'

t.test('commands given the ARN of another region go to that region', async (t) => {
  const service = await startSandboxService(t)
  const started = await service.run('start-logging', { trailNames: [EU_AUDIT, 'data-events'] })
  t.equal(started.status, 200)
  t.match(started.body.contextData, [
    { input: EU_AUDIT, region: 'eu-west-1', result: 'Successful' },
    { input: 'data-events', region: 'us-east-1', result: 'Successful' },
  ])
  t.same(started.body.meta.regions, ['eu-west-1', 'us-east-1'])
  const status = await service.run('get-trail-status', { trailNames: [EU_AUDIT] })
  t.match(status.body.contextData, [{ region: 'eu-west-1', data: { isLogging: true } }])
  const removed = await service.run('remove-tags', { trailArn: EU_AUDIT, tagKeys: ['Owner'] })
  t.equal(removed.status, 200)
  t.match(removed.body.contextData, [{ region: 'eu-west-1' }])
})

t.test('tags are listed in the home region of each ARN, in one call per region', async (t) => {
  const service = await startSandboxService(t)
  const home = 'arn:aws:cloudtrail:us-east-1:111122223333:trail/'
  const trailArns = [`${home}management-events`, EU_AUDIT, `${home}data-events`]
  const { status, body } = await service.run('list-tags', { trailArns })
  t.equal(status, 200, body.error)
  t.equal(body.meta.apiCalls, 2)
  t.same(body.meta.regions, ['us-east-1', 'eu-west-1'])
  t.same(
    body.contextData.map(({ region, data }) => [region, data?.trailArn]),
    [
      ['us-east-1', trailArns[0]],
      ['us-east-1', trailArns[2]],
      ['eu-west-1', EU_AUDIT],
    ],
  )
  t.equal((body.rawData as { ResourceTagList: object[] }).ResourceTagList.length, 3)

  const gone = EU_AUDIT.replace('eu-audit', 'no-such-trail')
  const partly = await service.run('list-tags', { trailArns: [trailArns[0], gone] })
  t.equal(partly.status, 207, 'what fails in one region is its own')
  t.match(partly.body.errors, [{ region: 'eu-west-1' }])
  t.equal(partly.body.contextData.length, 1)
})

t.test('an ARN of another partition stays where the connection is', async (t) => {
  const endpoint = await startEndpoint(t, (_arrival, response) =>
    json(response, { __type: 'CloudTrailARNInvalidException', message: 'no' }, 400),
  )
  const service = await startServiceAt(t, endpoint.url)
  const { body } = await service.run('delete-trails', {
    trailNames: ['arn:aws-cn:cloudtrail:cn-north-1:111122223333:trail/audit'],
  })
  t.match(body.errors, [{ code: 'CloudTrailARNInvalidException', region: 'us-east-1' }])
  t.match(endpoint.arrivals[0]!.headers.authorization, /us-east-1/)
})

t.test(
  'names that are not found here get their home as a hint, from one List Trails',
  async (t) => {
    const listed = {
      Trails: [
        { Name: 'audit', TrailARN: EU_AUDIT.replace('eu-audit', 'audit'), HomeRegion: 'eu-west-1' },
        {
          Name: 'organization',
          TrailARN: 'arn:aws:cloudtrail:us-east-1:999988887777:trail/organization',
          HomeRegion: 'us-east-1',
        },
      ],
    }
    const endpoint = await startEndpoint(t, ({ operation }, response) =>
      operation === 'ListTrails'
        ? json(response, listed)
        : json(response, { __type: 'TrailNotFoundException', message: 'Unknown trail: x' }, 400),
    )
    const service = await startServiceAt(t, endpoint.url)
    const { body } = await service.run('get-trails', {
      trailNames: ['audit', 'organization', 'nobodys'],
    })
    t.match(body.errors, [
      { input: 'audit', hint: /home of audit is eu-west-1.*arn:aws:cloudtrail:eu-west-1:/ },
      { input: 'organization', hint: /organization trail of the account 999988887777/ },
      { input: 'nobodys', hint: /List Trails/ },
    ])
    const lists = () =>
      endpoint.arrivals.filter(({ operation }) => operation === 'ListTrails').length
    t.equal(lists(), 1)
    const regions = ['us-east-1', 'us-west-2', 'ap-south-1']
    const over = await service.run('get-trail-status', { trailNames: ['audit', 'b2-b'], regions })
    t.equal(over.body.errors.length, 6)
    t.match(over.body.errors, [{ hint: /home of audit is eu-west-1/ }])
    t.equal(lists(), 2, 'nor one for each region')
  },
)

t.test('a List Trails that is denied leaves the error as it is', async (t) => {
  const endpoint = await startEndpoint(t, ({ operation }, response) =>
    operation === 'ListTrails'
      ? json(response, { __type: 'AccessDeniedException', message: 'no' }, 400)
      : json(response, { __type: 'TrailNotFoundException', message: 'Unknown trail: x' }, 400),
  )
  const service = await startServiceAt(t, endpoint.url)
  const { status, body } = await service.run('stop-logging', { trailNames: ['audit'] })
  t.equal(status, 400)
  t.match(body.errors, [{ code: 'TrailNotFoundException', hint: /home region/ }])
  t.equal(body.errors.length, 1)
})
