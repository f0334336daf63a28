import fp from 'fastify-plugin'
import { createConnections, type Connections } from '../cloudtrail/connections/connections.js'
import type { SandboxEndpoint } from '../cloudtrail/connections/default-connection.js'
import type { Config } from '../config.js'

declare module 'fastify' {
  interface FastifyInstance {
    /** The configured connections, and the builder of inline ones. */
    connections: Connections
  }
}

/** Options of the plugin. */
export interface ConnectionsOptions {
  config: Config
  /** The running sandbox, which becomes the connection `default`. */
  sandbox: SandboxEndpoint | undefined
  /** Holds the `{"env": …}` values of the connections file. */
  env: NodeJS.ProcessEnv
}

/** Builds the connections, and watches CONNECTIONS_FILE. */
export const connectionsPlugin = fp<ConnectionsOptions>(
  async (app, { config, sandbox, env }) => {
    const connections = createConnections(config, { logger: app.log, env, sandbox })
    app.decorate('connections', connections)
    app.addHook('onClose', () => connections.close())
  },
  { name: 'connections' },
)
