import type { Test } from 'tap'
import { keysFile } from '../../support/keys.js'
import { startSandboxService } from '../../support/service.js'
import { startFront, type Front } from './front.js'
import { makePrivateCa } from './private-ca.js'
import { testDirectory } from '../../support/test-directory.js'

/** The way from a connector to a service, as its settings say it. */
export interface Way {
  url: string
  key: string
  /** Path and text of a private certificate authority that the connector is given. */
  ca?: { file: string; pem: string }
  trustAny?: boolean
}

/** How a platform shows the end of a command. */
export interface Shown {
  isError: boolean
  /** The error or the warning that people read. */
  text: string
  /** The rows that the next task of a playbook gets. */
  rows: Record<string, any>[]
  /** Everything that the connector gave to its platform. */
  all: unknown
}

/** A connector on the stub of its platform. */
export interface Connector {
  testConnection(t: Test, way: Way): Promise<Shown>
  /** Runs Start Logging, following its job if it became one. */
  startLogging(t: Test, way: Way, trails: string[]): Promise<Shown>
  getTrails(t: Test, way: Way, trails: string[]): Promise<Shown>
}

/** A key of the right form that no service knows. */
const WRONG_KEY = `ctk_${'w'.repeat(43)}`

const keysOf = (front: Front) =>
  front.requests
    .filter(({ method }) => method === 'POST')
    .map(({ headers }) => headers['idempotency-key'])

/** What every connector must do, against the service on its sandbox. */
export function checkConnector(t: Test, connector: Connector): void {
  /** A service that asks for keys, and what stands before it. */
  const start = async (t: Test) => {
    const keys = keysFile(t)
    const service = await startSandboxService(t, { AUTH: 'api-key', API_KEYS_FILE: keys.file })
    const front = await startFront(t, service.url)
    return { service, front, keys, way: { url: front.url, key: keys.made.write.key } }
  }

  t.test('Test Connection passes, and sends the API key as a bearer token', async (t) => {
    const { front, way } = await start(t)
    const shown = await connector.testConnection(t, way)
    t.equal(shown.isError, false, shown.text)
    t.match(front.requests, [
      { path: '/commands/test-connection', headers: { authorization: `Bearer ${way.key}` } },
    ])
  })

  t.test('a command that succeeds gives rows, without a warning', async (t) => {
    const { way } = await start(t)
    const shown = await connector.getTrails(t, way, ['management-events', 'data-events'])
    t.equal(shown.isError, false)
    t.equal(shown.text, '')
    t.match(shown.rows, [{ Name: 'management-events' }, { Name: 'data-events' }])
  })

  t.test('a mixed batch is a success with a warning that names the failed input', async (t) => {
    const { way } = await start(t)
    const shown = await connector.startLogging(t, way, ['management-events', 'no-such-trail'])
    t.equal(shown.isError, false)
    t.match(shown.text, /no-such-trail/)
    t.match(shown.text, /Unknown trail/)
    t.match(shown.text, /Hint: /)
    t.equal(shown.rows.length, 1)
  })

  t.test('a failure is an error of the platform, with message and hint', async (t) => {
    const { way } = await start(t)
    const shown = await connector.startLogging(t, way, ['no-such-trail'])
    t.equal(shown.isError, true)
    t.match(shown.text, /Start Logging failed\. Status Code: 400\. Message: Unknown trail/)
    t.match(shown.text, /Hint: /)
  })

  t.test(
    '429 and ConflictException are retried after Retry-After, with the same idempotency key',
    async (t) => {
      const { front, way } = await start(t)
      front.spoil('throttle', 'conflict')
      const shown = await connector.startLogging(t, way, ['data-events'])
      t.equal(shown.isError, false, shown.text)
      const [first, second, third, ...rest] = keysOf(front)
      t.ok(first)
      t.equal(second, first)
      t.equal(third, first)
      t.equal(rest.length, 0)
    },
  )

  t.test('a stored failure is not retried: its idempotency key keeps it', async (t) => {
    const { front, way } = await start(t)
    front.spoil('stored')
    const shown = await connector.startLogging(t, way, ['data-events'])
    t.equal(shown.isError, true)
    t.equal(front.requests.length, 1)
  })

  t.test('a lost response is asked for again: the command is carried out once', async (t) => {
    const { front, way } = await start(t)
    front.spoil('cut')
    const shown = await connector.startLogging(t, way, ['data-events'])
    t.equal(shown.isError, false, shown.text)
    const [first, second] = keysOf(front)
    t.ok(first)
    t.equal(second, first)
    t.match(front.requests[1]?.response?.headers, { 'idempotency-replayed': 'true' })
  })

  t.test('a rerun of the same task has a new idempotency key; reads have none', async (t) => {
    const { front, way } = await start(t)
    await connector.startLogging(t, way, ['data-events'])
    await connector.startLogging(t, way, ['data-events'])
    await connector.getTrails(t, way, ['data-events'])
    const [first, second, third] = keysOf(front)
    t.ok(first && second)
    t.not(second, first)
    t.equal(third, undefined)
  })

  t.test('a command that may take long runs as a job, which is followed to its end', async (t) => {
    const { front, way } = await start(t)
    const missing = Array.from({ length: 18 }, (_, index) => `no-such-trail-${index}`)
    const shown = await connector.startLogging(t, way, ['data-events', ...missing])
    t.equal(shown.isError, false, shown.text)
    t.match(shown.text, /no-such-trail-17/)
    t.equal(front.requests[0]?.headers.prefer, 'respond-async')
    t.equal(front.requests[0]?.response?.status, 202)
    const last = front.requests.at(-1)
    t.match(last, { method: 'GET', path: /^\/jobs\/.+/, response: { status: 200 } })
  })

  t.test('a service that cannot be reached is an error that says so', async (t) => {
    const { way } = await start(t)
    const shown = await connector.testConnection(t, { ...way, url: 'http://127.0.0.1:1' })
    t.equal(shown.isError, true)
    t.match(shown.text, /127\.0\.0\.1:1\/? cannot be reached: Connection refused/)
  })

  t.test('a page of something else on the way is an error that says so', async (t) => {
    const { front, way } = await start(t)
    front.spoil('html')
    const shown = await connector.testConnection(t, way)
    t.equal(shown.isError, true)
    t.match(shown.text, /HTTP 502 .* is not a response of CloudTrail commands/)
  })

  t.test('a wrong API key is an error that says so, and is shown nowhere', async (t) => {
    const { way } = await start(t)
    const shown = await connector.testConnection(t, { ...way, key: WRONG_KEY })
    t.equal(shown.isError, true)
    t.match(shown.text, /Status Code: 401.*API key/)
    t.notMatch(JSON.stringify(shown.all), WRONG_KEY)
  })

  t.test(
    'a private CA is trusted when it is given, and no certificate is trusted without',
    async (t) => {
      const { service, way } = await start(t)
      const ca = makePrivateCa(testDirectory(t))
      const front = await startFront(t, service.url, ca)
      const secure = { ...way, url: front.url }
      const refused = await connector.testConnection(t, secure)
      t.equal(refused.isError, true)
      t.match(refused.text, /certificate of https:\/\/localhost:\d+\/ is not trusted/)
      t.equal(front.requests.length, 0, 'the key was not sent')
      const trusted = await connector.testConnection(t, { ...secure, ca })
      t.equal(trusted.isError, false, trusted.text)
      const anything = await connector.testConnection(t, { ...secure, trustAny: true })
      t.equal(anything.isError, false, anything.text)
    },
  )
}
