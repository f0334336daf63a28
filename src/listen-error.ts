/** The service cannot listen where it is configured to; the message names the variable, and what to set instead. */
export class ListenError extends Error {
  override name = 'ListenError'
}

/** Where a server is to listen, and the variables that say so. */
export interface ListenAddress {
  hostVariable: string
  host: string
  portVariable: string
  port: number
}

/** The error of a server that cannot listen, for the operator; any other error stays as it is. */
export function listenError(error: unknown, address: ListenAddress): unknown {
  const { hostVariable, host, portVariable, port } = address
  const { code = '' } = error as NodeJS.ErrnoException
  switch (code) {
    case 'EADDRINUSE':
      return new ListenError(
        `${portVariable} ${port} is in use on ${host}: stop the process that uses it, or set ${portVariable} to another port (0 takes any free one)`,
      )
    case 'EACCES':
      return new ListenError(
        `${portVariable} ${port} is not open to this user: set ${portVariable} to a port from 1024`,
      )
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
    case 'EINVAL':
      return new ListenError(
        `${hostVariable} ${host} is no address of this machine (${code}): set ${hostVariable} to 127.0.0.1, to 0.0.0.0 for all of its addresses, or to one of them`,
      )
    default:
      return error
  }
}
