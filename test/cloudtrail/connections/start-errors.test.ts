import t from 'tap'
import { createConnections } from '../../../src/cloudtrail/connections/connections.js'
import { readConfig } from '../../../src/config.js'
import { BAD_CONNECTIONS, KEYS, ROLE } from '../../support/bad-values.js'

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

for (const [env, message] of BAD_CONNECTIONS) {
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
