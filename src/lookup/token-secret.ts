import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { Config } from '../config.js'

/**
 * The secret behind the tokens of Lookup Events: `TOKEN_SECRET`, or else what replicas of one service have in common
 * and no client knows: the access secret of the connection `default`, the file of the named connections, that of the
 * API keys. When that changes, tokens made before it are refused.
 *
 * A service that has none of these (the sandbox; a host's own credentials without API keys) makes a secret of its own
 * at its start, and its tokens end with it.
 */
export function tokenSecret(config: Config): string {
  return (
    config.TOKEN_SECRET ??
    config.CLOUDTRAIL_ACCESS_SECRET ??
    contentOf(config.CONNECTIONS_FILE) ??
    contentOf(config.API_KEYS_FILE) ??
    randomBytes(32).toString('hex')
  )
}

/** A file that cannot be read is told by those who need it. */
function contentOf(path: string | undefined): string | undefined {
  try {
    return path === undefined ? undefined : readFileSync(path, 'utf8')
  } catch {
    /* c8 ignore start -- a file that is gone stops the start of the service elsewhere */
    return undefined
    /* c8 ignore stop */
  }
}
