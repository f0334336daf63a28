import { CloudTrailClient } from '@aws-sdk/client-cloudtrail'
import { Agent as HttpAgent } from 'node:http'
import { Agent as HttpsAgent } from 'node:https'
import { LRUCache } from 'lru-cache'
import type { Connection } from './connections/connection.js'

/** Clients kept for reuse, least recently used evicted first. A client takes about 26 KB. */
const MAX_CLIENTS = 1000

/** How long an idle socket outlives the attempt timeout, in milliseconds. */
const IDLE_SOCKET_MS = 20_000

/**
 * Sockets to one endpoint. A process opens its sockets one by one, and a busy endpoint accepts them one by one: with hundreds
 * of new ones the last wait for seconds, while requests on the open ones overtake them. The quota of 50 accounts needs 128,
 * where CloudTrail takes 200 ms for a response.
 */
const MAX_SOCKETS = 128

/** Connect timeout, in milliseconds; part of the attempt timeout. */
const CONNECT_TIMEOUT_MS = 5_000

/**
 * A CloudTrail client for each connection. All clients share one set of sockets, so that the sockets of an endpoint
 * stay warm across connections.
 *
 * Credentials, endpoint and region are always explicit, and FIPS and dual-stack explicitly off: the SDK would take
 * each of them from the environment (`AWS_ENDPOINT_URL`, `AWS_USE_FIPS_ENDPOINT`) and call somewhere else.
 */
export class ClientPool {
  /**
   * By the id of the connection. An evicted client is not destroyed: running commands still use it, and its sockets are
   * shared.
   */
  readonly #clients: LRUCache<string, CloudTrailClient>
  readonly #httpAgent: HttpAgent
  readonly #httpsAgent: HttpsAgent
  readonly #sweep: NodeJS.Timeout

  /**
   * @param attemptTimeoutMs timeout of one attempt, in milliseconds
   * @param idleMs how long an unused client is kept, in milliseconds
   */
  constructor(
    private readonly attemptTimeoutMs: number,
    idleMs: number,
  ) {
    const options = {
      keepAlive: true,
      maxSockets: MAX_SOCKETS,
      timeout: attemptTimeoutMs + IDLE_SOCKET_MS,
    }
    this.#httpAgent = new HttpAgent(options)
    this.#httpsAgent = new HttpsAgent(options)
    this.#clients = new LRUCache({ max: MAX_CLIENTS, ttl: idleMs, updateAgeOnGet: true })
    this.#sweep = setInterval(() => this.#clients.purgeStale(), idleMs / 4)
    this.#sweep.unref()
  }

  /** The client of a connection, created at its first use. */
  for(connection: Connection): CloudTrailClient {
    const known = this.#clients.get(connection.id)
    if (known) return known
    const client = this.#create(connection)
    this.#clients.set(connection.id, client)
    return client
  }

  /** Closes all sockets and drops every client. */
  close(): void {
    clearInterval(this.#sweep)
    this.#httpAgent.destroy()
    this.#httpsAgent.destroy()
    this.#clients.clear()
  }

  #create(connection: Connection): CloudTrailClient {
    return new CloudTrailClient({
      endpoint: connection.endpoint,
      region: connection.region,
      credentials: connection.credentials,
      useFipsEndpoint: false,
      useDualstackEndpoint: false,
      retryMode: 'standard',
      maxAttempts: 3,
      requestHandler: {
        connectionTimeout: Math.min(CONNECT_TIMEOUT_MS, this.attemptTimeoutMs),
        requestTimeout: this.attemptTimeoutMs,
        throwOnRequestTimeout: true,
        httpAgent: this.#httpAgent,
        httpsAgent: this.#httpsAgent,
      },
    })
  }
}
