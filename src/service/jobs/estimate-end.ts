/** What is known of a job's pace. */
export interface Pace {
  /** Milliseconds since 1970, as `createdAt` is. */
  now: number
  createdAt: number
  /** Inputs that are done, out of how many. */
  done: number
  total: number
  /** Requests a second that the quota allows. */
  tps: number
}

/**
 * When a job will be done, in milliseconds since 1970. It goes on at the pace it had so far, and no faster than the
 * quota lets it: the first second's requests leave at once, and would promise too much.
 */
export function estimateEnd({ now, createdAt, done, total, tps }: Pace): number {
  const left = total - done
  const atQuota = (left * 1000) / tps
  const atPace = done === 0 ? 0 : (left * (now - createdAt)) / done
  return now + Math.ceil(Math.max(atQuota, atPace))
}
