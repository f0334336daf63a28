import t, { type Test } from 'tap'
import { keysFile } from '../support/keys.js'
import { needs } from '../support/needs.js'
import { startSandboxService } from '../support/service.js'
import { startFront } from './support/front.js'
import { makePrivateCa } from './support/private-ca.js'
import { runTemplate } from './support/tracecat.js'
import { testDirectory } from '../support/test-directory.js'

needs('httpx')

async function start(t: Test) {
  const keys = keysFile(t)
  const service = await startSandboxService(t, { AUTH: 'api-key', API_KEYS_FILE: keys.file })
  const front = await startFront(t, service.url)
  const secrets = {
    CLOUDTRAIL_COMMANDS_URL: front.url,
    CLOUDTRAIL_COMMANDS_API_KEY: keys.made.write.key,
  }
  return { service, front, secrets }
}

t.test('Test Connection passes, and a wrong key is an error without the key', async (t) => {
  const { secrets } = await start(t)
  t.match(await runTemplate('test_connection', {}, secrets), { returnData: 'Successful' })
  const wrong = { ...secrets, CLOUDTRAIL_COMMANDS_API_KEY: `ctk_${'w'.repeat(43)}` }
  await t.rejects(runTemplate('test_connection', {}, wrong), { message: /Status Code: 401/ })
  const error = await runTemplate('test_connection', {}, wrong).catch((error: unknown) => error)
  t.notMatch(String(error), /wwww/)
})

t.test('a write runs as a job, which is followed; a mixed batch is a success', async (t) => {
  const { front, secrets } = await start(t)
  const trails = ['management-events', 'no-such-trail']
  const envelope = await runTemplate('start_logging', { trail_names: trails }, secrets)
  t.match(envelope, {
    returnData: 'Partially Successful',
    errors: [{ input: 'no-such-trail', hint: String }],
  })
  t.equal(front.requests[0]?.response?.status, 202)
  t.match(front.requests.at(-1), { method: 'GET', path: /^\/jobs\//, response: { status: 200 } })
})

t.test('a failure is an error with message and hint, as a job too', async (t) => {
  const { secrets } = await start(t)
  const missing = { trail_names: ['no-such-trail'] }
  const message = /Status Code: 400\. Message: Unknown trail.* Hint: A trail/
  await t.rejects(runTemplate('start_logging', missing, secrets), { message })
  await t.rejects(runTemplate('get_trails', missing, secrets), { message })
})

t.test('a request that breaks a rule becomes no job, and its error is shown', async (t) => {
  const { secrets } = await start(t)
  await t.rejects(runTemplate('start_logging', { trail_names: [] }, secrets), {
    message: /Start Logging failed\. Status Code: 400/,
  })
})

t.test('429 is retried with the same idempotency key; a rerun has a new one', async (t) => {
  const { front, secrets } = await start(t)
  front.spoil('throttle')
  const inputs = { trail_names: ['data-events'] }
  await runTemplate('start_logging', inputs, secrets)
  await runTemplate('start_logging', inputs, secrets)
  const [first, second, third] = front.requests
    .filter(({ method }) => method === 'POST')
    .map(({ headers }) => headers['idempotency-key'])
  t.ok(first)
  t.equal(second, first)
  t.ok(third)
  t.not(third, first)
})

t.test('a service that is unreachable, or a page of something else, is an error', async (t) => {
  const { front, secrets } = await start(t)
  const nowhere = { ...secrets, CLOUDTRAIL_COMMANDS_URL: 'http://127.0.0.1:1' }
  await t.rejects(runTemplate('list_trails', {}, nowhere))
  front.spoil('html')
  await t.rejects(runTemplate('list_trails', {}, secrets), {
    message: /HTTP 502 is not a response of CloudTrail commands/,
  })
})

t.test('a lost response is an error that the action reports, and no second write', async (t) => {
  const { front, secrets } = await start(t)
  front.spoil('cut')
  await t.rejects(runTemplate('start_logging', { trail_names: ['data-events'] }, secrets), {
    message: /disconnected/,
  })
  t.equal(front.requests.length, 1)
})

t.test('a private CA of the executor is trusted, and no certificate without', async (t) => {
  const { service, secrets } = await start(t)
  const ca = makePrivateCa(testDirectory(t))
  const front = await startFront(t, service.url, ca)
  const secure = { ...secrets, CLOUDTRAIL_COMMANDS_URL: front.url }
  await t.rejects(runTemplate('test_connection', {}, secure), {
    message: /certificate verify failed/,
  })
  t.equal(front.requests.length, 0, 'the key was not sent')
  const passed = { returnData: 'Successful' }
  t.match(await runTemplate('test_connection', {}, secure, { SSL_CERT_FILE: ca.file }), passed)
  t.match(await runTemplate('test_connection', { verify_ssl: false }, secure), passed)
})
