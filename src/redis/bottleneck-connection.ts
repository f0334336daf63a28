import Bottleneck from 'bottleneck'
import { Redis } from 'ioredis'
import type { RedisClient } from './redis-client.js'
import type { RedisConnection } from './redis-connection.js'

/** How Bottleneck's scripts know the time: as the client says. */
const CLIENT_CLOCK = 'local now = tonumber(ARGV[1])'

/** How they know it here: as Redis says, so that a replica whose clock is wrong harms nobody. */
const REDIS_CLOCK =
  "local time = redis.call('TIME') local now = time[1] * 1000 + math.floor(time[2] / 1000)"

/** Errors by which a script says that Redis knows nothing of a limiter, or nothing of this client of it. */
const FORGOTTEN = /^(?:ERR )?(SETTINGS_KEY_NOT_FOUND|UNKNOWN_CLIENT)/

type Callback = (error: Error | null, reply?: unknown) => void
type Script = (...args: unknown[]) => unknown

/** What is used of Bottleneck's connection beyond its types. */
interface Internals {
  client: Record<string, Script>
  subscriber: RedisClient
  limiters: Record<string, unknown>
  __scriptFn__: (name: string) => Script
}

/** What is used of Bottleneck's limiters beyond their types. */
interface LimiterInternals {
  id: string
  _store: { heartbeat?: NodeJS.Timeout }
  channel(): string
  channel_client(): string
}

/**
 * Bottleneck's connection to Redis, with what Bottleneck 2.19 lacks:
 *
 * - Redis 7 puts `ERR ` before the errors of scripts, by which Bottleneck no longer knows them, so that a limiter that
 *   Redis has forgotten would hang for ever;
 * - its scripts take the time of whoever calls them; here they take the time of Redis;
 * - its subscriptions would be lost when they are made while the connection is away.
 */
export class BottleneckConnection {
  readonly connection: Bottleneck.IORedisConnection
  readonly #internals: Internals
  /** Who wants to know that Redis has forgotten a limiter, by the name of its settings key. */
  readonly #forgotten = new Map<string, () => void>()

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
    // a connection that only listens would not notice that nothing comes any more
    redis.on('down', () => {
      if (subscriber.status === 'ready') subscriber.disconnect(true)
    })
  }

  /** Calls `onForgotten` when Redis turns out to know nothing of a limiter, or of this client of it. */
  watch(limiter: Bottleneck, onForgotten: () => void): void {
    this.#forgotten.set(settingsKey(limiter), onForgotten)
  }

  /** Ends what a limiter does here: its heartbeat and its subscriptions. Its jobs that run still free their slots. */
  forget(limiter: Bottleneck): void {
    const own = limiter as unknown as LimiterInternals
    clearInterval(own._store.heartbeat)
    const { limiters, subscriber } = this.#internals
    const names = [own.channel(), own.channel_client()].filter((name) => limiters[name] === limiter)
    for (const name of names) Reflect.deleteProperty(limiters, name)
    this.#forgotten.delete(settingsKey(limiter))
    if (names.length > 0) subscriber.unsubscribe(...names).catch(() => undefined)
  }

  close(): void {
    this.#internals.subscriber.disconnect()
  }

  /** A script as Bottleneck calls it: keys and arguments, and a callback at the end. */
  #script(name: string): Script {
    const { client } = this.#internals
    return (...args) => {
      const callback = args.pop() as Callback
      const settings = String(args[1])
      return client[name]?.(...args, (error: Error | null, reply?: unknown) => {
        const known = error && FORGOTTEN.exec(error.message)?.[1]
        if (known === undefined || known === null) {
          callback(error, reply)
          return
        }
        this.#forgotten.get(settings)?.()
        callback(new Error(known))
      })
    }
  }
}

/** The key under which Bottleneck keeps a limiter's settings. */
function settingsKey(limiter: Bottleneck): string {
  return `b_${(limiter as unknown as LimiterInternals).id}_settings`
}
