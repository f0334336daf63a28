/** The members that the SDK adds to the errors that it throws. */
export interface SdkError extends Error {
  code?: unknown
  $fault?: 'client' | 'server'
  $metadata?: { httpStatusCode?: number; requestId?: string; attempts?: number }
}

/** Codes with which CloudTrail and its front door throttle. */
const THROTTLES = new Set([
  'ThrottlingException',
  'Throttling',
  'TooManyRequestsException',
  'RequestLimitExceeded',
])

/** Whether an error of the SDK is AWS's throttle. */
export function isThrottle(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  return THROTTLES.has(error.name) || (error as SdkError).$metadata?.httpStatusCode === 429
}

/** Whether an error of the SDK proves that AWS did nothing: a 4xx in CloudTrail's own form. */
export function isRefusal(error: unknown): boolean {
  const { $fault, $metadata } = error as SdkError
  return $fault !== undefined && ($metadata?.httpStatusCode ?? 500) < 500
}

/** Whether AWS refused temporary keys because they have expired. */
export function isExpiredSession(error: unknown): boolean {
  return error instanceof Error && /^ExpiredToken(Exception)?$/.test(error.name)
}
