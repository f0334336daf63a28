/** What the end of a job is estimated from. */
export interface Pace {
  /** Milliseconds since 1970, as `createdAt` is. */
  now: number
  createdAt: number
  /** Inputs that are done, out of `total`. */
  done: number
  total: number
  /** Requests per second that the quota allows. */
  tps: number
}

/**
 * When a job will be done, in milliseconds since 1970. It is expected to keep its pace so far, and never to exceed the
 * quota: the burst of the first second would promise too much.
 */
export function estimateEnd({ now, createdAt, done, total, tps }: Pace): number {
  const left = total - done
  const atQuota = (left * 1000) / tps
  const atPace = done === 0 ? 0 : (left * (now - createdAt)) / done
  return now + Math.ceil(Math.max(atQuota, atPace))
}
