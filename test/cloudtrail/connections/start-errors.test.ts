import t from 'tap'
import { createConnections } from '../../../src/cloudtrail/connections/connections.js'
import { readConfig } from '../../../src/config.js'

const KEYS = {
  CLOUDTRAIL_ACCESS_KEY: 'AKIARTX3GSDSQASANDBX',
  CLOUDTRAIL_ACCESS_SECRET: 'not-a-secret',
}
const ROLE = 'arn:aws:iam::111122223333:role/soar'

/** The error with which connections of an environment are refused at the start. */
function startError(env: Record<string, string>): { name: string; message: string } | undefined {
  const logger = { info: () => undefined, error: () => undefined }
  try {
    const config = readConfig({ AUTH: 'none', ...env })
    createConnections(config, { logger, env: {}, sandbox: undefined }).close()
    return undefined
  } catch (error) {
    return error as Error
  }
}

const BAD: [env: Record<string, string>, message: RegExp][] = [
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

for (const [env, message] of BAD) {
  const variables = Object.keys(env).filter(
    (name) => !(name in KEYS) || env[name] !== KEYS[name as keyof typeof KEYS],
  )
  t.test(
    `names the variable and the rule: ${variables.join(', ')}, ${String(message)}`,
    async (t) => {
      t.match(startError(env), { name: 'ConnectionConfigError', message })
    },
  )
}

t.test('names every variable that breaks a rule at once, and no secret', async (t) => {
  const secret = 'x'.repeat(300)
  const error = startError({ ...KEYS, CLOUDTRAIL_ACCESS_SECRET: secret, CLOUDTRAIL_REGION: 'x' })
  t.match(error?.message, /CLOUDTRAIL_ACCESS_SECRET must .*; CLOUDTRAIL_REGION must /)
  t.notMatch(error?.message, secret)
})

t.test('names both variables of keys without their other half', async (t) => {
  for (const [name, value] of Object.entries(KEYS)) {
    t.match(
      startError({ [name]: value })?.message,
      /CLOUDTRAIL_ACCESS_KEY and CLOUDTRAIL_ACCESS_SECRET/,
    )
  }
})

t.test('accepts a valid environment', async (t) => {
  t.equal(
    startError({ ...KEYS, CLOUDTRAIL_ROLE_ARN: ROLE, CLOUDTRAIL_EXTERNAL_ID: 'x1' }),
    undefined,
  )
})
