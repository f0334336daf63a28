import { once } from 'node:events'
import { connect } from 'node:net'

import t from 'tap'

import { callRaw, send, testSandbox } from '../support/client.js'

/** Plans faults through the sandbox's own endpoint. */
async function plan(url: string, faults: unknown) {
  const response = await fetch(`${url}/sandbox/faults`, {
    method: 'POST',
    body: JSON.stringify(faults),
  })
  return { status: response.status, body: (await response.json()) as any }
}

t.test('the next calls of an operation fail as planned, then work again', async (t) => {
  const { sandbox, call, refuses } = await testSandbox(t)
  await plan(sandbox.url, { operation: 'ListTrails', kind: 'throttle', times: 2 })
  await refuses('ListTrails', {}, 'ThrottlingException', 'Rate exceeded')
  t.equal((await call('DescribeTrails')).status, 200, 'other operations are spared')
  await refuses('ListTrails', {}, 'ThrottlingException', 'Rate exceeded')
  t.equal((await call('ListTrails')).status, 200)
})

t.test('faults follow each other in the order of their plan, * means any operation', async (t) => {
  const { sandbox, call } = await testSandbox(t)
  await plan(sandbox.url, [
    { operation: '*', kind: 'error' },
    { operation: 'ListTrails', kind: 'access-denied' },
  ])
  const first = await call('ListTrails')
  t.match(first, { status: 500, json: { __type: 'InternalFailure' } })
  t.match((await call('ListTrails')).json, {
    __type: 'AccessDeniedException',
    message:
      'User: arn:aws:iam::111122223333:user/sandbox-user is not authorized to perform: cloudtrail:ListTrails because no identity-based policy allows the cloudtrail:ListTrails action',
  })
  const [denied] = (await call('LookupEvents')).json.Events
  t.match(JSON.parse(denied.CloudTrailEvent), {
    eventName: 'ListTrails',
    errorCode: 'AccessDenied',
  })
})

t.test('responses can be HTML, empty or cut, and connections reset', async (t) => {
  const { sandbox } = await testSandbox(t)
  await plan(sandbox.url, [
    { operation: 'ListTrails', kind: 'html' },
    { operation: 'ListTrails', kind: 'empty' },
    { operation: 'ListTrails', kind: 'half-body' },
    { operation: 'ListTrails', kind: 'half-body', afterEffect: true },
    { operation: 'ListTrails', kind: 'reset' },
  ])
  const html = await callRaw(sandbox, 'ListTrails')
  t.match(html, { status: 503, text: /^<html>/, headers: { 'content-type': 'text/html' } })
  t.match(await callRaw(sandbox, 'ListTrails'), { status: 200, text: '' })
  await t.rejects(callRaw(sandbox, 'ListTrails'), { message: 'aborted' })
  await t.rejects(callRaw(sandbox, 'ListTrails'), { message: 'aborted' })
  await t.rejects(callRaw(sandbox, 'ListTrails'), { code: 'ECONNRESET' })
  t.equal((await callRaw(sandbox, 'ListTrails')).status, 200)
})

t.test('a timeout fault sends no response, and the sandbox still closes', async (t) => {
  const { sandbox } = await testSandbox(t)
  await plan(sandbox.url, { operation: '*', kind: 'timeout' })
  const call = t.rejects(callRaw(sandbox, 'ListTrails'), { code: 'ECONNRESET' })
  // a later call gets its response while the first still waits
  for (let waiting = 1; waiting > 0;) {
    const response = await fetch(`${sandbox.url}/sandbox/faults`)
    waiting = ((await response.json()) as any).faults.length
  }
  t.equal((await callRaw(sandbox, 'ListTrails')).status, 200)
  await sandbox.close()
  await call
})

t.test('afterEffect loses only the response; without it the call has no effect', async (t) => {
  const { sandbox, call, refuses } = await testSandbox(t)
  const fault = { operation: 'CreateTrail', kind: 'error' }
  await plan(sandbox.url, [fault, { ...fault, afterEffect: true }])
  const input = { Name: 'audit', S3BucketName: 'bucket' }
  t.equal((await call('CreateTrail', input)).status, 500)
  await refuses('GetTrail', { Name: 'audit' }, 'TrailNotFoundException', /audit/)
  t.equal((await call('CreateTrail', input)).status, 500)
  await refuses('CreateTrail', input, 'TrailAlreadyExistsException', /audit/)
})

t.test('faults can be planned from the start, looked at and cleared', async (t) => {
  const { sandbox, call } = await testSandbox(t, {
    faults: [{ operation: 'ListTrails', kind: 'throttle', times: 3 }],
  })
  const url = `${sandbox.url}/sandbox/faults`
  const faults = async (method: string) =>
    ((await (await fetch(url, { method })).json()) as any).faults
  await call('ListTrails')
  t.same(await faults('GET'), [
    { operation: 'ListTrails', kind: 'throttle', times: 2, afterEffect: false },
  ])
  t.same(await faults('DELETE'), [])
  t.equal((await call('ListTrails')).status, 200)
  await fetch(`${sandbox.url}/sandbox/reset`, { method: 'POST' })
  t.equal((await faults('GET'))[0].times, 3, 'a reset goes back to the plan of the start')
})

t.test('refuses an invalid plan whole, and names the field and the rule', async (t) => {
  const { sandbox } = await testSandbox(t)
  const good = { operation: 'ListTrails', kind: 'reset' }
  const bad: [unknown, RegExp][] = [
    [5, /must be an object/],
    [{ ...good, operation: 'Nonsense' }, /^operation must be/],
    [{ kind: 'reset' }, /^operation must be/],
    [{ ...good, kind: 'explode' }, /^kind must be one of throttle, /],
    [{ ...good, times: 0 }, /^times must be/],
    [{ ...good, times: 1.5 }, /^times must be/],
    [{ ...good, afterEffect: 'yes' }, /^afterEffect must be/],
    [{ ...good, after: 1 }, /no field after/],
    [[good, null], /must be an object/],
  ]
  for (const [faults, error] of bad) {
    t.match(await plan(sandbox.url, faults), { status: 400, body: { error } })
  }
  const response = await fetch(`${sandbox.url}/sandbox/faults`)
  t.same(await response.json(), { faults: [] })
  const text = await fetch(`${sandbox.url}/sandbox/faults`, { method: 'POST', body: '{' })
  t.equal(text.status, 400)
})

t.test('the sandbox is not controlled by web pages, nor under another name', async (t) => {
  const { sandbox } = await testSandbox(t)
  const url = `${sandbox.url}/sandbox/reset`
  t.equal((await send(url, 'POST', { origin: 'http://evil.example' })).status, 403)
  t.equal((await send(url, 'POST', { host: 'evil.example' })).status, 403)
  t.equal((await send(url, 'POST', { host: 'localhost:4010' })).status, 200)
  const unknown = await send(`${sandbox.url}/sandbox/nonsense`, 'GET', {})
  t.match(unknown, { status: 404, json: { error: /GET, POST and DELETE \/sandbox\/faults/ } })
})

t.test('delays every response by the configured latency', async (t) => {
  const { sandbox, call } = await testSandbox(t, { latencyMs: 150 })
  const started = performance.now()
  await call('ListTrails')
  t.ok(performance.now() - started >= 145)
  // a client that waits while the sandbox closes is let go
  const waiting = t.rejects(callRaw(sandbox, 'ListTrails'), { code: /^ECONN/ })
  await fetch(`${sandbox.url}/sandbox/faults`)
  await sandbox.close()
  await waiting
})

t.test('a client that disconnects inside its body does no harm', async (t) => {
  const { sandbox, call } = await testSandbox(t)
  const socket = connect(Number(new URL(sandbox.url).port), '127.0.0.1')
  await once(socket, 'connect')
  socket.write('POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\n{')
  socket.destroy()
  await once(socket, 'close')
  t.equal((await call('ListTrails')).status, 200)
})
