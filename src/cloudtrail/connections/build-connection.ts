import { createHash } from 'node:crypto'
import { defaultProvider } from '@aws-sdk/credential-provider-node'
import { accountIdOfAccessKey } from '../../aws/account-id.js'
import { EndpointError, checkServerUrl } from '../endpoint.js'
import type { AwsCredentialIdentityProvider } from '@smithy/types'
import type { Connection, ConnectionFields } from './connection.js'
import { partitionOfRegion } from '../../aws/partitions.js'
import type { RoleSession } from './role-session.js'
import type { RoleSessions } from './role-sessions.js'
import { stsEndpointOf } from './sts-endpoint.js'

/** The region of an endpoint whose host name says none, and of a connection that gives none. */
export const DEFAULT_REGION = 'us-east-1'

/** What is wrong with one field of a connection. */
export interface ConnectionError {
  field: keyof ConnectionFields
  message: string
}

/** A connection that cannot be used: every fault of its fields at once. */
export class InvalidConnectionError extends Error {
  override name = 'InvalidConnectionError'
  constructor(readonly faults: ConnectionError[]) {
    super(faults.map(({ field, message }) => `${field} ${message}`).join('; '))
  }
}

/** What connections are made with. */
export interface ConnectionParts {
  /** Origins allowed beside AWS's own hosts. */
  allowlist: ReadonlySet<string>
  /** Origin of the embedded sandbox, when it runs; it may be called too. */
  sandboxUrl: string | undefined
  /** The sessions of the roles that are assumed. */
  sessions: RoleSessions
}

/**
 * Makes a connection of its fields. Without keys it takes the credential chain of the host (environment, shared
 * files, container or instance role), which only the service's own configuration may ask for.
 *
 * @param fields each of which holds to its own rule (CONNECTION_FIELDS)
 * @throws {InvalidConnectionError} which names every field at fault
 */
export function buildConnection(
  name: string,
  fields: ConnectionFields,
  parts: ConnectionParts,
): Connection {
  const faults = keyErrors(fields)
  const endpoint = endpointOf(fields, parts, faults)
  const region = endpoint?.region ?? fields.region ?? DEFAULT_REGION
  faults.push(...roleErrors(fields, region))
  if (faults.length > 0 || endpoint === undefined) throw new InvalidConnectionError(faults)
  const { accessKey, accessSecret, sessionToken, roleArn, externalId } = fields
  const keys = keysOf(fields)
  const stsEndpoint = stsEndpointOf(endpoint.origin, region)
  const who = [accessKey, accessSecret, sessionToken, roleArn, externalId]
  const session =
    roleArn === undefined
      ? undefined
      : parts.sessions.for(digest([stsEndpoint, ...who]), {
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
    credentials: session ? asProvider(session) : keys,
    session,
    identity: {
      ...(accessKey !== undefined && { accessKey: maskAccessKey(accessKey) }),
      ...(roleArn !== undefined && { roleArn }),
    },
    accountId: roleArn?.split(':')[4] ?? (accessKey && accountIdOfAccessKey(accessKey)),
    id: digest([endpoint.origin, region, ...who]),
    sandbox: parts.sandboxUrl !== undefined && endpoint.origin === parts.sandboxUrl,
  }
}

/** `AKIA************NDBX`: enough to find the key in IAM, not enough to be one. */
export function maskAccessKey(accessKey: string): string {
  return accessKey.slice(0, 4) + '*'.repeat(accessKey.length - 8) + accessKey.slice(-4)
}

/** Keys without their other half. */
function keyErrors({ accessKey, accessSecret, sessionToken }: ConnectionFields): ConnectionError[] {
  if (accessKey !== undefined && accessSecret === undefined) {
    return [{ field: 'accessSecret', message: 'must go with accessKey' }]
  }
  if (accessKey !== undefined) return []
  const faults: ConnectionError[] = []
  const message = 'must come with accessKey'
  if (accessSecret !== undefined) faults.push({ field: 'accessSecret', message })
  if (sessionToken !== undefined) faults.push({ field: 'sessionToken', message })
  return faults
}

/** What is wrong with the role: it belongs to the partition of the connection's region. */
function roleErrors({ roleArn, externalId }: ConnectionFields, region: string): ConnectionError[] {
  if (roleArn === undefined) {
    return externalId === undefined
      ? []
      : [{ field: 'externalId', message: 'must come with roleArn' }]
  }
  const partition = partitionOfRegion(region) ?? 'aws'
  return roleArn.startsWith(`arn:${partition}:`)
    ? []
    : [
        {
          field: 'roleArn',
          message: `must be a role of the partition ${partition}, as ${region} is`,
        },
      ]
}

/** Whose keys the connection starts from. */
function keysOf({ accessKey, accessSecret, sessionToken }: ConnectionFields) {
  if (accessKey === undefined || accessSecret === undefined) return defaultProvider()
  const keys = {
    accessKeyId: accessKey,
    secretAccessKey: accessSecret,
    ...(sessionToken !== undefined && { sessionToken }),
  }
  return () => Promise.resolve(keys)
}

/** The session as the SDK asks for it. Marked as kept by itself: the SDK would go on with what has been given up. */
function asProvider(session: RoleSession): AwsCredentialIdentityProvider {
  return Object.assign(() => session.credentials(), { memoized: true })
}

function endpointOf(
  fields: ConnectionFields,
  parts: ConnectionParts,
  faults: ConnectionError[],
): { origin: string; region: string | undefined } | undefined {
  const allowlist =
    parts.sandboxUrl === undefined
      ? parts.allowlist
      : new Set([...parts.allowlist, parts.sandboxUrl])
  try {
    const serverUrl =
      fields.serverUrl ?? `https://cloudtrail.${fields.region ?? DEFAULT_REGION}.amazonaws.com`
    const endpoint = checkServerUrl(serverUrl, allowlist)
    if (
      fields.region !== undefined &&
      endpoint.region !== undefined &&
      fields.region !== endpoint.region
    ) {
      faults.push({
        field: 'region',
        message: `must not contradict the serverUrl, whose region is ${endpoint.region}`,
      })
    }
    return endpoint
  } catch (error) {
    if (!(error instanceof EndpointError)) throw error
    faults.push({ field: 'serverUrl', message: error.message })
    return undefined
  }
}

/** A digest that tells identities apart and gives no secret away. */
function digest(parts: (string | undefined)[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32)
}
