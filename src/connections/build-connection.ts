import { createHash } from 'node:crypto'
import { defaultProvider } from '@aws-sdk/credential-provider-node'
import { accountIdOfAccessKey } from '../cloudtrail/account-id.js'
import { EndpointError, checkServerUrl } from '../cloudtrail/endpoint.js'
import type { Connection, ConnectionFields } from './connection.js'

/** The region of an endpoint whose host name says none, and of a connection that gives none. */
export const DEFAULT_REGION = 'us-east-1'

/** What is wrong with one field of a connection. */
export interface ConnectionFault {
  field: keyof ConnectionFields
  message: string
}

/** A connection that cannot be used: every fault of its fields at once. */
export class ConnectionFaults extends Error {
  override name = 'ConnectionFaults'
  constructor(readonly faults: ConnectionFault[]) {
    super(faults.map(({ field, message }) => `${field} ${message}`).join('; '))
  }
}

/** Where connections may point. */
export interface EndpointPolicy {
  /** Origins allowed beside AWS's own hosts. */
  allowlist: ReadonlySet<string>
  /** Origin of the embedded sandbox, when it runs; it may be called too. */
  sandboxUrl: string | undefined
}

/**
 * Makes a connection of its fields. Without keys it takes the credential chain of the host (environment, shared
 * files, container or instance role), which only the service's own configuration may ask for.
 *
 * @throws {ConnectionFaults} which names every field at fault
 */
export function buildConnection(
  name: string,
  fields: ConnectionFields,
  policy: EndpointPolicy,
): Connection {
  const faults: ConnectionFault[] = []
  const region = fields.region ?? DEFAULT_REGION
  if (!/^[a-z]{2,}(-[a-z]+)+-\d{1,2}$/.test(region)) {
    faults.push({ field: 'region', message: 'must be a region such as us-east-1' })
  }
  const endpoint = endpointOf(fields, policy, faults)
  if (faults.length > 0 || endpoint === undefined) throw new ConnectionFaults(faults)
  const { accessKey, accessSecret, sessionToken } = fields
  return {
    name,
    endpoint: endpoint.origin,
    region: endpoint.region ?? region,
    credentials:
      accessKey === undefined || accessSecret === undefined
        ? defaultProvider()
        : () =>
            Promise.resolve({
              accessKeyId: accessKey,
              secretAccessKey: accessSecret,
              ...(sessionToken !== undefined && { sessionToken }),
            }),
    accountId: accessKey === undefined ? undefined : accountIdOfAccessKey(accessKey),
    id: digest([endpoint.origin, endpoint.region ?? region, accessKey, accessSecret, sessionToken]),
    sandbox: policy.sandboxUrl !== undefined && endpoint.origin === policy.sandboxUrl,
  }
}

function endpointOf(
  fields: ConnectionFields,
  policy: EndpointPolicy,
  faults: ConnectionFault[],
): { origin: string; region: string | undefined } | undefined {
  const allowlist =
    policy.sandboxUrl === undefined
      ? policy.allowlist
      : new Set([...policy.allowlist, policy.sandboxUrl])
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
