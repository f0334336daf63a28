import { Value } from '@sinclair/typebox/value'
import type { Config } from '../../config.js'
import { InvalidConnectionError, type ConnectionError } from './build-connection.js'
import type { ConnectionFields } from './connection.js'
import { CONNECTION_FIELDS } from './fields.js'

/** The fields of a running sandbox that its connection needs. */
export interface SandboxEndpoint {
  url: string
  accessKey: string
  accessSecret: string
}

/**
 * The fields of the connection `default` as the environment gives them, with the sandbox's own where there is one;
 * `undefined` when the environment says nothing of it.
 *
 * @throws {InvalidConnectionError} which names every field at fault
 */
export function defaultFields(
  config: Config,
  sandbox: SandboxEndpoint | undefined,
): ConnectionFields | undefined {
  const role = { roleArn: config.CLOUDTRAIL_ROLE_ARN, externalId: config.CLOUDTRAIL_EXTERNAL_ID }
  const fields: ConnectionFields = sandbox
    ? {
        serverUrl: sandbox.url,
        accessKey: sandbox.accessKey,
        accessSecret: sandbox.accessSecret,
        region: config.CLOUDTRAIL_REGION,
        ...role,
      }
    : {
        serverUrl: config.CLOUDTRAIL_SERVER_URL,
        accessKey: config.CLOUDTRAIL_ACCESS_KEY,
        accessSecret: config.CLOUDTRAIL_ACCESS_SECRET,
        sessionToken: config.CLOUDTRAIL_SESSION_TOKEN,
        region: config.CLOUDTRAIL_REGION,
        ...role,
      }
  const given = Object.entries(fields).filter(([, value]) => value !== undefined)
  if (given.length === 0) return undefined
  const faults: ConnectionError[] = []
  for (const [name, value] of given) {
    const field = name as keyof ConnectionFields
    const fault = Value.Errors(CONNECTION_FIELDS[field], value).First()
    if (fault) faults.push({ field, message: `is not valid: ${fault.message}` })
  }
  if (faults.length > 0) throw new InvalidConnectionError(faults)
  return fields
}
