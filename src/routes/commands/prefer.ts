import type { IncomingHttpHeaders } from 'node:http'

/**
 * Whether the client does not want to wait for the response: `Prefer: respond-async` (RFC 7240). Other preferences, and
 * parameters of this one, are ignored, as the RFC says.
 */
export function prefersAsync(headers: IncomingHttpHeaders): boolean {
  const given = headers.prefer
  const preferences = Array.isArray(given) ? given : (given ?? '').split(',')
  return preferences.some(
    (one) => (one.split(';')[0] ?? '').trim().toLowerCase() === 'respond-async',
  )
}
