import t from 'tap'

import { testSandbox } from '../support/client.js'

/** Sends `count` calls at once and counts the accepted ones. */
async function burst(call: (operation: string) => Promise<any>, operation: string, count: number) {
  const results = await Promise.all(Array.from({ length: count }, () => call(operation)))
  const throttled = results.filter(({ json }) => json?.__type === 'ThrottlingException')
  return { through: count - throttled.length, throttled: throttled[0] }
}

t.test('a burst beyond the quota of its class is throttled as AWS does', async (t) => {
  const { call } = await testSandbox(t, { quotas: true })
  const started = performance.now()
  const { through, throttled } = await burst(call, 'ListTrails', 60)
  // while the burst lasts, the bucket fills again
  const refilled = ((performance.now() - started) / 1000) * 10
  t.ok(through >= 10 && through <= 11 + refilled, `${through} let through`)
  t.match(throttled, { status: 400, json: { message: 'Rate exceeded' } })
})

t.test('classes have separate quotas, the operations of one class share theirs', async (t) => {
  const { call } = await testSandbox(t, { quotas: true })
  await burst(call, 'ListTrails', 60)
  const { throttled } = await burst(call, 'DescribeTrails', 30)
  t.match(throttled, { status: 400 })
  t.equal((await call('LookupEvents')).status, 200)
  const { json } = await call('StopLogging', { Name: 'insights' })
  t.same(json, {}, 'the write went through')
})

t.test('a throttled call has no effect and is not in the history', async (t) => {
  const { call } = await testSandbox(t, { quotas: true })
  const calls = ['one', 'two', 'six'].map((Name) =>
    call('CreateTrail', { Name, S3BucketName: 'bucket' }),
  )
  const made = (await Promise.all(calls)).filter(({ status }) => status === 200).length
  t.ok(made < 3)
  const { json } = await call('ListTrails')
  t.equal(json.Trails.length, 4 + made)
  const LookupAttributes = [{ AttributeKey: 'EventName', AttributeValue: 'CreateTrail' }]
  t.equal((await call('LookupEvents', { LookupAttributes })).json.Events.length, made)
})

t.test('without quotas nothing is throttled', async (t) => {
  const { call } = await testSandbox(t)
  t.equal((await burst(call, 'ListTrails', 40)).through, 40)
})
