import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { Config } from '../../config.js'
import { parseConnectionsFile } from '../../cloudtrail/connections/connections-file.js'

/**
 * The secret behind the tokens of Lookup Events: `TOKEN_SECRET`, or else what replicas of one service have in common
 * and no client knows: the access secret of the connection `default`, those of the named connections, the file of the
 * API keys. When that changes, tokens made before it are refused.
 *
 * A service that has none of these (the sandbox; a host's own credentials without API keys) makes a secret of its own
 * at its start, and its tokens end with it.
 */
export function tokenSecret(config: Config, env: NodeJS.ProcessEnv): string {
  return (
    config.TOKEN_SECRET ??
    config.CLOUDTRAIL_ACCESS_SECRET ??
    secretsOf(config.CONNECTIONS_FILE, env) ??
    contentOf(config.API_KEYS_FILE) ??
    randomBytes(32).toString('hex')
  )
}

/** The access secrets themselves: the file may only say where they are. */
function secretsOf(path: string | undefined, env: NodeJS.ProcessEnv): string | undefined {
  if (path === undefined) return undefined
  const readFile = (file: string) => readFileSync(file, 'utf8')
  const connections = parseConnectionsFile(readFile(path), { path, env, readFile })
  const secrets = [...connections.values()].flatMap(({ accessSecret = [] }) => accessSecret)
  return secrets.length === 0 ? undefined : JSON.stringify(secrets)
}

/** Its readers report a file that cannot be read. */
function contentOf(path: string | undefined): string | undefined {
  try {
    return path === undefined ? undefined : readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}
