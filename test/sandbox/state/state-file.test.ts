import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import t from 'tap'

import { startSandbox } from '../../../src/sandbox/sandbox.js'
import { testSandbox } from '../support/client.js'
import { testDirectory } from '../../support/test-directory.js'

const state = (url: string) => `${url}/sandbox/state`
const audit = { Name: 'audit', S3BucketName: 'bucket' }

t.test('an exported state can be imported into another sandbox', async (t) => {
  const one = await testSandbox(t, { events: 60 })
  const two = await testSandbox(t)
  await one.call('CreateTrail', { ...audit, TagsList: [{ Key: 'Owner', Value: 'me' }] })
  await one.call('StartLogging', { Name: 'audit' })
  await one.call('CreateTrail', audit, { accessKey: 'AKIAQNZGKIQY56JQ7WML' })
  const body = await (await fetch(state(one.sandbox.url))).text()
  t.equal((await fetch(state(two.sandbox.url), { method: 'PUT', body })).status, 200)
  t.equal(await (await fetch(state(two.sandbox.url))).text(), body)
  for (const [operation, input] of [
    ['DescribeTrails', {}],
    ['GetTrailStatus', { Name: 'audit' }],
    ['GetEventSelectors', { TrailName: 'data-events' }],
    ['ListTags', { ResourceIdList: ['arn:aws:cloudtrail:us-east-1:111122223333:trail/audit'] }],
  ] as const) {
    t.same((await two.call(operation, input)).json, (await one.call(operation, input)).json)
  }
  const other = await two.call('ListTrails', {}, { accessKey: 'AKIAQNZGKIQY56JQ7WML' })
  t.equal(other.json.Trails.length, 1)
})

t.test('a reset goes back to the seed', async (t) => {
  const { sandbox, call } = await testSandbox(t, { events: 30 })
  await call('DeleteTrail', { Name: 'management-events' })
  await fetch(`${sandbox.url}/sandbox/reset`, { method: 'POST' })
  t.equal((await call('ListTrails')).json.Trails.length, 4)
})

t.test('refuses an invalid state, names its field, and changes nothing', async (t) => {
  const { sandbox, call } = await testSandbox(t)
  const good: any = await (await fetch(state(sandbox.url))).json()
  const broken = (change: (copy: any) => void) => {
    const copy = structuredClone(good)
    change(copy)
    return copy
  }
  for (const [value, error] of [
    [{}, /version/],
    [null, /not a sandbox state/],
    [broken((copy) => (copy.version = 2)), /\/version/],
    [broken((copy) => (copy.accounts[0].accountId = '1')), /\/accounts\/0\/accountId/],
    [broken((copy) => delete copy.accounts[0].trails[0].settings.Name), /settings\/Name/],
    [broken((copy) => (copy.accounts[0].trails[0].nonsense = 1)), /nonsense/],
    [broken((copy) => (copy.accounts[0].trails[0].startedAt = 1e17)), /startedAt/],
  ] as const) {
    const body = JSON.stringify(value)
    const response = await fetch(state(sandbox.url), { method: 'PUT', body })
    t.equal(response.status, 400)
    t.match(((await response.json()) as any).error, error)
  }
  t.equal((await call('ListTrails')).json.Trails.length, 4)
})

t.test('a state file is loaded at the start and written at the end', async (t) => {
  const stateFile = join(testDirectory(t), 'state.json')
  const first = await testSandbox(t, { stateFile })
  await first.call('CreateTrail', audit)
  await first.sandbox.close()
  t.equal(JSON.parse(readFileSync(stateFile, 'utf8')).version, 1)
  const second = await testSandbox(t, { stateFile })
  t.equal((await second.call('GetTrail', { Name: 'audit' })).status, 200)
  await second.sandbox.close()
  writeFileSync(stateFile, '{"version": 1}')
  await t.rejects(startSandbox({ port: 0, stateFile }), {
    message: /^The sandbox cannot load its state from .*state\.json: .*accounts/,
  })
})

t.test('names a port that is in use', async (t) => {
  const { sandbox } = await testSandbox(t)
  const port = Number(new URL(sandbox.url).port)
  await t.rejects(startSandbox({ port }), {
    message: `The sandbox cannot listen on 127.0.0.1:${port}: listen EADDRINUSE: address already in use 127.0.0.1:${port}`,
  })
})
