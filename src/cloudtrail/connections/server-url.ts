import { regionOfAwsOrigin } from './aws-hosts.js'

/** An endpoint that a connection may use, with the region in its host name, if there is one. */
export interface Endpoint {
  /** Scheme, host and port, without a path: `https://cloudtrail.us-east-1.amazonaws.com`. */
  origin: string
  /** Region in the host name; `undefined` for an origin of the allowlist. */
  region: string | undefined
}

/** A serverUrl that the service will not call; the message states the rule that it breaks. */
export class EndpointError extends Error {
  override name = 'EndpointError'
}

/** The longest serverUrl, in characters. */
const MAX_LENGTH = 255

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
      throw new EndpointError(
        `ENDPOINT_ALLOWLIST: ${entry} is not an origin such as https://host:port`,
      )
    }
    origins.add(url.origin)
  }
  return origins
}

/**
 * Checks a connection's `serverUrl`: only CloudTrail hosts of AWS, over https on the standard port, or an origin
 * of the allowlist; no user, path, query or fragment. The check runs on the URL as Node parses it, which is
 * also the URL that is called, so that no spelling of an address gets past it.
 *
 * @throws {EndpointError} which states the rule that is broken
 */
export function checkServerUrl(serverUrl: string, allowlist: ReadonlySet<string>): Endpoint {
  const url = checkForm(serverUrl)
  if (allowlist.has(url.origin)) return { origin: url.origin, region: undefined }
  if (url.protocol !== 'https:') {
    throw new EndpointError('must use https; for an emulator add its origin to ENDPOINT_ALLOWLIST')
  }
  if (url.port !== '') throw new EndpointError('must not name a port')
  const region = regionOfAwsOrigin(url.origin)
  if (region !== undefined) return { origin: url.origin, region }
  throw new EndpointError(
    'must be a CloudTrail endpoint of AWS (https://cloudtrail.<region>.amazonaws.com), or an origin that ENDPOINT_ALLOWLIST of the service names',
  )
}

/**
 * Checks that a text is nothing but an origin.
 *
 * @throws {EndpointError} which states the rule that is broken
 */
function checkForm(serverUrl: string): URL {
  if (serverUrl.length > MAX_LENGTH) {
    throw new EndpointError(`must be at most ${MAX_LENGTH} characters long`)
  }
  if (serverUrl.includes('<')) {
    throw new EndpointError('must name a region in the place of <region_name>')
  }
  // the URL parser drops tabs and line ends and turns backslashes round: the text checked must be the text given
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
  // an encoded letter, a decimal address, a dot path: the parser makes another text of each
  if (serverUrl.toLowerCase().replace(/\/$/, '') !== url.origin) {
    throw new EndpointError(
      'must be written as its origin: scheme and host, with a port only where it is not the usual one',
    )
  }
  return url
}

function parseUrl(text: string): URL | undefined {
  return URL.canParse(text) ? new URL(text) : undefined
}
