import type { FastifyReply } from 'fastify'
import type { LimiterState } from '../../quota/quota-pool.js'

/**
 * The state of the quota that a command used, as `RateLimit` and `RateLimit-Policy` (IETF httpapi draft
 * "RateLimit header fields for HTTP"): `q` requests in a window of `w` seconds, `r` of which are left, more in `t` seconds.
 */
export function setRateLimitHeaders(reply: FastifyReply, limiter: LimiterState): void {
  // below one request per second the window grows instead
  const quota = Math.max(1, Math.floor(limiter.tps))
  const window = limiter.tps < 1 ? Math.ceil(1 / limiter.tps) : 1
  const remaining = Math.max(0, quota - limiter.running - limiter.waiting)
  const reset = Math.ceil(limiter.estimatedWaitMs / 1000)
  reply.header('ratelimit-policy', `"${limiter.apiClass}";q=${quota};w=${window}`)
  reply.header('ratelimit', `"${limiter.apiClass}";r=${remaining};t=${reset}`)
}
