import type { ErrorCode } from './error-codes.js'

const NOT_SENT_ACTION =
  'The endpoint was not reached: check the serverUrl, its name resolution, and the firewalls on the way.'

const LOST_ACTION =
  'The response did not arrive: check the endpoint, and the proxies and firewalls on the way. After a write read the present state first.'

const TLS_ACTION =
  'A proxy that inspects TLS, or a wrong serverUrl: give the authority of its certificate in NODE_EXTRA_CA_CERTS, or correct the serverUrl.'

/** An error on the way to AWS. */
export type NetworkError = Pick<ErrorCode, 'meaning' | 'retry' | 'action'>

/** There is no trusted connection: nothing was sent, and nothing will be until somebody changes something. */
const tls = (meaning: string): NetworkError => ({
  meaning,
  retry: 'no',
  action: TLS_ACTION,
})

/** The connection was never there: nothing was sent. */
const notSent = (meaning: string): NetworkError => ({
  meaning,
  retry: 'same-key',
  action: NOT_SENT_ACTION,
})

/** The request may have been received: AWS may have carried it out. */
const lost = (meaning: string): NetworkError => ({
  meaning,
  retry: 'new-request',
  action: LOST_ACTION,
})

/** The codes of Node.js and OpenSSL for a connection that failed. The response has the status 502. */
export const NETWORK_ERRORS = {
  ECONNREFUSED: notSent('The host refused the connection: no program listens on the port.'),
  ENOTFOUND: notSent('The name of the host has no address.'),
  EAI_AGAIN: notSent('The name server did not respond.'),
  EHOSTUNREACH: notSent('There is no route to the host.'),
  ENETUNREACH: notSent('There is no route to the network of the host.'),
  ECONNRESET: lost('The connection was closed before the response arrived.'),
  EPIPE: lost('The connection was closed while the request was sent.'),
  ETIMEDOUT: lost('The host did not respond in time.'),
  TimeoutError: lost('The host did not respond in time.'),
  EPROTO: tls('TLS could not be negotiated: the host may not speak it.'),
  ERR_SSL_WRONG_VERSION_NUMBER: tls('TLS could not be negotiated: the host may not speak it.'),
  CERT_HAS_EXPIRED: tls('The certificate of the host has expired.'),
  DEPTH_ZERO_SELF_SIGNED_CERT: tls('The certificate of the host is self-signed.'),
  SELF_SIGNED_CERT_IN_CHAIN: tls('The authority of the certificate is not trusted.'),
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: tls('The authority of the certificate is not trusted.'),
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: tls('The authority of the certificate is not trusted.'),
  ERR_TLS_CERT_ALTNAME_INVALID: tls('The certificate belongs to another host name.'),
} satisfies Record<string, NetworkError>

/** The codes of connections that failed, as far as they are known. */
export type NetworkErrorCode = keyof typeof NETWORK_ERRORS

/** The catalogue's entry for a code; one that is not in it is treated like a lost response. */
export function networkError(code: string): NetworkError {
  return Object.hasOwn(NETWORK_ERRORS, code)
    ? NETWORK_ERRORS[code as NetworkErrorCode]
    : lost('The connection failed.')
}
