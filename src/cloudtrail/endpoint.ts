/** An endpoint that a connection may use, with the region that its host name says, if it says one. */
export interface Endpoint {
  /** Scheme, host and port, without a path: `https://cloudtrail.us-east-1.amazonaws.com`. */
  origin: string
  /** Region in the host name; `undefined` for a host of the allowlist. */
  region: string | undefined
}

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

/** A serverUrl that the service will not call; the message says which rule it breaks. */
export class EndpointError extends Error {
  override name = 'EndpointError'
}

/**
 * Reads the comma-separated list of origins that may be called beside AWS's own hosts.
 *
 * @throws {EndpointError} when an entry is not the origin of an http or https URL
 */
export function parseAllowlist(list: string): ReadonlySet<string> {
  const origins = new Set<string>()
  for (const entry of list.split(',').map((item) => item.trim())) {
    if (entry === '') continue
    const url = parseUrl(entry)
    if (!url || !/^https?:$/.test(url.protocol) || entry.replace(/\/$/, '') !== url.origin) {
      throw new EndpointError(`${entry} is not an origin such as https://host:port`)
    }
    origins.add(url.origin)
  }
  return origins
}

/**
 * Checks a connection's `serverUrl`: only CloudTrail hosts of AWS, over https on the standard port, or an origin
 * of the allowlist; no user, path, query or fragment. The check is made on the URL as Node parses it, which is
 * also what is called, so that no spelling of an address gets past it.
 *
 * @throws {EndpointError} which says the rule that is broken
 */
export function checkServerUrl(serverUrl: string, allowlist: ReadonlySet<string>): Endpoint {
  if (serverUrl.length > 255) throw new EndpointError('must be at most 255 characters long')
  if (serverUrl.includes('<')) {
    throw new EndpointError('must name a region in the place of <region_name>')
  }
  // the URL parser drops tabs and line ends and turns backslashes round: what is checked must be what was written
  if (!/^[\x21-\x7e]+$/.test(serverUrl) || serverUrl.includes('\\')) {
    throw new EndpointError('must not contain spaces, control characters, backslashes or non-ASCII')
  }
  const url = parseUrl(serverUrl)
  if (!url || !/^https?:\/\//i.test(serverUrl)) {
    throw new EndpointError('must be a URL such as https://cloudtrail.us-east-1.amazonaws.com')
  }
  if (url.username !== '' || url.password !== '' || serverUrl.includes('@')) {
    throw new EndpointError('must not contain a user name or password')
  }
  if (url.pathname !== '/' || /[?#]/.test(serverUrl)) {
    throw new EndpointError('must not have a path, a query or a fragment')
  }
  // an encoded letter, a decimal address, a dot path: whatever the parser makes another text of
  if (serverUrl.toLowerCase().replace(/\/$/, '') !== url.origin) {
    throw new EndpointError(
      'must be written as its origin: scheme and host, with a port only where it is not the usual one',
    )
  }
  if (allowlist.has(url.origin)) return { origin: url.origin, region: undefined }
  if (url.protocol !== 'https:') throw new EndpointError('must use https')
  if (url.port !== '') throw new EndpointError('must not name a port')
  for (const host of AWS_HOSTS) {
    const region = host.exec(url.hostname)?.[1]
    if (region !== undefined) return { origin: url.origin, region }
  }
  throw new EndpointError(
    'must be a CloudTrail endpoint of AWS (https://cloudtrail.<region>.amazonaws.com), or an origin that ENDPOINT_ALLOWLIST of the service names',
  )
}

function parseUrl(text: string): URL | undefined {
  return URL.canParse(text) ? new URL(text) : undefined
}
