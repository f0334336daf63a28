import { reloadFile, type Reloaded } from '../../reloaded-file.js'
import { buildConnection, type ConnectionParts } from './build-connection.js'
import { ConnectionConfigError, InvalidConnectionError } from './connection-error.js'
import type { Connection, ConnectionFields } from './connection.js'
import { ConnectionsFileError, parseConnectionsFile } from './connections-file.js'
import {
  defaultConnection,
  type DefaultSettings,
  type SandboxEndpoint,
} from './default-connection.js'
import { RoleSessions } from './role-sessions.js'
import { EndpointError, parseAllowlist } from './server-url.js'

/** A request names a connection that it may not have: `unknown` by that name, or `forbidden` inline. */
export class ConnectionRefused extends Error {
  override name = 'ConnectionRefused'
  constructor(
    readonly reason: 'unknown' | 'forbidden',
    message: string,
  ) {
    super(message)
  }
}

/** The connections that are configured, and the builder of those that a request brings. */
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
  /** Stops polling the file. */
  close(): void
}

/** The part of the service's environment that configures connections. */
export interface ConnectionSettings extends DefaultSettings {
  /** Origins, comma separated, that may be called beside AWS's own hosts. */
  ENDPOINT_ALLOWLIST: string
  /** Path of the file of named connections. */
  CONNECTIONS_FILE?: string | undefined
  /** Whether a request may bring its own connection. */
  INLINE_CONNECTIONS: boolean
}

/** The parts of the process that connections use. */
export interface ConnectionsParts {
  logger: Parameters<typeof reloadFile>[2]
  /** Holds the `{"env": …}` values of the connections file. */
  env: NodeJS.ProcessEnv
  sandbox: SandboxEndpoint | undefined
}

/**
 * Builds the connections of the configuration: `default`, and those of CONNECTIONS_FILE, which are built again when the
 * file changes. With a sandbox, the connection `default` is the sandbox.
 *
 * @throws {ConnectionConfigError} when the configuration breaks a rule
 */
export function createConnections(
  settings: ConnectionSettings,
  { logger, env, sandbox }: ConnectionsParts,
): Connections {
  const parts: ConnectionParts = {
    allowlist: readAllowlist(settings.ENDPOINT_ALLOWLIST),
    sandboxUrl: sandbox?.url,
    sessions: new RoleSessions(),
  }
  const { connection: own, isConfigured } = defaultConnection(settings, sandbox, parts)
  const path = settings.CONNECTIONS_FILE
  const file = path === undefined ? undefined : openFile(path, { isConfigured, env, logger, parts })
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
        throw new ConnectionRefused('unknown', `no connection named ${wanted} is configured`)
      }
      if (!settings.INLINE_CONNECTIONS) {
        throw new ConnectionRefused(
          'forbidden',
          'this service takes connections by name only (INLINE_CONNECTIONS=false)',
        )
      }
      return buildConnection('inline', wanted, parts)
    },
  }
}

function readAllowlist(list: string): ReadonlySet<string> {
  try {
    return parseAllowlist(list)
  } catch (error) {
    throw error instanceof EndpointError ? new ConnectionConfigError(error.message) : error
  }
}

interface FileParts {
  /** Whether the environment configures the connection `default`, which the file may not do as well. */
  isConfigured: boolean
  env: NodeJS.ProcessEnv
  logger: ConnectionsParts['logger']
  parts: ConnectionParts
}

/**
 * Reads CONNECTIONS_FILE, and again whenever it changes.
 *
 * @throws {ConnectionConfigError} when it cannot be read or breaks a rule
 */
function openFile(
  path: string,
  { isConfigured, env, logger, parts }: FileParts,
): Reloaded<Map<string, Connection>> {
  try {
    return reloadFile(
      path,
      (text, readFile) =>
        buildAll(path, parseConnectionsFile(text, { path, env, readFile }), isConfigured, parts),
      logger,
    )
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === undefined) throw error
    throw new ConnectionConfigError(`CONNECTIONS_FILE ${path} cannot be read (${code})`)
  }
}

/** Builds every connection of the file, and reports every error of all of them. */
function buildAll(
  path: string,
  fields: Map<string, ConnectionFields>,
  isDefaultConfigured: boolean,
  parts: ConnectionParts,
): Map<string, Connection> {
  const errors: string[] = []
  const connections = new Map<string, Connection>()
  if (isDefaultConfigured && fields.has('default')) {
    errors.push('default is given by the environment (CLOUDTRAIL_*, or SANDBOX) as well')
  }
  for (const [name, given] of fields) {
    try {
      connections.set(name, buildConnection(name, given, parts))
    } catch (error) {
      if (!(error instanceof InvalidConnectionError)) throw error
      errors.push(...error.errors.map(({ field, message }) => `${name}.${field} ${message}`))
    }
  }
  if (errors.length > 0) throw new ConnectionsFileError(path, errors)
  return connections
}
