import type { Connection } from '../connections/connection.js'
import { FailureError } from './failure.js'
import { parseTrailArn } from './trail-name.js'

/** Operations that take from a trail what it logs, or where it logs to. */
const GUARDED = new Set(['DeleteTrail', 'StopLogging', 'UpdateTrail', 'PutEventSelectors'])

/** What a change must pass before it is sent. */
export interface GuardRails {
  /** PROTECTED_TRAILS: names, ARNs or globs. */
  readonly protectedTrails: readonly string[]
  /** Whether changes are told instead of sent. */
  readonly dryRun: boolean
}

/** Reads the comma-separated list of PROTECTED_TRAILS. */
export function parseProtectedTrails(list: string): string[] {
  return list
    .split(',')
    .map((pattern) => pattern.trim())
    .filter((pattern) => pattern !== '')
}

/**
 * Refuses the guarded operations on a protected trail.
 *
 * @throws {FailureError} `ProtectedTrail`, 403
 */
export function checkProtected(
  { protectedTrails }: GuardRails,
  operation: string,
  input: object,
  connection: Connection,
  accountId: string | undefined,
): void {
  if (!GUARDED.has(operation)) return
  const { Name, TrailName } = input as { Name?: string; TrailName?: string }
  const trail = Name ?? TrailName ?? ''
  const pattern = protectedTrails.find((one) => matches(one, trail, connection.region, accountId))
  if (pattern === undefined) return
  throw new FailureError({
    code: 'ProtectedTrail',
    message: `${trail} is protected from ${operation} by PROTECTED_TRAILS (${pattern}).`,
    source: 'service',
    statusCode: 403,
    httpStatus: 403,
    retryable: false,
    attempts: 0,
    hint: 'The operator of the service decides which trails are protected.',
  })
}

/**
 * Whether a pattern means a trail, whichever of both is a name and which an ARN. What is not known of the trail, such
 * as the account behind a bare name, is taken to match: in doubt the trail is protected. So is another case of letters.
 */
function matches(
  pattern: string,
  trail: string,
  region: string,
  accountId: string | undefined,
): boolean {
  const arn = parseTrailArn(trail)
  if (!pattern.startsWith('arn:')) return glob(pattern, arn?.name ?? trail)
  if (arn) return glob(pattern, trail)
  const [, , , ofRegion = '*', ofAccount = '*', resource = '*'] = pattern.split(':')
  return (
    glob(ofRegion, region) &&
    (accountId === undefined || glob(ofAccount, accountId)) &&
    glob(resource, `trail/${trail}`)
  )
}

/** Whether a text matches a glob of `*` and `?`, in time that grows with both lengths alone. */
function glob(pattern: string, text: string): boolean {
  const [wanted, given] = [pattern.toLowerCase(), text.toLowerCase()]
  let reached = [true, ...Array.from(given, () => false)]
  for (const symbol of wanted) {
    const next = [symbol === '*' && reached[0] === true]
    for (let end = 1; end <= given.length; end += 1) {
      next.push(
        symbol === '*'
          ? reached[end] === true || next[end - 1] === true
          : reached[end - 1] === true && (symbol === '?' || symbol === given[end - 1]),
      )
    }
    reached = next
  }
  return reached[given.length] === true
}
