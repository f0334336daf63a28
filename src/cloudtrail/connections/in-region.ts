import { createHash } from 'node:crypto'
import { partitionOfRegion } from '../../aws/partitions.js'
import { FailureError } from '../../envelope/failure.js'
import { regionNotReachable } from '../service-failures.js'
import { regionOfAwsOrigin } from './aws-hosts.js'
import type { Connection } from './connection.js'

/**
 * The same identity in another region: its keys, at that region's endpoint.
 *
 * A public host of AWS becomes the same host of the other region (standard, FIPS or dual-stack as it was). An origin
 * that only the service's configuration allows, such as the sandbox, stays the same, and only the signing region
 * changes: the configuration has allowed no other origin.
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

function endpointIn(connection: Connection, region: string): string {
  const { endpoint } = connection
  if (regionOfAwsOrigin(endpoint) === undefined) return endpoint
  const moved = endpoint.replace(`.${connection.region}.`, `.${region}.`)
  if (endpoint.includes('.vpce.') || regionOfAwsOrigin(moved) === undefined) {
    throw notReachable(connection, region, `${endpoint} serves one region`)
  }
  return moved
}

function notReachable({ name }: Connection, region: string, reason: string): FailureError {
  return new FailureError(regionNotReachable(name, region, reason))
}
