import type { FastifyBaseLogger } from 'fastify'
import { parseAllowlist } from '../endpoint.js'
import type { Config } from '../../config.js'
import { reloadFile, type Reloaded } from '../../reloaded-file.js'
import {
  InvalidConnectionError,
  buildConnection,
  type ConnectionParts,
} from './build-connection.js'
import { defaultFields, type SandboxEndpoint } from './default-connection.js'
import type { Connection, ConnectionFields } from './connection.js'
import { ConnectionsFileError, parseConnectionsFile } from './connections-file.js'
import { RoleSessions } from './role-sessions.js'

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
   * @throws {InvalidConnectionError} when inline fields break a rule
   */
  resolve(wanted: string | ConnectionFields | undefined): Connection
  /** Every configured connection. */
  list(): readonly Connection[]
  /** Stops looking at the file. */
  close(): void
}

/** What connections are made of beside the configuration. */
export interface ConnectionsParts {
  logger: Pick<FastifyBaseLogger, 'info' | 'error'>
  /** Where `{"env": …}` values of the connections file are found. */
  env: NodeJS.ProcessEnv
  sandbox: SandboxEndpoint | undefined
}

/**
 * Builds the connections of the configuration: `default`, and those of CONNECTIONS_FILE, which are built anew when it
 * changes. With a sandbox, the connection `default` is the sandbox.
 *
 * @throws {InvalidConnectionError | ConnectionsFileError | EndpointError} when the configuration breaks a rule
 */
export function createConnections(
  config: Config,
  { logger, env, sandbox }: ConnectionsParts,
): Connections {
  const parts: ConnectionParts = {
    allowlist: parseAllowlist(config.ENDPOINT_ALLOWLIST),
    sandboxUrl: sandbox?.url,
    sessions: new RoleSessions(),
  }
  const given = defaultFields(config, sandbox)
  const own = buildConnection('default', given ?? {}, parts)
  const path = config.CONNECTIONS_FILE
  const file: Reloaded<Map<string, Connection>> | undefined =
    path === undefined
      ? undefined
      : reloadFile(
          path,
          (text, readFile) =>
            buildAll(
              parseConnectionsFile(text, { path, env, readFile }),
              given !== undefined,
              parts,
            ),
          logger,
        )
  const named = (name: string) =>
    file?.current().get(name) ?? (name === 'default' ? own : undefined)
  const list = () => [
    ...(file?.current().has('default') ? [] : [own]),
    ...(file?.current().values() ?? []),
  ]
  return {
    list,
    close: () => file?.close(),
    resolve(wanted = 'default') {
      if (typeof wanted === 'string') {
        const connection = named(wanted)
        if (connection) return connection
        throw new ConnectionRefused(
          'unknown',
          `no connection named ${wanted} is configured (there are: ${list()
            .map(({ name }) => name)
            .join(', ')})`,
        )
      }
      if (!config.INLINE_CONNECTIONS) {
        throw new ConnectionRefused(
          'forbidden',
          'this service takes connections by name only (INLINE_CONNECTIONS=false)',
        )
      }
      return buildConnection('inline', wanted, parts)
    },
  }
}

/** Builds every connection of the file, and tells every fault of all of them. */
function buildAll(
  fields: Map<string, ConnectionFields>,
  isDefaultGiven: boolean,
  parts: ConnectionParts,
): Map<string, Connection> {
  const faults: string[] = []
  const connections = new Map<string, Connection>()
  if (isDefaultGiven && fields.has('default')) {
    faults.push('default is given by the environment (CLOUDTRAIL_*, or SANDBOX) as well')
  }
  for (const [name, given] of fields) {
    try {
      connections.set(name, buildConnection(name, given, parts))
    } catch (error) {
      if (!(error instanceof InvalidConnectionError)) throw error
      faults.push(...error.faults.map(({ field, message }) => `${name}.${field} ${message}`))
    }
  }
  if (faults.length > 0) throw new ConnectionsFileError(faults)
  return connections
}
