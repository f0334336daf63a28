import { CloudTrailClient } from '@aws-sdk/client-cloudtrail'
import { Agent as HttpAgent } from 'node:http'
import { Agent as HttpsAgent } from 'node:https'
import type { Connection } from './connections/connection.js'

/** Clients kept for reuse; the one used longest ago goes first. A client costs about 26 KB. */
const MAX_CLIENTS = 1000

/** How long an idle socket outlives an attempt's longest time, in milliseconds. */
const IDLE_SOCKET_MS = 20_000

/** Time to reach the endpoint, in milliseconds; part of an attempt's time. */
const CONNECT_TIMEOUT_MS = 5_000

/**
 * A CloudTrail client for each connection. All of them share their sockets, so that those of an endpoint stay warm
 * whoever calls it.
 *
 * Credentials, endpoint and region are always explicit, and FIPS and dual-stack explicitly off: the SDK would take
 * each of them from the environment (`AWS_ENDPOINT_URL`, `AWS_USE_FIPS_ENDPOINT`) and call somewhere else.
 */
export class ClientPool {
  /** By the id of the connection, the one used longest ago first; `usedAt` on the clock of `performance.now()`. */
  readonly #clients = new Map<string, { client: CloudTrailClient; usedAt: number }>()
  readonly #httpAgent: HttpAgent
  readonly #httpsAgent: HttpsAgent
  readonly #sweep: NodeJS.Timeout

  /**
   * @param attemptTimeoutMs the longest time of one attempt, in milliseconds
   * @param idleMs how long an unused client is kept, in milliseconds
   */
  constructor(
    private readonly attemptTimeoutMs: number,
    idleMs: number,
  ) {
    // the quota, not the number of sockets, is what limits requests; idle sockets end by themselves
    const options = { keepAlive: true, timeout: attemptTimeoutMs + IDLE_SOCKET_MS }
    this.#httpAgent = new HttpAgent(options)
    this.#httpsAgent = new HttpsAgent(options)
    this.#sweep = setInterval(() => this.#forget(performance.now() - idleMs), idleMs / 4)
    this.#sweep.unref()
  }

  /** The client of a connection, made at its first use. */
  for(connection: Connection): CloudTrailClient {
    const client = this.#clients.get(connection.id)?.client ?? this.#create(connection)
    // a Map keeps the order of insertion: what is used goes to the end, what is not comes to the front
    this.#clients.delete(connection.id)
    this.#clients.set(connection.id, { client, usedAt: performance.now() })
    if (this.#clients.size > MAX_CLIENTS) this.#forget(-Infinity)
    return client
  }

  /** Ends every client and all sockets. */
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

  /**
   * Forgets clients that were used last before that time, and those that are too many. They are not destroyed: commands
   * that run still use them, and their sockets are everybody's.
   */
  #forget(before: number): void {
    for (const [id, { usedAt }] of this.#clients) {
      if (usedAt > before && this.#clients.size <= MAX_CLIENTS) return
      this.#clients.delete(id)
    }
  }
}
