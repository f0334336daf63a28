/**
 * Whether sending a request again helps:
 *
 * - `no`: the same request fails again until somebody changes something.
 * - `same-key`: the same request may succeed later. A write that has an `idempotency-key` keeps it.
 * - `new-request`: what is left goes into a new request. A write gets a new `idempotency-key`.
 * - `after-reading`: the write may have been made. The caller reads the present state before it sends anything again.
 */
export type Retry = 'no' | 'same-key' | 'new-request' | 'after-reading'

/** `retryable` of an error: whether a program may send the request again without a look at the present state. */
export const isRetryable = (retry: Retry): boolean =>
  retry === 'same-key' || retry === 'new-request'

/** One error code of the service. */
export interface ErrorCode {
  /** HTTP status of a response that fails with this error alone. */
  status: number
  /** What happened, as a sentence for the reference. */
  meaning: string
  retry: Retry
  /** What to do about it; the default `hint` of the error. */
  action: string
  /** Default for `Retry-After`, in milliseconds. */
  retryAfterMs?: number
}

/** Delay until Redis is worth another attempt, in milliseconds. */
const REDIS_RETRY_MS = 5_000

/**
 * Every error code that the service itself produces. All other codes in `errors[].code` are AWS's own, or those of
 * Node.js for a connection that failed (`ECONNREFUSED`, `ENOTFOUND`, …).
 */
export const ERROR_CODES = {
  ValidationError: {
    status: 400,
    meaning: 'A field of the body or a request header breaks a rule; `field` names it.',
    retry: 'no',
    action: 'Correct the field that the error names.',
  },
  InvalidJson: {
    status: 400,
    meaning: 'The body is not valid JSON.',
    retry: 'no',
    action: 'Send a JSON object.',
  },
  InvalidPath: {
    status: 400,
    meaning: 'The path of the URL cannot be decoded.',
    retry: 'no',
    action: 'Write a literal % as %25.',
  },
  InvalidHttp: {
    status: 400,
    meaning: 'The bytes received are not an HTTP request.',
    retry: 'no',
    action: 'Check the scheme: the service speaks plain HTTP; TLS ends in front of it.',
  },
  InvalidRequest: {
    status: 400,
    meaning: 'The HTTP layer refused the request; `message` says why.',
    retry: 'no',
    action: 'Correct the request.',
  },
  RegionNotReachable: {
    status: 400,
    meaning: 'The connection cannot be used for that region.',
    retry: 'no',
    action: 'Use a connection to that region.',
  },
  TooManyTrails: {
    status: 400,
    meaning: 'The region has more trails than one command works on.',
    retry: 'no',
    action: 'Name the trails with `trailNames`, up to 100 per request.',
  },
  NoApiKey: {
    status: 401,
    meaning: 'The route needs an API key, and the request has none.',
    retry: 'no',
    action: 'Send `authorization: Bearer <key>`.',
  },
  UnknownApiKey: {
    status: 401,
    meaning: 'The API key is not in the keys file.',
    retry: 'no',
    action: 'Check the key; it may have been rotated or revoked.',
  },
  ScopeNotAllowed: {
    status: 403,
    meaning: 'The scope of the API key does not include what the route needs.',
    retry: 'no',
    action: 'Use a key with the scope that the message names.',
  },
  ConnectionNotAllowed: {
    status: 403,
    meaning: 'The API key may not use the connection, or inline connections are turned off.',
    retry: 'no',
    action: 'Use a connection that the API key may use.',
  },
  CrossSiteRequest: {
    status: 403,
    meaning: 'A page of another site sent the request to a service that asks for no API key.',
    retry: 'no',
    action:
      'Without API keys (AUTH=none) the service takes no requests from the pages of other sites.',
  },
  ProtectedTrail: {
    status: 403,
    meaning: 'PROTECTED_TRAILS or PROTECTED_TRAILS_FILE protects the trail from this command.',
    retry: 'no',
    action: 'The operator of the service decides which trails are protected.',
  },
  KeyRevoked: {
    status: 403,
    meaning:
      'The API key was revoked, or lost its scope or connection, while its command ran; nothing more was sent, and earlier inputs may be done.',
    retry: 'no',
    action: 'Send what is left with a key that is in force.',
  },
  NotFound: {
    status: 404,
    meaning: 'The service has nothing at that path.',
    retry: 'no',
    action: 'See /docs and GET /commands.',
  },
  UnknownCommand: {
    status: 404,
    meaning: 'The path under /commands/ is not the name of a command.',
    retry: 'no',
    action: 'GET /commands lists the commands.',
  },
  UnknownJob: {
    status: 404,
    meaning:
      'The job is unknown, was forgotten after an hour or evicted, belongs to another API key, or its process exited and there is no Redis.',
    retry: 'no',
    action:
      'Read the present state, and send what is left. With Redis, the same idempotency-key returns the stored response for 24 hours.',
  },
  MethodNotAllowed: {
    status: 405,
    meaning: 'The path is that of a command, and the method is not POST.',
    retry: 'no',
    action: 'Use POST.',
  },
  RequestTimeout: {
    status: 408,
    meaning: 'The request did not arrive in time.',
    retry: 'same-key',
    action: 'Send the headers and the body without pauses.',
  },
  IdempotencyKeyInUse: {
    status: 409,
    meaning: 'The first request with this `idempotency-key` is still running.',
    retry: 'same-key',
    action: 'Send it again later to get the response of the first request.',
    retryAfterMs: 5_000,
  },
  Cancelled: {
    status: 409,
    meaning: 'The job was cancelled before this input was started; nothing was sent for it.',
    retry: 'new-request',
    action: 'Send what is left in a new command.',
  },
  WouldDropSelectors: {
    status: 409,
    meaning:
      'The trail has event selectors or Insights that the request does not name and would drop; nothing was written.',
    retry: 'no',
    action:
      'Send them too, or replaceExisting: true to drop them. dryRun: true shows what would be replaced.',
  },
  BodyTooLarge: {
    status: 413,
    meaning: 'The body is larger than 1 MiB.',
    retry: 'no',
    action: 'Split the request.',
  },
  PathTooLong: {
    status: 414,
    meaning: 'A part of the path is longer than 200 characters.',
    retry: 'no',
    action: 'Check the id in the path.',
  },
  UnsupportedMediaType: {
    status: 415,
    meaning: 'The body is not application/json.',
    retry: 'no',
    action: 'Send `content-type: application/json`.',
  },
  ExpectationFailed: {
    status: 417,
    meaning: 'The `expect` header asks for something else than `100-continue`.',
    retry: 'no',
    action: 'Leave the header out.',
  },
  IdempotencyKeyReused: {
    status: 422,
    meaning:
      'The `idempotency-key` was used for another request: another command, body or connection.',
    retry: 'no',
    action: 'Make a new key for each write that you mean.',
  },
  QuotaQueueFull: {
    status: 429,
    meaning: 'As many requests as QUEUE_LIMIT allows wait for the quota.',
    retry: 'same-key',
    action:
      "AWS's CloudTrail quota for this account and region is in use: try again after Retry-After, or allow more time with x-deadline-ms.",
  },
  QuotaWaitTooLong: {
    status: 429,
    meaning:
      'The wait for the quota is known to pass the deadline of the command, so the call was not sent. A command that waits already, or has begun, gets DeadlineExceeded at its deadline.',
    retry: 'same-key',
    action:
      "AWS's CloudTrail quota for this account and region is in use: try again after Retry-After, or allow more time with x-deadline-ms.",
  },
  TooManyJobs: {
    status: 429,
    meaning: 'The API key has as many running jobs as it may have.',
    retry: 'same-key',
    action: 'Wait for one of them, or cancel one with DELETE /jobs/<id>.',
    retryAfterMs: 10_000,
  },
  HeadersTooLarge: {
    status: 431,
    meaning: 'The headers are larger than 16 KiB.',
    retry: 'no',
    action: 'Send fewer or shorter headers.',
  },
  ClientClosedRequest: {
    status: 499,
    meaning: 'The client disconnected; nothing more was sent. Only logs and metrics show it.',
    retry: 'new-request',
    action: 'Send what is left in a new command.',
  },
  InternalError: {
    status: 500,
    meaning: 'A defect of the service; its log has the cause.',
    retry: 'no',
    action: 'Give the operator the request id in meta.requestId.',
  },
  JobLost: {
    status: 500,
    meaning:
      'The process that ran the job is gone; the writes it made are not known. GET /jobs/<id> returns it with HTTP 200: 500 is its job.statusCode.',
    retry: 'after-reading',
    action:
      "If the command had an idempotency-key, send it again with the same one. Else read the present state (Get Trails, Get Trail Status), or CloudTrail's own events, and send what is left.",
  },
  RepeatedNextToken: {
    status: 502,
    meaning:
      'The endpoint returned the same page token again; the pages until then are in the response.',
    retry: 'no',
    action: 'Check the endpoint: CloudTrail itself does not repeat tokens.',
  },
  InvalidUpstreamResponse: {
    status: 502,
    meaning:
      'The endpoint returned something that CloudTrail does not return. `retryable` is true where its status was 5xx.',
    retry: 'no',
    action:
      'The endpoint is not CloudTrail: look for a proxy, a firewall or a wrong serverUrl on the way.',
  },
  CredentialsUnavailable: {
    status: 502,
    meaning: "The connection has no keys, and its host's credential chain gave none.",
    retry: 'no',
    action: 'Set CLOUDTRAIL_ACCESS_KEY and CLOUDTRAIL_ACCESS_SECRET, or give the host a role.',
  },
  ShuttingDown: {
    status: 503,
    meaning: 'This process is shutting down and takes no new commands.',
    retry: 'same-key',
    action: 'Send the request again: a load balancer takes another replica.',
    retryAfterMs: 5_000,
  },
  AuditUnavailable: {
    status: 503,
    meaning:
      'The audit log cannot be written, or has been stuck for 2 seconds, so no write command is run.',
    retry: 'same-key',
    action: 'Commands that only read continue. The operator finds the cause in the log.',
    retryAfterMs: 10_000,
  },
  RedisUnavailable: {
    status: 503,
    meaning: 'Redis, which holds the shared quota, is unavailable.',
    retry: 'same-key',
    action:
      'GET /readyz shows when Redis is back. With REDIS_DOWN=share, commands continue with a part of the quota meanwhile.',
    retryAfterMs: REDIS_RETRY_MS,
  },
  JobsUnavailable: {
    status: 503,
    meaning: 'Redis, which holds the jobs, is unavailable.',
    retry: 'same-key',
    action:
      'GET /readyz shows when Redis is back. With REDIS_DOWN=share, commands without prefer continue.',
    retryAfterMs: REDIS_RETRY_MS,
  },
  IdempotencyUnavailable: {
    status: 503,
    meaning: 'Redis, which holds the idempotency keys, is unavailable; nothing was written.',
    retry: 'same-key',
    action:
      'GET /readyz shows when Redis is back. With REDIS_DOWN=share, commands without idempotency-key continue.',
    retryAfterMs: REDIS_RETRY_MS,
  },
  IdempotencyKeyLost: {
    status: 503,
    meaning:
      'The lease on the idempotency key could not be renewed in Redis for too long; nothing more was sent.',
    retry: 'new-request',
    action:
      'GET /readyz shows when Redis is back. Read the present state, then send what is left in a new command.',
    retryAfterMs: REDIS_RETRY_MS,
  },
  DeadlineExceeded: {
    status: 504,
    meaning:
      'The deadline passed before this input was started, or before AWS had responded to a read; a write gets OutcomeUnknown. A wait for the quota that is known to be too long is refused before anything is sent, with QuotaWaitTooLong.',
    retry: 'new-request',
    action: 'Send what is left in a new command, or allow more time with x-deadline-ms.',
  },
  OutcomeUnknown: {
    status: 504,
    meaning:
      "The write may have been carried out: the deadline passed while AWS worked on it, or the response lacks AWS's request id. The status is 500 where the service failed before it could read the response.",
    retry: 'after-reading',
    action:
      'Read the present state (Get Trails, Get Trail Status) before trying again; use a new idempotency-key then.',
  },
} as const satisfies Record<string, ErrorCode>

/** The service's own error codes. */
export type ServiceErrorCode = keyof typeof ERROR_CODES

/** The catalogue's entry for a code. */
export function errorCode(code: ServiceErrorCode): ErrorCode {
  return ERROR_CODES[code]
}
