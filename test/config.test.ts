import t from 'tap'
import { ConfigSchema, isLoopback, readConfig } from '../src/config.js'
import { BAD_VALUES, withBadValue } from './support/bad-values.js'

t.test("has the contract's defaults, and refuses to run without keys", async (t) => {
  t.throws(() => readConfig({}), {
    name: 'ConfigError',
    message: /AUTH=api-key needs API_KEYS_FILE/,
  })
  t.match(readConfig({ AUTH: 'none' }), {
    HOST: '127.0.0.1',
    PORT: 3000,
    LOG_LEVEL: 'info',
    INLINE_CONNECTIONS: true,
    QUOTA_READ_TPS: 10,
    QUOTA_LOOKUP_TPS: 2,
    QUOTA_WRITE_TPS: 1,
    QUOTA_SCOPE: 'class',
    QUEUE_LIMIT: 1000,
    DEADLINE_MS: 60_000,
    AWS_TIMEOUT_MS: 40_000,
    SANDBOX: false,
    SANDBOX_PORT: 4010,
    SANDBOX_QUOTAS: true,
    SANDBOX_LATENCY_MS: 0,
    SANDBOX_EVENTS: 2000,
  })
})

t.test('names every variable that breaks a rule', async (t) => {
  t.throws(() => readConfig({ AUTH: 'none', PORT: 'abc', QUEUE_LIMIT: '0', SANDBOX: 'maybe' }), {
    name: 'ConfigError',
    message: /PORT.*QUEUE_LIMIT.*SANDBOX/,
  })
})

t.test('takes no more events for the sandbox than it keeps', async (t) => {
  t.equal(readConfig({ SANDBOX: 'true', SANDBOX_EVENTS: '50000' }).SANDBOX_EVENTS, 50_000)
  t.throws(() => readConfig({ SANDBOX: 'true', SANDBOX_EVENTS: '50001' }), {
    message: /SANDBOX_EVENTS.*50000/,
  })
})

t.test('treats an empty value as not set', async (t) => {
  t.equal(readConfig({ AUTH: 'none', PORT: '' }).PORT, 3000)
})

t.test('asks for no key on the sandbox on loopback, and only there', async (t) => {
  t.equal(readConfig({ SANDBOX: 'true' }).AUTH, 'none')
  t.throws(() => readConfig({ SANDBOX: 'true', HOST: '0.0.0.0' }), { name: 'ConfigError' })
})

t.test('refuses an access key without its secret', async (t) => {
  t.throws(() => readConfig({ AUTH: 'none', CLOUDTRAIL_ACCESS_KEY: 'AKIARTX3GSDSQASANDBX' }), {
    message: /go together/,
  })
})

t.test('recognises loopback in all its spellings', async (t) => {
  for (const host of ['127.0.0.1', '127.1.2.3', '::1', 'localhost']) t.ok(isLoopback(host), host)
  for (const host of ['0.0.0.0', '::', '10.0.0.1', '127.0.0.1.evil.com', 'example.com']) {
    t.notOk(isLoopback(host), host)
  }
})

t.test('names the rule that REDIS_URL breaks, without its password', async (t) => {
  const at = (url: string) => () => readConfig({ AUTH: 'none', REDIS_URL: url })
  t.throws(at('http://hidden'), { name: 'ConfigError', message: /REDIS_URL must be redis:/ })
  t.throws(at('redis://u:hidden@a,b'), { message: /^((?!hidden).)*$/ })
  t.doesNotThrow(at('redis://u:hidden@a:1'))
})

t.test('needs AUTH_NONE_I_KNOW for AUTH=none on an address that others reach', async (t) => {
  const open = { AUTH: 'none', HOST: '0.0.0.0' }
  t.throws(() => readConfig(open), { message: /AUTH_NONE_I_KNOW=true/ })
  t.equal(readConfig({ ...open, AUTH_NONE_I_KNOW: 'true' }).AUTH, 'none')
})

t.test('refuses a default deadline above the longest that is allowed', async (t) => {
  t.equal(readConfig({ AUTH: 'none' }).MAX_DEADLINE_MS, 900_000)
  t.throws(() => readConfig({ AUTH: 'none', MAX_DEADLINE_MS: '1000' }), {
    message: /DEADLINE_MS \(60000\) must be at most MAX_DEADLINE_MS \(1000\)/,
  })
})

/** Variables that take any text, or whose values are checked where they are used: when the process listens, or opens a file. */
const CHECKED_ELSEWHERE =
  /^(HOST|SANDBOX_HOST|OTEL_SERVICE_NAME|TOKEN_SECRET|\w+_FILE|CLOUDTRAIL_\w+|ENDPOINT_ALLOWLIST)$/

t.test('names the variable and its rule for a bad value of every variable', async (t) => {
  for (const name of Object.keys(ConfigSchema.properties)) {
    if (CHECKED_ELSEWHERE.test(name)) continue
    const message = BAD_VALUES[name]?.[1] ?? /a bad value of this variable is missing/
    t.throws(() => readConfig(withBadValue(name)), { name: 'ConfigError', message }, name)
  }
})

t.test('takes an origin as PUBLIC_URL, and nothing that is more or less', async (t) => {
  const read = (url: string) => readConfig({ AUTH: 'none', PUBLIC_URL: url })
  for (const url of ['https://soar.example.com', 'http://10.0.0.1:8080/'])
    t.doesNotThrow(() => read(url))
  for (const url of [
    'soar.example.com',
    'ftp://a',
    'https://u:hidden@a',
    'https://a/?q',
    'https://a/#f',
  ]) {
    t.throws(() => read(url), { message: /PUBLIC_URL must be (?!.*hidden)/ }, url)
  }
})
