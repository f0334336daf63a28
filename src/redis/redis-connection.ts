import { EventEmitter } from 'node:events'
import type { FastifyBaseLogger } from 'fastify'
import { createRedisClient, type RedisClient } from './redis-client.js'
import { describeTarget, parseRedisUrl } from './redis-url.js'

/** How often Redis is asked whether it answers, in milliseconds. */
const CHECK_MS = 500

/** How long the first connection may take before Redis counts as away, in milliseconds. */
const START_MS = 1_500

/** What a connection tells. */
interface RedisConnectionEvents {
  /** Redis answers, for the first time or again. What it knew may be gone. */
  up: []
  /** Redis does not answer. */
  down: []
}

/**
 * The connection to Redis, and whether Redis answers.
 *
 * It is made and kept in the background: nobody waits for it. Commands of `client` fail at once while Redis is away, and
 * after COMMAND_TIMEOUT_MS when it does not answer. That the TCP connection stands is not enough to be up: a server that
 * is stopped, or behind a cut cable, keeps it.
 */
export class RedisConnection extends EventEmitter<RedisConnectionEvents> {
  readonly client: RedisClient
  /** Where Redis is, without password. */
  readonly name: string
  #state: 'connecting' | 'up' | 'down' | 'closed' = 'connecting'
  #lastError = 'no answer'
  #checking = false
  readonly #startedAt = performance.now()
  readonly #timer: NodeJS.Timeout

  /** @throws {RedisUrlError} */
  constructor(
    url: string,
    private readonly logger: FastifyBaseLogger,
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
    // what a cluster says of its nodes
    this.client.on('node error', onError)
    this.client.on('ready', () => void this.#check())
    this.client.on('close', () => this.#down())
    this.#timer = setInterval(() => void this.#check(), CHECK_MS)
    this.#timer.unref()
  }

  /** Whether Redis answers. */
  get isUp(): boolean {
    return this.#state === 'up'
  }

  /** What to tell the operator of a Redis that does not answer: the last error, without any secret. */
  get lastError(): string {
    return this.#lastError
  }

  /** Ends the connection. Nothing is told any more. */
  close(): void {
    this.#state = 'closed'
    clearInterval(this.#timer)
    this.removeAllListeners()
    this.client.disconnect()
  }

  async #check(): Promise<void> {
    if (this.#checking) return
    if (this.client.status !== 'ready') {
      if (performance.now() - this.#startedAt > START_MS) this.#down()
      return
    }
    this.#checking = true
    try {
      await this.client.ping()
      this.#up()
    } catch (error) {
      this.#lastError = (error as Error).message
      this.#down()
      this.#renew()
    } finally {
      this.#checking = false
    }
  }

  get #closed(): boolean {
    return this.#state === 'closed'
  }

  /** Ends a connection on which nothing comes back, and makes another. One that is being made must be left to it. */
  #renew(): void {
    if (!this.#closed && this.client.status === 'ready') this.client.disconnect(true)
  }

  #up(): void {
    if (this.#state === 'up' || this.#closed) return
    this.logger.info({ redis: this.name }, 'Redis answers')
    this.#state = 'up'
    this.emit('up')
  }

  #down(): void {
    if (this.#state === 'down' || this.#closed) return
    this.logger.error({ redis: this.name, reason: this.#lastError }, 'Redis is away')
    this.#state = 'down'
    this.emit('down')
  }
}
