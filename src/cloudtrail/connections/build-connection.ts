import { createHash } from 'node:crypto'
import { defaultProvider } from '@aws-sdk/credential-provider-node'
import { accountIdOfAccessKey } from '../../aws/account-id.js'
import { partitionOfRegion } from '../../aws/partitions.js'
import { InvalidConnectionError, type ConnectionError } from './connection-error.js'
import type { Connection, ConnectionFields } from './connection.js'
import { credentialsOf, maskAccessKey } from './credentials.js'
import type { RoleSessions } from './role-sessions.js'
import { EndpointError, checkServerUrl, type Endpoint } from './server-url.js'
import { stsEndpointOf } from './sts-endpoint.js'

/** The region of an endpoint whose host name has none, and of a connection that gives none. */
export const DEFAULT_REGION = 'us-east-1'

/** The parts of the service that connections use. */
export interface ConnectionParts {
  /** Origins allowed beside AWS's own hosts. */
  allowlist: ReadonlySet<string>
  /** Origin of the embedded sandbox, when it runs; it may be called too. */
  sandboxUrl: string | undefined
  /** The sessions of the roles that are assumed. */
  sessions: RoleSessions
}

/**
 * Builds a connection from its fields. Without keys it takes the credential chain of the host (environment, shared
 * files, container or instance role), which only the service's own configuration may use.
 *
 * @param fields each of which keeps its own rule (CONNECTION_FIELDS)
 * @throws {InvalidConnectionError} which names every field that breaks a rule
 */
export function buildConnection(
  name: string,
  fields: ConnectionFields,
  parts: ConnectionParts,
): Connection {
  const errors = keyErrors(fields)
  const endpoint = endpointOf(fields, parts, errors)
  const region = endpoint?.region ?? fields.region ?? DEFAULT_REGION
  errors.push(...roleErrors(fields, region))
  if (errors.length > 0 || endpoint === undefined) throw new InvalidConnectionError(errors)
  const { accessKey, accessSecret, sessionToken, roleArn, externalId } = fields
  const keys = credentialsOf(fields) ?? defaultProvider()
  const stsEndpoint = stsEndpointOf(endpoint.origin, region)
  const caller = [accessKey, accessSecret, sessionToken, roleArn, externalId]
  const session =
    roleArn === undefined
      ? undefined
      : parts.sessions.for(digest([stsEndpoint, ...caller]), {
          roleArn,
          externalId,
          stsEndpoint,
          region,
          source: keys,
        })
  return {
    name,
    endpoint: endpoint.origin,
    region,
    credentials: session?.provider ?? keys,
    session,
    identity: {
      ...(accessKey !== undefined && { accessKey: maskAccessKey(accessKey) }),
      ...(roleArn !== undefined && { roleArn }),
    },
    accountId: roleArn?.split(':')[4] ?? (accessKey && accountIdOfAccessKey(accessKey)),
    id: digest([endpoint.origin, region, ...caller]),
    sandbox: parts.sandboxUrl !== undefined && endpoint.origin === parts.sandboxUrl,
  }
}

/** Keys without their other half. */
function keyErrors({ accessKey, accessSecret, sessionToken }: ConnectionFields): ConnectionError[] {
  if (accessKey !== undefined && accessSecret === undefined) {
    return [{ field: 'accessSecret', message: 'must come with accessKey' }]
  }
  if (accessKey !== undefined) return []
  const message = 'must come with accessKey'
  return [
    ...(accessSecret === undefined ? [] : [{ field: 'accessSecret', message } as const]),
    ...(sessionToken === undefined ? [] : [{ field: 'sessionToken', message } as const]),
  ]
}

/** The rules that the role breaks: it belongs to the partition of the connection's region. */
function roleErrors({ roleArn, externalId }: ConnectionFields, region: string): ConnectionError[] {
  if (roleArn === undefined) {
    return externalId === undefined
      ? []
      : [{ field: 'externalId', message: 'must come with roleArn' }]
  }
  const partition = partitionOfRegion(region) ?? 'aws'
  if (roleArn.startsWith(`arn:${partition}:`)) return []
  return [
    {
      field: 'roleArn',
      message: `must be a role of the partition ${partition}, to which ${region} belongs`,
    },
  ]
}

/** The endpoint, or `undefined` and an error where a rule is broken. */
function endpointOf(
  { serverUrl, region }: ConnectionFields,
  { allowlist, sandboxUrl }: ConnectionParts,
  errors: ConnectionError[],
): Endpoint | undefined {
  const allowed = sandboxUrl === undefined ? allowlist : new Set([...allowlist, sandboxUrl])
  try {
    const url = serverUrl ?? `https://cloudtrail.${region ?? DEFAULT_REGION}.amazonaws.com`
    const endpoint = checkServerUrl(url, allowed)
    if (region !== undefined && endpoint.region !== undefined && region !== endpoint.region) {
      errors.push({
        field: 'region',
        message: `must not contradict the serverUrl, whose region is ${endpoint.region}`,
      })
    }
    return endpoint
  } catch (error) {
    if (!(error instanceof EndpointError)) throw error
    errors.push({ field: 'serverUrl', message: error.message })
    return undefined
  }
}

/** A digest that differs between identities and reveals no secret. */
function digest(parts: (string | undefined)[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32)
}
