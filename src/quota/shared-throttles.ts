import type Bottleneck from 'bottleneck'
import type { RedisClient } from '../redis/redis-client.js'

/** How long a throttle is kept for replicas that come later, in milliseconds: until the pace has nearly recovered. */
const KEEP_MS = 30_000

/**
 * The longest delay of a message about a throttle, in milliseconds. Throttles of one burst at several replicas count as
 * one; the next burst comes after a longer pause.
 */
const DELAY_MS = 250

/** The throttles of one limiter at all replicas. All times are milliseconds on the clock of `performance.now()`. */
export class SharedThrottles {
  /** @param key the key in Redis that exists while a throttle is kept */
  constructor(
    private readonly redis: RedisClient,
    private readonly key: string,
  ) {}

  /** Reports a throttle to the other replicas. A replica that does not receive it is throttled itself. */
  report(bottleneck: Bottleneck, ageMs: number): void {
    bottleneck.publish(String(Math.round(ageMs))).catch(() => undefined)
    this.redis.set(this.key, '', 'PX', KEEP_MS).catch(() => undefined)
  }

  /**
   * Receives the throttles of all replicas, its own included.
   *
   * @param onThrottle receives when it was, and when its request got its permit or a little before
   */
  listen(
    bottleneck: Bottleneck,
    onThrottle: (throttledAt: number, grantedAt: number) => void,
  ): void {
    bottleneck.on('message', (message: string) => {
      const ageMs = Number(message)
      const now = performance.now()
      if (ageMs >= 0) onThrottle(now, now - ageMs - DELAY_MS)
    })
  }

  /** When a replica was throttled last, if that is kept. */
  async last(): Promise<number | undefined> {
    const left = await this.redis.pttl(this.key)
    return left > 0 ? performance.now() - (KEEP_MS - left) : undefined
  }
}
