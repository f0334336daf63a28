import { CloudTrailClient } from '@aws-sdk/client-cloudtrail'
import type { Connection } from '../connections/connection.js'

/** Clients kept for reuse; the one used longest ago goes first. A client costs about 26 KB. */
const MAX_CLIENTS = 1000

/** How long an idle socket outlives an attempt's longest time, in milliseconds. */
const IDLE_SOCKET_MS = 20_000

/** Time to reach the endpoint, in milliseconds; part of an attempt's time. */
const CONNECT_TIMEOUT_MS = 5_000

/**
 * One CloudTrail client for each connection, so that its sockets stay warm.
 *
 * Credentials, endpoint and region are always explicit, and FIPS and dual-stack explicitly off: the SDK would take
 * each of them from the environment (`AWS_ENDPOINT_URL`, `AWS_USE_FIPS_ENDPOINT`) and call somewhere else.
 */
export class ClientPool {
  readonly #clients = new Map<string, CloudTrailClient>()

  /** @param attemptTimeoutMs the longest time of one attempt, in milliseconds */
  constructor(private readonly attemptTimeoutMs: number) {}

  /** The client of a connection, made at its first use. */
  for(connection: Connection): CloudTrailClient {
    const client = this.#clients.get(connection.id) ?? this.#create(connection)
    // a Map keeps the order of insertion: what is used goes to the end, what is not comes to the front
    this.#clients.delete(connection.id)
    this.#clients.set(connection.id, client)
    if (this.#clients.size > MAX_CLIENTS) this.#forgetOldest()
    return client
  }

  /** Ends every client and its sockets. */
  close(): void {
    for (const client of this.#clients.values()) client.destroy()
    this.#clients.clear()
  }

  #create(connection: Connection): CloudTrailClient {
    // the quota, not the number of sockets, is what limits requests; idle sockets end by themselves
    const agent = { maxSockets: 256, timeout: this.attemptTimeoutMs + IDLE_SOCKET_MS }
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
        httpAgent: agent,
        httpsAgent: agent,
      },
    })
  }

  /** Not destroyed: that would end its requests in flight. Its idle sockets time out. */
  /* c8 ignore start -- a thousand clients take seconds to make */
  #forgetOldest(): void {
    for (const id of this.#clients.keys()) {
      this.#clients.delete(id)
      return
    }
  }
  /* c8 ignore stop */
}
