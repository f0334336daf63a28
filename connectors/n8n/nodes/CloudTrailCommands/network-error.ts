/** Codes of Node.js for a connection that failed, in words. */
const UNREACHABLE: Record<string, string> = {
  ECONNREFUSED: 'Connection refused',
  ECONNRESET: 'Connection reset',
  ENOTFOUND: 'Unknown host name',
  EAI_AGAIN: 'No response of the name server',
  EHOSTUNREACH: 'No route to host',
  ENETUNREACH: 'No route to network',
  ETIMEDOUT: 'Connection timed out',
  ECONNABORTED: 'No response in time',
}

const CERTIFICATE =
  /^(CERT_|ERR_TLS_CERT|DEPTH_ZERO_SELF_SIGNED|SELF_SIGNED|UNABLE_TO_(GET_ISSUER|VERIFY))/

/** Whether a repeat may succeed: a certificate that is not trusted stays so. */
export function isLasting(error: unknown): boolean {
  return CERTIFICATE.test(codeOf(error))
}

/** The reason for people, without the text of the error, which may hold a proxy's password. */
export function describe(error: unknown, url: string): string {
  const code = codeOf(error)
  if (CERTIFICATE.test(code)) {
    return `The certificate of ${url} is not trusted: ${code}. Hint: enter the private CA in the credential, or correct the server URL.`
  }
  const reason = UNREACHABLE[code] ?? code
  return `${url} cannot be reached${reason ? `: ${reason}` : ''}. Hint: check the server URL, the network and the proxy.`
}

/** The code of the innermost cause: n8n wraps the errors of its HTTP client. */
function codeOf(error: unknown): string {
  let code = ''
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if ('code' in cause && typeof cause.code === 'string') code = cause.code
  }
  return code
}
