import { Type, type Static } from '@sinclair/typebox'
import { envSchema } from 'env-schema'
import { parseProtectedTrails } from './cloudtrail/guard-rails.js'
import { readPublicUrl } from './public-url.js'
import { parseRedisUrl } from './redis/redis-url.js'
import { readCollector } from './tracing/collector.js'
import { variableErrors, type SchemaError } from './variable-rules.js'

/** An optional environment variable of free text. */
const text = (description: string) => Type.Optional(Type.String({ description }))

/** An environment variable that is a number of requests per second. */
const tps = (value: number, description: string) =>
  Type.Number({ default: value, minimum: 0.1, maximum: 1000, description })

/**
 * The environment that the service reads, and nothing else reads: one schema, so that what is not here does
 * not exist. Units stand at the end of the names.
 */
export const ConfigSchema = Type.Object({
  HOST: Type.String({ default: '127.0.0.1', description: 'Address to listen on.' }),
  PORT: Type.Integer({
    default: 3000,
    minimum: 0,
    maximum: 65535,
    description: 'Port to listen on; 0 takes any free one.',
  }),
  PUBLIC_URL: text(
    'The origin at which clients reach the service, for example https://cloudtrail-commands.example.com: the `location` of a job is absolute, for platforms that do not resolve a path, and `/openapi.json` names it as the server. Left out: `location` is the path `/jobs/<id>`.',
  ),
  LOG_LEVEL: Type.Union(
    ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'].map((level) =>
      Type.Literal(level),
    ),
    { default: 'info', description: 'The least important level that is logged.' },
  ),
  AUTH: Type.Optional(
    Type.Union([Type.Literal('api-key'), Type.Literal('none')], {
      description:
        '`api-key` asks every command for a key, `none` asks for nothing. Left out: `none` on the sandbox when it listens on loopback, else `api-key`.',
    }),
  ),
  AUTH_NONE_I_KNOW: Type.Boolean({
    default: false,
    description:
      'Confirms AUTH=none on an address that others reach: everybody who reaches the port can run commands on the trails.',
  }),
  METRICS_AUTH: Type.Boolean({
    default: false,
    description: 'Whether GET /metrics asks for an API key of the scope `admin`.',
  }),
  OTEL_EXPORTER_OTLP_ENDPOINT: text(
    'OpenTelemetry collector that gets a trace of every command by OTLP/HTTP, for example http://127.0.0.1:4318 (docs/reference/metrics.md). Left out: no traces.',
  ),
  OTEL_EXPORTER_OTLP_HEADERS: text(
    'Headers for the collector: name=value, comma separated, the values percent-encoded.',
  ),
  OTEL_SERVICE_NAME: Type.String({
    default: 'cloudtrail-commands',
    minLength: 1,
    description: 'The name by which traces call this service.',
  }),
  AUDIT_FILE: text(
    'File of the audit log, one JSON object per line, for this process alone; left out: standard output.',
  ),
  PROTECTED_TRAILS: Type.String({
    default: '',
    description:
      'Names, ARNs or globs (`*`, `?`) of trails, comma separated, that no command deletes, stops, updates or gives other event selectors.',
  }),
  PROTECTED_TRAILS_FILE: text(
    'File with more of them, one per line; what follows `#` is a comment. Read again when it changes.',
  ),
  API_KEYS_FILE: text(
    'JSON list of `{name, sha256, scope, connections?}`, with at least one key at the start; npm run api-key makes an entry. Required with AUTH=api-key. Read again when it changes.',
  ),
  CLOUDTRAIL_SERVER_URL: text(
    'Endpoint of the connection `default`, for example https://cloudtrail.us-east-1.amazonaws.com.',
  ),
  CLOUDTRAIL_ACCESS_KEY: text('Access key id of the connection `default`.'),
  CLOUDTRAIL_ACCESS_SECRET: text('Secret access key of the connection `default`.'),
  CLOUDTRAIL_SESSION_TOKEN: text('Session token, when the access key is a temporary one.'),
  CLOUDTRAIL_ROLE_ARN: text(
    'Role that the connection `default` assumes, for example arn:aws:iam::111122223333:role/soar.',
  ),
  CLOUDTRAIL_EXTERNAL_ID: text("External id that the role's trust policy asks for."),
  CLOUDTRAIL_REGION: text('Region of the connection `default`, where its host name names none.'),
  CONNECTIONS_FILE: text(
    'JSON object of named connections; a value may be {"env": "NAME"} or {"file": "path"}. Read again when it changes.',
  ),
  INLINE_CONNECTIONS: Type.Boolean({
    default: true,
    description: 'Whether a request may bring its own connection.',
  }),
  ENDPOINT_ALLOWLIST: Type.String({
    default: '',
    description:
      'Origins, comma separated, that a serverUrl may name beside the hosts of AWS, for example http://127.0.0.1:4566.',
  }),
  QUOTA_READ_TPS: tps(
    10,
    'Get, Describe and List requests per second for each account and region.',
  ),
  QUOTA_LOOKUP_TPS: tps(2, 'LookupEvents requests per second for each account and region.'),
  QUOTA_WRITE_TPS: tps(1, 'All other requests per second for each account and region.'),
  QUOTA_SCOPE: Type.Union([Type.Literal('class'), Type.Literal('operation')], {
    default: 'class',
    description: '`class`: one limiter for each API class; `operation`: one for each operation.',
  }),
  QUEUE_LIMIT: Type.Integer({
    default: 1000,
    minimum: 1,
    maximum: 1_000_000,
    description: 'Waiting requests for each limiter before new ones are refused.',
  }),
  TOKEN_SECRET: text(
    'Seals the nextToken of Lookup Events; the same on every replica. Left out: made from the access secret of the connection `default`, or from those of CONNECTIONS_FILE, or from API_KEYS_FILE.',
  ),
  DEADLINE_MS: Type.Integer({
    default: 60_000,
    minimum: 1,
    maximum: 3_600_000,
    description: 'Default deadline of a command, in milliseconds; at most MAX_DEADLINE_MS.',
  }),
  MAX_DEADLINE_MS: Type.Integer({
    default: 900_000,
    minimum: 1,
    maximum: 3_600_000,
    description:
      'The longest deadline that a request may ask for, and the longest time of a job, in milliseconds. A shutdown may take as long: a stop timeout of the platform has to be longer.',
  }),
  AWS_TIMEOUT_MS: Type.Integer({
    default: 40_000,
    minimum: 1,
    maximum: 3_600_000,
    description: 'Timeout of one attempt at AWS, in milliseconds.',
  }),
  REDIS_URL: text(
    'Redis by which replicas share the quota, jobs and idempotency keys: redis://, rediss://, redis+sentinel:// or redis+cluster:// (docs/reference/redis.md). Left out: all of it is this process alone.',
  ),
  REDIS_DOWN: Type.Union([Type.Literal('refuse'), Type.Literal('share')], {
    default: 'refuse',
    description:
      'While Redis is unavailable: `refuse` refuses commands that need AWS with 503, `share` lets each replica use REDIS_DOWN_SHARE of the quota.',
  }),
  REDIS_DOWN_SHARE: Type.Number({
    default: 0.25,
    minimum: 0.01,
    maximum: 1,
    description:
      'With REDIS_DOWN=share: the part of the quota that each replica uses while Redis is unavailable; 1 / replicas keeps their sum at the quota.',
  }),
  SANDBOX: Type.Boolean({
    default: false,
    description: 'Start the embedded CloudTrail and make it the connection `default`.',
  }),
  SANDBOX_HOST: Type.String({
    default: '127.0.0.1',
    description:
      'IP address on which the embedded CloudTrail listens. Any other than 127.0.0.1 lets everybody who reaches it control the sandbox; it is meant for containers.',
  }),
  SANDBOX_PORT: Type.Integer({
    default: 4010,
    minimum: 0,
    maximum: 65535,
    description: 'Port of the embedded CloudTrail.',
  }),
  SANDBOX_QUOTAS: Type.Boolean({
    default: true,
    description: 'Whether the sandbox throttles as AWS does.',
  }),
  SANDBOX_LATENCY_MS: Type.Integer({
    default: 0,
    minimum: 0,
    maximum: 600_000,
    description: 'Delay of every response of the sandbox, in milliseconds.',
  }),
  SANDBOX_EVENTS: Type.Integer({
    default: 2000,
    minimum: 0,
    maximum: 50_000,
    description:
      'Length of the event history that the sandbox starts with. It keeps at most 50000 events for each account and region.',
  }),
})

/** The configuration of one process. */
export type Config = Omit<Static<typeof ConfigSchema>, 'AUTH'> & { AUTH: 'api-key' | 'none' }

/** The environment cannot be used; the message names every variable that breaks a rule, with the rule. */
export class ConfigError extends Error {
  override name = 'ConfigError'
}

/** Whether an address to listen on is reachable from this machine alone. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\.\d+\.\d+\.\d+$/.test(host)
}

/**
 * Reads the configuration.
 *
 * @param env the environment; an empty value counts as not set
 * @throws {ConfigError} which lists every variable that breaks a rule
 */
export function readConfig(env: NodeJS.ProcessEnv = process.env): Config {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''))
  let read
  try {
    read = envSchema<Static<typeof ConfigSchema>>({
      schema: ConfigSchema,
      data: given,
      env: false,
      dotenv: false,
    })
  } catch (error) {
    const { errors } = error as { errors: SchemaError[] }
    throw new ConfigError(notValid(variableErrors(errors, ConfigSchema.properties)))
  }
  const errors: string[] = []
  const auth = read.AUTH ?? (read.SANDBOX && isLoopback(read.HOST) ? 'none' : 'api-key')
  if (auth === 'api-key' && read.API_KEYS_FILE === undefined) {
    errors.push(
      'AUTH=api-key needs API_KEYS_FILE (npm run api-key makes a key; AUTH=none asks for none)',
    )
  }
  if (auth === 'none' && !isLoopback(read.HOST) && !read.AUTH_NONE_I_KNOW) {
    errors.push(
      'AUTH=none on an address that others reach needs AUTH_NONE_I_KNOW=true: everybody who reaches it can run commands on the trails',
    )
  }
  if (
    (read.CLOUDTRAIL_ACCESS_KEY === undefined) !==
    (read.CLOUDTRAIL_ACCESS_SECRET === undefined)
  ) {
    errors.push('CLOUDTRAIL_ACCESS_KEY and CLOUDTRAIL_ACCESS_SECRET go together')
  }
  if (read.DEADLINE_MS > read.MAX_DEADLINE_MS) {
    errors.push(
      `DEADLINE_MS (${read.DEADLINE_MS}) must be at most MAX_DEADLINE_MS (${read.MAX_DEADLINE_MS})`,
    )
  }
  for (const check of [
    () => read.REDIS_URL && parseRedisUrl(read.REDIS_URL),
    () => readCollector(read),
    () => readPublicUrl(read),
    () => parseProtectedTrails(read.PROTECTED_TRAILS),
  ]) {
    try {
      check()
    } catch (error) {
      errors.push((error as Error).message)
    }
  }
  if (errors.length > 0) throw new ConfigError(notValid(errors))
  return { ...read, AUTH: auth }
}

function notValid(errors: readonly string[]): string {
  return `The environment is not valid: ${errors.join('; ')}`
}
