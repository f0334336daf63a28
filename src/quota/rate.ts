/** A quota as slots: at most `size` requests in any window. */
export interface Rate {
  readonly size: number
  /** In milliseconds, 1000 or more. */
  readonly windowMs: number
}

/**
 * The slots of a quota. Above one request per second it is rounded down to whole requests per second; below, it is one
 * request in a longer window: 0.5 per second is one request in two seconds.
 *
 * @param tps requests per second, above 0
 */
export function rateOf(tps: number): Rate {
  const size = Math.max(1, Math.floor(tps))
  return { size, windowMs: Math.max(1000, 1000 / tps) }
}
