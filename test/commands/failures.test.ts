import t from 'tap'
import { json, startEndpoint } from '../support/endpoint.js'
import { startSandboxService, startServiceAt } from '../support/service.js'

t.test('Test Connection fails with what AWS says, and what it means', async (t) => {
  const endpoint = await startEndpoint(t, (_arrival, response) =>
    json(response, { __type: 'UnrecognizedClientException', message: 'invalid' }, 400),
  )
  const service = await startServiceAt(t, endpoint.url)
  const { status, body } = await service.run('test-connection')
  t.equal(status, 400)
  t.match(body.errors, [{ code: 'UnrecognizedClientException', hint: /access key is unknown/ }])
})

t.test(
  'Put Event Selectors on every trail fails when they cannot be listed, or are too many',
  async (t) => {
    const trails = Array.from({ length: 101 }, (_, index) => ({
      Name: `trail-${index}`,
      TrailARN: `arn:aws:cloudtrail:us-east-1:111122223333:trail/trail-${index}`,
      HomeRegion: 'us-east-1',
    }))
    let denied = true
    const endpoint = await startEndpoint(t, (_arrival, response) => {
      if (denied) json(response, { __type: 'AccessDeniedException', Message: 'no' }, 400)
      else json(response, { Trails: trails })
    })
    const service = await startServiceAt(t, endpoint.url)
    const refused = await service.run('put-event-selectors', { readWriteType: 'All' })
    t.match(refused.body.errors, [{ code: 'AccessDeniedException' }])
    denied = false
    const tooMany = await service.run('put-event-selectors', { readWriteType: 'All' })
    t.equal(tooMany.status, 400)
    t.match(tooMany.body.errors, [{ code: 'TooManyTrails', message: /101 trails/ }])
  },
)

t.test('logs a write that fails after the response of its command was sent', async (t) => {
  const endpoint = await startEndpoint(t, (_arrival, response) => {
    setTimeout(() => json(response, { __type: 'ConflictException', Message: 'busy' }, 400), 600)
  })
  const service = await startServiceAt(t, endpoint.url)
  const { status } = await service.run(
    'stop-logging',
    { trailNames: ['audit'] },
    { 'x-deadline-ms': '200' },
  )
  t.equal(status, 504)
  await service.close()
  t.match(
    service.log.filter(({ operation }) => operation === 'StopLogging'),
    [{ msg: /failed after its command had returned/ }],
  )
})

t.test('returns 400 and Retry-After while AWS works on an earlier write', async (t) => {
  const endpoint = await startEndpoint(t, (_arrival, response) => {
    json(response, { __type: 'ConflictException', Message: 'busy' }, 400)
  })
  const service = await startServiceAt(t, endpoint.url)
  const { status, headers, body } = await service.run('stop-logging', { trailNames: ['audit'] })
  t.equal(status, 400)
  t.equal(headers.get('retry-after'), '120')
  t.match(body.errors, [{ code: 'ConflictException', retryable: true, hint: /Wait/ }])
})

t.test('returns the longest Retry-After of several errors, whatever the status', async (t) => {
  const endpoint = await startEndpoint(t, ({ input }, response) => {
    const isBusy = input.Name === 'busy'
    if (isBusy) json(response, { __type: 'ConflictException', Message: 'busy' }, 400)
    else json(response, { __type: 'InternalFailure' }, 500)
  })
  const service = await startServiceAt(t, endpoint.url)
  const { status, headers } = await service.run('stop-logging', { trailNames: ['busy', 'broken'] })
  t.equal(status, 502)
  t.equal(headers.get('retry-after'), '120')
})

t.test('says which preference a failed command keeps to', async (t) => {
  const service = await startSandboxService(t)
  const { status, headers } = await service.run(
    'get-trails',
    { trailNames: ['no-such-trail'] },
    { prefer: 'wait=10' },
  )
  t.equal(status, 400)
  t.equal(headers.get('preference-applied'), 'wait=10')
})
