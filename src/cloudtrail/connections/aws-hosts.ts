const COMMERCIAL = '(?:us|eu|ap|sa|ca|me|af|il|mx)-[a-z]+-\\d{1,2}'
const GOV = 'us-gov-(?:east|west)-1'
const CHINA = 'cn-(?:north|northwest)-1'
const EUSC = 'eusc-de-[a-z]+-\\d{1,2}'

/**
 * The host names of CloudTrail in every AWS partition: standard, FIPS, dual-stack, and the interface endpoints
 * of a VPC (CloudTrail endpoint rules of the AWS SDK; AWS PrivateLink naming). The first group is the region.
 */
const AWS_HOSTS = [
  `cloudtrail(?:-fips)?\\.(${COMMERCIAL}|${GOV})\\.(?:amazonaws\\.com|api\\.aws)`,
  `cloudtrail(?:-fips)?\\.(${CHINA})\\.(?:amazonaws\\.com\\.cn|api\\.amazonwebservices\\.com\\.cn)`,
  `cloudtrail(?:-fips)?\\.(${EUSC})\\.(?:amazonaws\\.eu|api\\.amazonwebservices\\.eu)`,
  'cloudtrail(?:-fips)?\\.(us-iso-(?:east|west)-1)\\.(?:c2s\\.ic\\.gov|api\\.aws\\.ic\\.gov)',
  'cloudtrail(?:-fips)?\\.(us-isob-(?:east|west)-1)\\.(?:sc2s\\.sgov\\.gov|api\\.aws\\.scloud)',
  'cloudtrail(?:-fips)?\\.(eu-isoe-west-1)\\.(?:cloud\\.adc-e\\.uk|api\\.cloud-aws\\.adc-e\\.uk)',
  'cloudtrail(?:-fips)?\\.(us-isof-(?:east|south)-1)\\.(?:csp\\.hci\\.ic\\.gov|api\\.aws\\.hci\\.ic\\.gov)',
  `vpce-[0-9a-f]{8,17}-[0-9a-z]{8}(?:-(?:${COMMERCIAL}|${GOV})[a-z])?\\.cloudtrail\\.(${COMMERCIAL}|${GOV})\\.vpce\\.amazonaws\\.com`,
  `vpce-[0-9a-f]{8,17}-[0-9a-z]{8}(?:-${CHINA}[a-z])?\\.cloudtrail\\.(${CHINA})\\.vpce\\.amazonaws\\.com\\.cn`,
].map((pattern) => new RegExp(`^${pattern}$`))

/**
 * The region in the host name of an origin, or `undefined` for an origin that is not CloudTrail's at AWS. What the
 * service's configuration allows beside AWS's hosts plays no part.
 *
 * @param origin scheme and host, for example `https://cloudtrail.us-east-1.amazonaws.com`
 */
export function regionOfAwsOrigin(origin: string): string | undefined {
  const host = /^https:\/\/([^/:]+)$/.exec(origin)?.[1]
  if (host === undefined) return undefined
  for (const pattern of AWS_HOSTS) {
    const region = pattern.exec(host)?.[1]
    if (region !== undefined) return region
  }
  return undefined
}
