/** Keys of the default connection. */
export const KEYS = {
  CLOUDTRAIL_ACCESS_KEY: 'AKIARTX3GSDSQASANDBX',
  CLOUDTRAIL_ACCESS_SECRET: 'not-a-secret',
}

/** A role of that account. */
export const ROLE = 'arn:aws:iam::111122223333:role/soar'

/** A value that each variable refuses, and what its error says; without variables of files, hosts and connections. */
export const BAD_VALUES: Record<string, [value: string, message: RegExp]> = {
  PORT: ['65536', /PORT must be a whole number from 0 to 65535$/],
  PUBLIC_URL: ['https://soar.example.com/api', /PUBLIC_URL must be an http or https origin /],
  LOG_LEVEL: [
    'loud',
    /LOG_LEVEL must be fatal or error or warn or info or debug or trace or silent$/,
  ],
  AUTH: ['maybe', /AUTH must be api-key or none$/],
  AUTH_NONE_I_KNOW: ['yes', /AUTH_NONE_I_KNOW must be true or false$/],
  METRICS_AUTH: ['admin', /METRICS_AUTH must be true or false$/],
  OTEL_EXPORTER_OTLP_ENDPOINT: ['ftp://collector', /OTEL_EXPORTER_OTLP_ENDPOINT must be an http /],
  OTEL_EXPORTER_OTLP_HEADERS: ['nonsense', /OTEL_EXPORTER_OTLP_HEADERS must be name=value/],
  PROTECTED_TRAILS: ['no spaces', /PROTECTED_TRAILS: no spaces is neither a trail name .* nor/],
  INLINE_CONNECTIONS: ['maybe', /INLINE_CONNECTIONS must be true or false$/],
  QUOTA_READ_TPS: ['0', /QUOTA_READ_TPS must be a number from 0\.1 to 1000$/],
  QUOTA_LOOKUP_TPS: ['1001', /QUOTA_LOOKUP_TPS must be a number from 0\.1 to 1000$/],
  QUOTA_WRITE_TPS: ['fast', /QUOTA_WRITE_TPS must be a number from 0\.1 to 1000$/],
  QUOTA_SCOPE: ['account', /QUOTA_SCOPE must be class or operation$/],
  QUEUE_LIMIT: ['0', /QUEUE_LIMIT must be a whole number from 1 to 1000000$/],
  DEADLINE_MS: ['1.5', /DEADLINE_MS must be a whole number from 1 to 3600000$/],
  MAX_DEADLINE_MS: ['3600001', /MAX_DEADLINE_MS must be a whole number from 1 to 3600000$/],
  AWS_TIMEOUT_MS: ['soon', /AWS_TIMEOUT_MS must be a whole number from 1 to 3600000$/],
  REDIS_URL: ['http://redis', /REDIS_URL must be redis:\/\//],
  REDIS_DOWN: ['ignore', /REDIS_DOWN must be refuse or share$/],
  REDIS_DOWN_SHARE: ['2', /REDIS_DOWN_SHARE must be a number from 0\.01 to 1$/],
  SANDBOX: ['maybe', /SANDBOX must be true or false$/],
  SANDBOX_PORT: ['-1', /SANDBOX_PORT must be a whole number from 0 to 65535$/],
  SANDBOX_QUOTAS: ['2', /SANDBOX_QUOTAS must be true or false$/],
  SANDBOX_LATENCY_MS: ['-1', /SANDBOX_LATENCY_MS must be a whole number from 0 to 600000$/],
  SANDBOX_EVENTS: ['50001', /SANDBOX_EVENTS must be a whole number from 0 to 50000$/],
}

/** The environment of a service with a bad value of one variable of BAD_VALUES. */
export function withBadValue(name: string): Record<string, string> {
  return {
    AUTH: 'none',
    // headers are read with their collector only
    ...(name === 'OTEL_EXPORTER_OTLP_HEADERS' && { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://a:1' }),
    [name]: BAD_VALUES[name]?.[0] ?? '',
  }
}

/** Environments whose connection is refused, and what the error says. */
export const BAD_CONNECTIONS: [env: Record<string, string>, message: RegExp][] = [
  [
    { CLOUDTRAIL_SERVER_URL: 'http://127.0.0.1:4566' },
    /^CLOUDTRAIL_SERVER_URL must use https; for an emulator add its origin to ENDPOINT_ALLOWLIST$/,
  ],
  [{ CLOUDTRAIL_SERVER_URL: 'localhost' }, /^CLOUDTRAIL_SERVER_URL must be a URL such as https:/],
  [
    { CLOUDTRAIL_SERVER_URL: 'https://cloudtrail.<region_name>.amazonaws.com' },
    /^CLOUDTRAIL_SERVER_URL must name a region in the place of <region_name>$/,
  ],
  [
    { CLOUDTRAIL_SERVER_URL: 'https://ct.example.com' },
    /^CLOUDTRAIL_SERVER_URL must be a CloudTrail endpoint of AWS .* ENDPOINT_ALLOWLIST/,
  ],
  [
    { CLOUDTRAIL_SERVER_URL: `https://${'a'.repeat(250)}.com` },
    /^CLOUDTRAIL_SERVER_URL must be 1 to 255 characters long$/,
  ],
  [{ ...KEYS, CLOUDTRAIL_ACCESS_KEY: 'AKIA' }, /^CLOUDTRAIL_ACCESS_KEY must be 16 to 128 letters/],
  [
    { ...KEYS, CLOUDTRAIL_ACCESS_SECRET: 's'.repeat(257) },
    /^CLOUDTRAIL_ACCESS_SECRET must be 1 to 256 characters long$/,
  ],
  [
    { ...KEYS, CLOUDTRAIL_SESSION_TOKEN: 's'.repeat(8193) },
    /^CLOUDTRAIL_SESSION_TOKEN must be 1 to 8192 characters long$/,
  ],
  [
    { CLOUDTRAIL_SESSION_TOKEN: 'token' },
    /^CLOUDTRAIL_SESSION_TOKEN must come with CLOUDTRAIL_ACCESS_KEY$/,
  ],
  [{ CLOUDTRAIL_ROLE_ARN: 'soar' }, /^CLOUDTRAIL_ROLE_ARN must be the ARN of a role: arn:/],
  [
    { CLOUDTRAIL_ROLE_ARN: ROLE.replace('arn:aws:', 'arn:aws-cn:') },
    /^CLOUDTRAIL_ROLE_ARN must be a role of the partition aws, to which us-east-1 belongs$/,
  ],
  [
    { CLOUDTRAIL_ROLE_ARN: ROLE, CLOUDTRAIL_EXTERNAL_ID: 'no spaces' },
    /^CLOUDTRAIL_EXTERNAL_ID must be 2 to 1224 characters of /,
  ],
  [
    { CLOUDTRAIL_EXTERNAL_ID: 'soar-4711' },
    /^CLOUDTRAIL_EXTERNAL_ID must come with CLOUDTRAIL_ROLE_ARN$/,
  ],
  [{ CLOUDTRAIL_REGION: 'somewhere' }, /^CLOUDTRAIL_REGION must be a region such as us-east-1$/],
  [
    {
      CLOUDTRAIL_SERVER_URL: 'https://cloudtrail.eu-west-1.amazonaws.com',
      CLOUDTRAIL_REGION: 'us-east-1',
    },
    /^CLOUDTRAIL_REGION must not contradict the CLOUDTRAIL_SERVER_URL, whose region is eu-west-1$/,
  ],
  [{ ENDPOINT_ALLOWLIST: 'ct.example' }, /^ENDPOINT_ALLOWLIST: ct\.example is not an origin such/],
  [{ CONNECTIONS_FILE: '/tmp/nope.json' }, /^CONNECTIONS_FILE \/tmp\/nope\.json .* \(ENOENT\)$/],
]
