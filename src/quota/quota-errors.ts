/** Too many requests wait for the limiter already. */
export class QuotaQueueFullError extends Error {
  override name = 'QuotaQueueFullError'
  /** @param estimateMs how long a new request would wait, in milliseconds */
  constructor(readonly estimateMs: number) {
    super(`The queue for the quota is full; it empties in about ${Math.ceil(estimateMs)} ms.`)
  }
}

/** The estimated wait passes the deadline. */
export class QuotaWaitError extends Error {
  override name = 'QuotaWaitError'
  /** @param estimateMs how long the request would wait, in milliseconds */
  constructor(readonly estimateMs: number) {
    super(
      `The wait for the quota is about ${Math.ceil(estimateMs)} ms, longer than the time allowed.`,
    )
  }
}

/** Redis, which holds the quota for all replicas, is unavailable. */
export class RedisUnavailableError extends Error {
  override name = 'RedisUnavailableError'
  constructor() {
    super('Redis, which shares the quota among the replicas, is unavailable; nothing was sent.')
  }
}

/** The permit expired before its request was sent. */
export class PermitVoidError extends Error {
  override name = 'PermitVoidError'
  constructor() {
    super('The permit expired before the request was sent.')
  }
}
