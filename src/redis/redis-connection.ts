import { EventEmitter } from 'node:events'
import type { Logger } from '../log.js'
import { createRedisClient, type RedisClient } from './redis-client.js'
import { describeTarget, parseRedisUrl } from './redis-url.js'
import { probeWrite } from './write-probe.js'

/** How often Redis is probed, in milliseconds. */
const PROBE_MS = 500

/** How long the first connection may take before Redis counts as unavailable, in milliseconds. */
const START_MS = 1_500

/** The reason of a Redis that has returned no error since it was last available. */
const NO_RESPONSE = 'no response'

/** The events of a connection. */
interface RedisConnectionEvents {
  /** Redis runs scripts that write, for the first time or again. It may have lost its data. */
  up: []
  /** Redis does not respond, or refuses to write. */
  down: []
}

/**
 * The connection to Redis, and whether Redis is available: whether it runs a script that writes. An open TCP connection is
 * not enough: a server that is stopped, or behind a cut cable, keeps it. Neither is PONG: a replica, a full server and a
 * user without permission respond to PING.
 *
 * The connection is made and kept in the background. Commands of `client` fail at once while Redis is not reached, and
 * after COMMAND_TIMEOUT_MS when it does not respond.
 */
export class RedisConnection extends EventEmitter<RedisConnectionEvents> {
  readonly client: RedisClient
  /** The address of Redis, without password. */
  readonly name: string
  #state: 'connecting' | 'up' | 'down' | 'closed' = 'connecting'
  #lastError = NO_RESPONSE
  /** Whether the log has the error by which Redis refuses to write. */
  #refusalLogged = false
  #probing = false
  readonly #startedAt = performance.now()
  readonly #timer: NodeJS.Timeout

  /** @throws {RedisUrlError} */
  constructor(
    url: string,
    private readonly logger: Logger,
  ) {
    super()
    this.setMaxListeners(0)
    const target = parseRedisUrl(url)
    this.name = describeTarget(target)
    this.client = createRedisClient(target)
    const onError = (error: Error) => {
      this.#lastError = error.message
    }
    this.client.on('error', onError)
    // errors of a cluster's nodes
    this.client.on('node error', onError)
    this.client.on('ready', () => void this.#probe())
    this.client.on('close', () => this.#down())
    this.#timer = setInterval(() => this.#check(), PROBE_MS)
    this.#timer.unref()
  }

  /** Whether Redis is available. */
  get isUp(): boolean {
    return this.#state === 'up'
  }

  /** The last error, for the operator of an unavailable Redis; without any secret. */
  get lastError(): string {
    return this.#lastError
  }

  /** Closes the connection. No more events are emitted. */
  close(): void {
    this.#state = 'closed'
    clearInterval(this.#timer)
    this.removeAllListeners()
    this.client.disconnect()
  }

  #check(): void {
    if (this.client.status === 'ready') {
      void this.#probe().then((error) => {
        if (error && mayHelpToReconnect(error)) this.#reconnect()
      })
    } else if (performance.now() - this.#startedAt > START_MS) this.#down()
  }

  /** Probes Redis; the error, if it is unavailable. */
  async #probe(): Promise<Error | undefined> {
    if (this.#probing) return undefined
    this.#probing = true
    try {
      await probeWrite(this.client)
      this.#up()
      return undefined
    } catch (caught) {
      const error = caught as Error
      if (saysWhy(error)) this.#lastError = error.message
      this.#down(isReply(error))
      return error
    } finally {
      this.#probing = false
    }
  }

  /** Drops the connection and makes another. One that is being made is left alone. */
  #reconnect(): void {
    if (this.#state !== 'closed' && this.client.status === 'ready') this.client.disconnect(true)
  }

  #up(): void {
    if (this.#state === 'up' || this.#state === 'closed') return
    this.logger.info({ redis: this.name }, 'Redis is available')
    this.#state = 'up'
    this.#lastError = NO_RESPONSE
    this.#refusalLogged = false
    this.emit('up')
  }

  /** @param refused whether Redis responded with an error */
  #down(refused = false): void {
    if (this.#state === 'closed') return
    const isNews = this.#state !== 'down' || (refused && !this.#refusalLogged)
    if (isNews) {
      this.#refusalLogged ||= refused
      this.logger.error({ redis: this.name, reason: this.#lastError }, 'Redis is unavailable')
    }
    if (this.#state === 'down') return
    this.#state = 'down'
    this.emit('down')
  }
}

/**
 * A connection on which nothing comes back is of no use. The address of a server that has become a replica may lead to
 * another server by now.
 */
function mayHelpToReconnect(error: Error): boolean {
  return !isReply(error) || error.message.startsWith('READONLY')
}

/** Whether Redis responded with this error. */
function isReply(error: Error): boolean {
  return error.name === 'ReplyError'
}

/** Whether an error says why Redis is unavailable. Others say only that the connection is being made again. */
function saysWhy(error: Error): boolean {
  return isReply(error) || error.message === 'Command timed out'
}
