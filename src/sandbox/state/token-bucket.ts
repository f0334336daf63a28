import type { ApiClass } from '../../aws/api-class.js'

/** CloudTrail's quotas in requests per second, each per account and region ("Quotas in AWS CloudTrail"). */
export const AWS_QUOTAS: Readonly<Record<ApiClass, number>> = { read: 10, lookup: 2, write: 1 }

/**
 * What a bucket holds above one second's quota, in requests. A caller that keeps the quota exactly is
 * early by its own jitter every now and then; half a request forgives that, and is too little to let
 * a request more through at once.
 */
const FORGIVEN = 0.5

/** A token bucket: it fills at the quota's rate up to one second's worth, and each request takes one. */
export class TokenBucket {
  readonly #perSecond: number
  #tokens: number
  #filledAt: number

  /**
   * @param perSecond the quota, in requests per second
   * @param now the present, in milliseconds
   */
  constructor(perSecond: number, now: number) {
    this.#perSecond = perSecond
    this.#tokens = perSecond + FORGIVEN
    this.#filledAt = now
  }

  /** Takes a token and says whether there was one. */
  take(now: number): boolean {
    const elapsed = Math.max(0, now - this.#filledAt)
    const filled = this.#tokens + (elapsed * this.#perSecond) / 1000
    this.#tokens = Math.min(this.#perSecond + FORGIVEN, filled)
    this.#filledAt = now
    if (this.#tokens < 1) return false
    this.#tokens -= 1
    return true
  }
}

/** The buckets of every account, region and class that has been called. */
export class Quotas {
  readonly #buckets = new Map<string, TokenBucket>()

  /** Whether a request is within its quota. `now` is a clock that never runs backwards, in milliseconds. */
  allows(accountId: string, region: string, apiClass: ApiClass, now: number): boolean {
    const key = `${accountId}/${region}/${apiClass}`
    let bucket = this.#buckets.get(key)
    if (bucket === undefined) {
      bucket = new TokenBucket(AWS_QUOTAS[apiClass], now)
      this.#buckets.set(key, bucket)
    }
    return bucket.take(now)
  }

  /** Fills every bucket again. */
  reset(): void {
    this.#buckets.clear()
  }
}
