import { createHash } from 'node:crypto'
import { checkServerUrl, EndpointError } from '../endpoint.js'
import { FailureError } from '../../envelope/failure.js'
import type { Connection } from './connection.js'
import { partitionOfRegion } from '../../aws/partitions.js'

const NO_ORIGINS: ReadonlySet<string> = new Set()

/**
 * The same identity in another region: its keys, at that region's endpoint.
 *
 * A public host of AWS becomes the same host of the other region (standard, FIPS or dual-stack as it was). An origin
 * that only the service's configuration allows, such as the sandbox, stays what it is, and the region is only signed
 * for: there is no other origin that the configuration has allowed.
 *
 * @throws {FailureError} `RegionNotReachable` for a VPC endpoint, which serves one region, and for another partition
 */
export function inRegion(connection: Connection, region: string): Connection {
  if (region === connection.region) return connection
  if (partitionOfRegion(region) !== (partitionOfRegion(connection.region) ?? 'aws')) {
    throw notReachable(connection, region, 'it belongs to another partition of AWS')
  }
  const endpoint = endpointIn(connection, region)
  const identity = JSON.stringify([connection.id, endpoint, region])
  return {
    ...connection,
    endpoint,
    region,
    id: createHash('sha256').update(identity).digest('hex').slice(0, 32),
  }
}

function endpointIn({ endpoint, region: from, ...rest }: Connection, region: string): string {
  if (!isAwsHost(endpoint)) return endpoint
  const moved = endpoint.replace(`.${from}.`, `.${region}.`)
  if (endpoint.includes('.vpce.') || !isAwsHost(moved)) {
    throw notReachable({ ...rest, endpoint, region: from }, region, `${endpoint} serves one region`)
  }
  return moved
}

/** Whether an origin is one of AWS's own hosts, whatever the service's configuration allows beside them. */
function isAwsHost(origin: string): boolean {
  try {
    return checkServerUrl(origin, NO_ORIGINS).region !== undefined
  } catch (error) {
    if (error instanceof EndpointError) return false
    /* c8 ignore next 2 -- checkServerUrl() throws nothing else */
    throw error
  }
}

function notReachable(connection: Connection, region: string, reason: string): FailureError {
  return new FailureError({
    code: 'RegionNotReachable',
    message: `The connection ${connection.name} does not reach ${region}: ${reason}.`,
    source: 'service',
    statusCode: 400,
    httpStatus: 400,
    retryable: false,
    attempts: 0,
    hint: 'Use a connection to that region.',
  })
}
