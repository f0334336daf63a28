import type { Config } from '../config.js'
import { parseAllowlist } from '../cloudtrail/endpoint.js'
import { buildConnection, type EndpointPolicy } from './build-connection.js'
import type { Connection, ConnectionFields } from './connection.js'

/** A request asked for a connection that it may not have: `unknown` by that name, or `forbidden` inline. */
export class ConnectionRefused extends Error {
  override name = 'ConnectionRefused'
  constructor(
    readonly reason: 'unknown' | 'forbidden',
    message: string,
  ) {
    super(message)
  }
}

/** The connections that the service knows, and the maker of those that a request brings. */
export interface Connections {
  /**
   * The connection that a request's `connection` field means: a name, fields of its own, or `default` when left out.
   *
   * @throws {ConnectionRefused} for an unknown name, or inline fields where they are not allowed
   * @throws {ConnectionFaults} when inline fields break a rule
   */
  resolve(wanted: string | ConnectionFields | undefined): Connection
  /** Every configured connection. */
  list(): readonly Connection[]
}

/** The fields of a running sandbox that its connection needs. */
export interface SandboxEndpoint {
  url: string
  accessKey: string
  accessSecret: string
}

/**
 * Builds the connections of the configuration. With a sandbox, the connection `default` is the sandbox.
 *
 * @throws {ConnectionFaults | EndpointError} when the configuration breaks a rule
 */
export function createConnections(
  config: Config,
  sandbox: SandboxEndpoint | undefined,
): Connections {
  const policy: EndpointPolicy = {
    allowlist: parseAllowlist(config.ENDPOINT_ALLOWLIST),
    sandboxUrl: sandbox?.url,
  }
  const defaultConnection = buildConnection(
    'default',
    sandbox
      ? {
          serverUrl: sandbox.url,
          accessKey: sandbox.accessKey,
          accessSecret: sandbox.accessSecret,
          region: config.CLOUDTRAIL_REGION,
        }
      : {
          serverUrl: config.CLOUDTRAIL_SERVER_URL,
          accessKey: config.CLOUDTRAIL_ACCESS_KEY,
          accessSecret: config.CLOUDTRAIL_ACCESS_SECRET,
          sessionToken: config.CLOUDTRAIL_SESSION_TOKEN,
          region: config.CLOUDTRAIL_REGION,
        },
    policy,
  )
  return {
    list: () => [defaultConnection],
    resolve(wanted) {
      if (wanted === undefined || wanted === 'default') return defaultConnection
      if (typeof wanted === 'string') {
        throw new ConnectionRefused('unknown', `no connection named ${wanted} is configured`)
      }
      if (!config.INLINE_CONNECTIONS) {
        throw new ConnectionRefused(
          'forbidden',
          'this service takes connections by name only (INLINE_CONNECTIONS=false)',
        )
      }
      return buildConnection('inline', wanted, policy)
    },
  }
}
