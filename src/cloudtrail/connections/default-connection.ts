import { buildConnection, type ConnectionParts } from './build-connection.js'
import { ConnectionConfigError, InvalidConnectionError } from './connection-error.js'
import type { Connection, ConnectionFields } from './connection.js'
import { fieldErrors, isConnectionField } from './fields.js'

/** The environment variable of each field of the connection `default`. */
const VARIABLES = {
  serverUrl: 'CLOUDTRAIL_SERVER_URL',
  accessKey: 'CLOUDTRAIL_ACCESS_KEY',
  accessSecret: 'CLOUDTRAIL_ACCESS_SECRET',
  sessionToken: 'CLOUDTRAIL_SESSION_TOKEN',
  roleArn: 'CLOUDTRAIL_ROLE_ARN',
  externalId: 'CLOUDTRAIL_EXTERNAL_ID',
  region: 'CLOUDTRAIL_REGION',
} as const satisfies Record<keyof ConnectionFields, string>

/** The environment of the connection `default`. */
export type DefaultSettings = Partial<
  Record<(typeof VARIABLES)[keyof ConnectionFields], string | undefined>
>

/** The fields of a running sandbox that its connection needs. */
export interface SandboxEndpoint {
  url: string
  accessKey: string
  accessSecret: string
}

/** The connection `default`, and whether the environment configures it. */
export interface DefaultConnection {
  connection: Connection
  isConfigured: boolean
}

/**
 * Builds the connection `default` of the environment. A sandbox brings its own endpoint and keys; where the environment
 * has nothing, the connection is the host's credential chain at AWS.
 *
 * @throws {ConnectionConfigError} which names every variable that breaks a rule, and the rule
 */
export function defaultConnection(
  settings: DefaultSettings,
  sandbox: SandboxEndpoint | undefined,
  parts: ConnectionParts,
): DefaultConnection {
  const fields = fieldsOf(settings, sandbox)
  try {
    const errors = fieldErrors(fields)
    if (errors.length > 0) throw new InvalidConnectionError(errors)
    const isConfigured = Object.values(fields).some((value) => value !== undefined)
    return { connection: buildConnection('default', fields, parts), isConfigured }
  } catch (error) {
    if (!(error instanceof InvalidConnectionError)) throw error
    const messages = error.errors.map(
      ({ field, message }) => `${VARIABLES[field]} ${nameVariables(message)}`,
    )
    throw new ConnectionConfigError(messages.join('; '))
  }
}

function fieldsOf(
  settings: DefaultSettings,
  sandbox: SandboxEndpoint | undefined,
): ConnectionFields {
  const { CLOUDTRAIL_REGION: region } = settings
  const role = {
    roleArn: settings.CLOUDTRAIL_ROLE_ARN,
    externalId: settings.CLOUDTRAIL_EXTERNAL_ID,
  }
  if (sandbox) {
    const { url: serverUrl, accessKey, accessSecret } = sandbox
    return { serverUrl, accessKey, accessSecret, region, ...role }
  }
  return {
    serverUrl: settings.CLOUDTRAIL_SERVER_URL,
    accessKey: settings.CLOUDTRAIL_ACCESS_KEY,
    accessSecret: settings.CLOUDTRAIL_ACCESS_SECRET,
    sessionToken: settings.CLOUDTRAIL_SESSION_TOKEN,
    region,
    ...role,
  }
}

/** The fields that rules mention; `region` is left out, since there it is the plain word. */
const MENTIONED = /\b(?:serverUrl|access(?:Key|Secret)|sessionToken|roleArn|externalId)\b/g

/** A rule that mentions other fields, with the names of their variables. */
function nameVariables(message: string): string {
  return message.replace(MENTIONED, (field) =>
    isConnectionField(field) ? VARIABLES[field] : field,
  )
}
