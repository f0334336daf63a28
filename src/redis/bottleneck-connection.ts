import Bottleneck from 'bottleneck'
import { Redis } from 'ioredis'
import type { RedisClient } from './redis-client.js'
import type { RedisConnection } from './redis-connection.js'

/** How Bottleneck's scripts get the time: from the client. */
const CLIENT_CLOCK = 'local now = tonumber(ARGV[1])'

/** How they get it here: from Redis, so that a replica whose clock is wrong does no harm. */
const REDIS_CLOCK =
  "local time = redis.call('TIME') local now = time[1] * 1000 + math.floor(time[2] / 1000)"

/** Errors by which a script reports that Redis has lost a limiter, or this client of it. */
const LOST = /^(?:ERR )?(SETTINGS_KEY_NOT_FOUND|UNKNOWN_CLIENT)/

type Callback = (error: Error | null, reply?: unknown) => void
type Script = (...args: unknown[]) => unknown

/** The members of Bottleneck's connection that are used beyond its types. */
interface Internals {
  client: Record<string, Script>
  subscriber: RedisClient
  limiters: Record<string, unknown>
  __scriptFn__: (name: string) => Script
}

/** The members of Bottleneck's limiters that are used beyond their types. */
interface LimiterInternals {
  id: string
  _store: { heartbeat?: NodeJS.Timeout }
  channel(): string
  channel_client(): string
}

/**
 * Bottleneck's connection to Redis, with three fixes of Bottleneck 2.19:
 *
 * - Redis 7 puts `ERR ` before the errors of scripts. Bottleneck does not recognize them then, and a limiter that Redis
 *   has lost would hang for ever;
 * - its scripts use the clock of the client; here they use the clock of Redis;
 * - subscriptions made while the connection is down would be lost.
 */
export class BottleneckConnection {
  readonly connection: Bottleneck.IORedisConnection
  readonly #internals: Internals
  /** Callbacks for the loss of a limiter in Redis, by the name of its settings key. */
  readonly #onLost = new Map<string, () => void>()

  constructor(redis: RedisConnection) {
    const { client } = redis
    const defineCommand = client.defineCommand.bind(client)
    client.defineCommand = (name, { lua, ...definition }) =>
      defineCommand(name, { ...definition, lua: lua.replace(CLIENT_CLOCK, REDIS_CLOCK) })
    this.connection = new Bottleneck.IORedisConnection({ client, Redis })
    this.#internals = this.connection as unknown as Internals
    const { subscriber } = this.#internals
    const options = 'options' in subscriber ? subscriber.options : {}
    Object.assign(options, { enableOfflineQueue: true, maxRetriesPerRequest: null })
    Reflect.deleteProperty(options, 'commandTimeout')
    this.#internals.__scriptFn__ = (name) => this.#script(name)
    // a connection that only listens does not notice that it is dead
    redis.on('down', () => {
      if (subscriber.status === 'ready') subscriber.disconnect(true)
    })
  }

  /** Calls `onLost` when Redis has lost a limiter, or this client of it. */
  watch(limiter: Bottleneck, onLost: () => void): void {
    this.#onLost.set(settingsKey(limiter), onLost)
  }

  /** Stops a limiter's heartbeat and subscriptions. Its running jobs still release their slots. */
  forget(limiter: Bottleneck): void {
    const own = limiter as unknown as LimiterInternals
    clearInterval(own._store.heartbeat)
    const { limiters, subscriber } = this.#internals
    const names = [own.channel(), own.channel_client()].filter((name) => limiters[name] === limiter)
    for (const name of names) Reflect.deleteProperty(limiters, name)
    this.#onLost.delete(settingsKey(limiter))
    if (names.length > 0) subscriber.unsubscribe(...names).catch(() => undefined)
  }

  close(): void {
    this.#internals.subscriber.disconnect()
  }

  /** A script as Bottleneck calls it: with keys and arguments, and a callback at the end. */
  #script(name: string): Script {
    const { client } = this.#internals
    return (...args) => {
      const callback = args.pop() as Callback
      const settings = String(args[1])
      return client[name]?.(...args, (error: Error | null, reply?: unknown) => {
        const known = error && LOST.exec(error.message)?.[1]
        if (known === undefined || known === null) {
          callback(error, reply)
          return
        }
        this.#onLost.get(settings)?.()
        callback(new Error(known))
      })
    }
  }
}

/** The key under which Bottleneck keeps a limiter's settings. */
function settingsKey(limiter: Bottleneck): string {
  return `b_${(limiter as unknown as LimiterInternals).id}_settings`
}
