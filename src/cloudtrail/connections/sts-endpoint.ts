import { regionOfAwsOrigin } from './aws-hosts.js'

/** The parts of an AWS host of CloudTrail: FIPS or not, region, and domain of the partition. */
const CLOUDTRAIL_ORIGIN = /^https:\/\/cloudtrail(-fips)?\.([a-z0-9-]+)\.([a-z0-9.-]+)$/
const VPC_ENDPOINT = /\.vpce\.(amazonaws\.com(?:\.cn)?)$/

/**
 * The STS endpoint that assumes the roles of a connection.
 *
 * Beside a CloudTrail host of AWS it is the regional STS host of the same region and partition, FIPS and dual-stack as
 * that is, so that a service without a way to other regions can assume roles. The VPC endpoint of CloudTrail serves no
 * STS: its region's public host does. Any other origin, which only the configuration allows, serves STS itself: no name
 * is derived from it, since nobody has allowed another host.
 *
 * @param endpoint origin of the connection, checked
 * @param region region of the connection
 */
export function stsEndpointOf(endpoint: string, region: string): string {
  if (regionOfAwsOrigin(endpoint) === undefined) return endpoint
  const publicDomain = VPC_ENDPOINT.exec(endpoint)?.[1]
  if (publicDomain !== undefined) return `https://sts.${region}.${publicDomain}`
  const [, fips = '', host = region, domain = 'amazonaws.com'] =
    CLOUDTRAIL_ORIGIN.exec(endpoint) ?? []
  // in GovCloud the plain host is the FIPS one, and there is no other
  const variant = region.startsWith('us-gov-') && domain === 'amazonaws.com' ? '' : fips
  return `https://sts${variant}.${host}.${domain}`
}
