import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { BoundedLabel } from '../../src/metrics/bounded-label.js'
import { VERSION } from '../../src/version.js'
import { startHeldService } from '../support/held.js'
import { followJob } from '../support/jobs.js'
import { keysFile } from '../support/keys.js'
import { startSandboxService, type TestService } from '../support/service.js'
import { testDirectory } from '../support/test-directory.js'

const metricsOf = async (service: TestService) => (await service.fetch('/metrics')).text()

t.test('counts every request for a command by status and errors', async (t) => {
  const { file, bearer } = keysFile(t)
  const service = await startSandboxService(t, { AUTH: 'api-key', API_KEYS_FILE: file })
  const trailNames = ['data-events', 'no-such-trail', 'nor-this']
  await service.run('get-trails', { trailNames }, bearer('read'))
  await service.run('get-trails', {}, bearer('read'))
  await service.run('get-trails', { trailNames })
  await service.run('unknown', {}, bearer('read'))
  const job = { prefer: 'respond-async', ...bearer('read') }
  await service.run('get-trails', { trailNames: ['nor-this'] }, job)
  const text = await metricsOf(service)
  for (const line of [
    'cloudtrail_requests_total{command="get-trails",status="207"} 1',
    'cloudtrail_requests_total{command="get-trails",status="400"} 1',
    'cloudtrail_requests_total{command="get-trails",status="401"} 1',
    'cloudtrail_requests_total{command="get-trails",status="202"} 1',
    'cloudtrail_request_duration_seconds_count{command="get-trails"} 4',
    'cloudtrail_requests_running{command="get-trails"} 0',
    'cloudtrail_commands_total{command="get-trails",status="207"} 1',
    'cloudtrail_auth_failures_total{code="NoApiKey"} 1',
    'cloudtrail_command_errors_total{command="get-trails",source="aws",code="TrailNotFoundException"}',
    'cloudtrail_component_up{component="connection"} 1',
    'cloudtrail_component_up{component="audit"} 1',
    'cloudtrail_quota_share{class="read",region="us-east-1"} 1',
  ]) {
    t.ok(text.includes(line), line)
  }
  t.notMatch(text, /unknown|no-such-trail|reader|111122223333/, 'no input, no key, no account')
})

t.test('counts a client that disconnects as 499', async (t) => {
  const held = await startHeldService(t)
  const { service } = held
  const leave = new AbortController()
  const asked = service.fetch('/commands/list-trails', { method: 'POST', signal: leave.signal })
  await held.arrived(1)
  t.match(await metricsOf(service), 'cloudtrail_requests_running{command="list-trails"} 1')
  leave.abort()
  await t.rejects(asked)
  held.release({ Trails: [] })
  let text = ''
  while (!text.includes('status="499"')) text = await metricsOf(service)
  t.match(text, 'cloudtrail_requests_running{command="list-trails"} 0')
  t.match(text, 'cloudtrail_request_duration_seconds_count{command="list-trails"} 1')
})

t.test('shows an audit log that cannot be written in the metrics', async (t) => {
  const AUDIT_FILE = join(testDirectory(t), 'audit')
  const service = await startSandboxService(t, { AUDIT_FILE })
  t.match(await metricsOf(service), 'cloudtrail_component_up{component="audit"} 1')
  rmSync(AUDIT_FILE)
  mkdirSync(AUDIT_FILE)
  await service.run('list-trails')
  let text = ''
  while (!text.includes('cloudtrail_component_up{component="audit"} 0')) {
    text = await metricsOf(service)
  }
  t.match(text, 'cloudtrail_component_up{component="audit"} 0')
})

t.test('labels a region that AWS does not have as other', async (t) => {
  const service = await startSandboxService(t)
  const regions = ['us-east-1', 'eu-west-1']
  await service.run('list-trails', { regions })
  const connection = {
    serverUrl: service.sandbox.url,
    accessKey: service.sandbox.accessKey,
    accessSecret: 'marked-secret',
    region: 'us-made-7',
  }
  await service.run('list-trails', { connection })
  const metrics = await metricsOf(service)
  for (const region of [...regions, 'other']) {
    t.match(metrics, `cloudtrail_quota_wait_seconds_count{class="read",region="${region}"} 1`)
  }
  t.notMatch(metrics, /us-made-7/)
})

t.test('bounds the number of labels', async (t) => {
  const label = new BoundedLabel(2)
  t.same(
    ['a', 'b', 'c', 'a'].map((value) => label.of(value)),
    ['a', 'b', 'other', 'a'],
  )
  t.equal(label.known('c'), 'other')
})

t.test('counts jobs by state and idempotency keys by result', async (t) => {
  const service = await startSandboxService(t)
  const trailNames = ['data-events']
  const key = { 'idempotency-key': 'first' }
  await service.run('stop-logging', { trailNames }, key)
  await service.run('stop-logging', { trailNames }, key)
  await service.run('start-logging', { trailNames }, key)
  const job = await service.run('list-trails', {}, { prefer: 'respond-async' })
  await followJob(service, job.headers.get('location')!)
  const text = await metricsOf(service)
  for (const line of [
    'cloudtrail_idempotency_claims_total{result="granted"} 1',
    'cloudtrail_idempotency_claims_total{result="replayed"} 1',
    'cloudtrail_idempotency_claims_total{result="reused"} 1',
    'cloudtrail_jobs_running 0',
    'cloudtrail_jobs_total{state="finished"} 1',
    'cloudtrail_quota_limit{class="read"} 1000',
    `cloudtrail_build_info{version="${VERSION}",node_version="${process.version}"} 1`,
    'cloudtrail_audit_intents_open 0',
    'process_resident_memory_bytes ',
    'nodejs_eventloop_lag_p99_seconds ',
  ]) {
    t.ok(text.includes(line), line)
  }
})

t.test('counts an intent as open until its command has an outcome', async (t) => {
  const held = await startHeldService(t)
  const stopped = held.service.run('stop-logging', { trailNames: ['trail'] })
  await held.arrived(1)
  t.match(await metricsOf(held.service), 'cloudtrail_audit_intents_open 1')
  held.release()
  await stopped
  t.match(await metricsOf(held.service), 'cloudtrail_audit_intents_open 0')
})
