/** The address of Redis, parsed from REDIS_URL. */
export interface RedisTarget {
  /** One server, a server that sentinels name, or the shards of a cluster. */
  kind: 'server' | 'sentinel' | 'cluster'
  /** The server; the sentinels; some nodes of the cluster. */
  nodes: { host: string; port: number }[]
  /** The server's name at the sentinels. */
  sentinelName: string | undefined
  username: string | undefined
  password: string | undefined
  /** The number of the database; a cluster has only 0. */
  db: number
  tls: boolean
}

/** REDIS_URL cannot be read. The message names the rule and no part of the URL, which may hold a password. */
export class RedisUrlError extends Error {
  override name = 'RedisUrlError'
}

const FORMS =
  'redis://[user:password@]host:6379[/db], redis+sentinel://[user:password@]host:26379,host:26379/name[/db] or redis+cluster://[user:password@]host:6379,host:6379, each with rediss for TLS'

/** Scheme, credentials, nodes and path. There may be several nodes, which `URL` does not parse. */
const URL_PATTERN = /^redis(s?)(?:\+(sentinel|cluster))?:\/\/(?:([^@/]*)@)?([^@/?#]+)(\/[^?#]*)?$/

/** A node: a name, an IPv4 address or a bracketed IPv6 address, and a port. */
const NODE_PATTERN = /^(\[[0-9a-fA-F:.]+\]|[A-Za-z0-9._-]+)(?::(\d{1,5}))?$/

/**
 * Parses REDIS_URL: `redis://` and `rediss://` (TLS) as registered with IANA, and `+sentinel` and `+cluster` for the two
 * forms with several hosts.
 *
 * @throws {RedisUrlError}
 */
export function parseRedisUrl(url: string): RedisTarget {
  const [, tls, form, credentials, hosts = '', path = ''] = URL_PATTERN.exec(url) ?? []
  if (tls === undefined) throw new RedisUrlError(`REDIS_URL must be ${FORMS}`)
  const kind = form === 'sentinel' || form === 'cluster' ? form : 'server'
  const nodes = hosts.split(',').map((node) => parseNode(node, kind === 'sentinel' ? 26379 : 6379))
  if (kind === 'server' && nodes.length > 1) {
    throw new RedisUrlError(
      'REDIS_URL names several hosts: use redis+sentinel:// or redis+cluster://',
    )
  }
  const parts = path.split('/').slice(1)
  const sentinelName = kind === 'sentinel' ? parts.shift() : undefined
  if (kind === 'sentinel' && !sentinelName) {
    throw new RedisUrlError("REDIS_URL must end in the server's name at the sentinels")
  }
  const db = parts.length === 0 || parts[0] === '' ? 0 : Number(parts[0])
  if (parts.length > 1 || !Number.isInteger(db) || db < 0 || (kind === 'cluster' && db > 0)) {
    throw new RedisUrlError(`REDIS_URL must be ${FORMS}`)
  }
  return { kind, nodes, sentinelName, ...parseCredentials(credentials), db, tls: tls === 's' }
}

/** The address of Redis without credentials, for logs and `GET /readyz`. */
export function describeTarget({ kind, nodes, sentinelName }: RedisTarget): string {
  const hosts = nodes.map(({ host, port }) => `${host}:${port}`).join(',')
  if (kind === 'server') return hosts
  return kind === 'sentinel'
    ? `${sentinelName ?? ''} of the sentinels ${hosts}`
    : `cluster ${hosts}`
}

function parseNode(node: string, defaultPort: number): { host: string; port: number } {
  const [, host, digits] = NODE_PATTERN.exec(node) ?? []
  const port = digits === undefined ? defaultPort : Number(digits)
  if (host === undefined || port < 1 || port > 65535) {
    throw new RedisUrlError('Each host of REDIS_URL must be host:port')
  }
  return { host: host.replace(/^\[|\]$/g, ''), port }
}

function parseCredentials(text: string | undefined) {
  if (text === undefined) return { username: undefined, password: undefined }
  const colon = text.indexOf(':')
  const [user, password] = colon === -1 ? [text, ''] : [text.slice(0, colon), text.slice(colon + 1)]
  try {
    return {
      username: decodeURIComponent(user) || undefined,
      password: decodeURIComponent(password) || undefined,
    }
  } catch {
    throw new RedisUrlError(
      'User and password of REDIS_URL must be percent-encoded where they hold other than letters and digits',
    )
  }
}
