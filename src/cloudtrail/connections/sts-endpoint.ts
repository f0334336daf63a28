/** A CloudTrail host of AWS, by its parts: the service's name, and region and domain of the partition. */
const CLOUDTRAIL_HOST = /^https:\/\/cloudtrail(-fips)?\.([a-z0-9-]+)\.([a-z0-9.-]+)$/
const VPC_ENDPOINT = /\.vpce\.(amazonaws\.com(\.cn)?)$/

/**
 * Where the roles of a connection are assumed: the regional STS host that belongs to its CloudTrail host (same region,
 * same partition, FIPS and dual-stack as it was), so that a service without a way to other regions can assume roles. The
 * VPC endpoint of CloudTrail answers no STS: there it is the region's public host. An origin that only the
 * configuration allows, such as the sandbox, answers for STS itself.
 *
 * @param endpoint origin of the connection, checked
 * @param region region of the connection
 */
export function stsEndpointOf(endpoint: string, region: string): string {
  const publicDomain = VPC_ENDPOINT.exec(endpoint)?.[1]
  if (publicDomain !== undefined) return `https://sts.${region}.${publicDomain}`
  const [, fips = '', host, domain] = CLOUDTRAIL_HOST.exec(endpoint) ?? []
  if (host === undefined || domain === undefined) return endpoint
  // in GovCloud the plain host is the FIPS one, and there is no other
  const variant = region.startsWith('us-gov-') && domain === 'amazonaws.com' ? '' : fips
  return `https://sts${variant}.${host}.${domain}`
}
