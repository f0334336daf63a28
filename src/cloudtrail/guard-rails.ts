import type { Connection } from './connections/connection.js'
import type { Operation } from '../aws/operations.js'
import { partitionOfRegion, PARTITION_REGIONS } from '../aws/partitions.js'
import { FailureError } from '../envelope/failure.js'
import { quoted } from '../envelope/quoted.js'
import { parseTrailArn } from '../aws/trail-name.js'
import { trailProtected } from './service-failures.js'

/** Operations that stop a trail, or change what it logs or where it logs to. */
const GUARDED: ReadonlySet<Operation> = new Set([
  'DeleteTrail',
  'StopLogging',
  'UpdateTrail',
  'PutEventSelectors',
])

/** The checks that a write passes before it is sent. */
export interface GuardRails {
  /** The patterns of protected trails in force now: names, ARNs or globs. */
  readonly protectedTrails: () => readonly string[]
  /** Whether writes are reported instead of sent. */
  readonly dryRun: boolean
}

/**
 * Reads a list of protected trails: patterns by comma or line; what follows `#` in a line is a comment.
 *
 * @param source the variable that the error names
 * @throws {TypeError} for an entry that is neither a pattern of names nor one of ARNs, and would protect nothing
 */
export function parseProtectedTrails(list: string, source = 'PROTECTED_TRAILS'): string[] {
  const patterns = list
    .replaceAll(/#.*/g, '')
    .split(/[,\n]/)
    .map((pattern) => pattern.trim())
    .filter((pattern) => pattern !== '')
  for (const pattern of patterns) {
    if (/^[A-Za-z0-9._*?-]+$/.test(pattern) || /^arn:/i.test(pattern)) continue
    throw new TypeError(
      `${source}: ${quoted(pattern)} is neither a trail name (letters, digits, . _ -, with * and ?) nor begins with arn:`,
    )
  }
  return patterns
}

/**
 * Refuses the guarded operations on a protected trail.
 *
 * @throws {FailureError} `ProtectedTrail`, 403
 */
export function checkProtected(
  rails: GuardRails,
  operation: Operation,
  input: object,
  connection: Connection,
): void {
  const { Name, TrailName, InsightSelectors } = input as {
    Name?: string
    TrailName?: string
    InsightSelectors?: unknown[]
  }
  // Put Insight Selectors itself refuses what drops some of them: that takes a read
  const turnsInsightsOff = operation === 'PutInsightSelectors' && InsightSelectors?.length === 0
  if (!GUARDED.has(operation) && !turnsInsightsOff) return
  refuseProtected(rails, operation, Name ?? TrailName ?? '', connection)
}

/**
 * Refuses an operation that weakens a protected trail.
 *
 * @throws {FailureError} `ProtectedTrail`, 403
 */
export function refuseProtected(
  { protectedTrails }: GuardRails,
  operation: Operation,
  trail: string,
  connection: Connection,
): void {
  const pattern = protectedTrails().find((one) => matches(one, trail, connection.region))
  if (pattern === undefined) return
  throw new FailureError(trailProtected(trail, operation, pattern))
}

/** Stands for an unknown character, which every pattern matches. */
const UNKNOWN = '\0'

/** The account behind a bare name. An account decoded from a key, or learned from responses, authorises nothing. */
const UNKNOWN_ACCOUNT = UNKNOWN.repeat(12)

/**
 * Whether a pattern means a trail; each of both may be a name or an ARN. Unknown parts of the trail, such as the account
 * behind a bare name, match: in doubt the trail is protected. The case of letters does not count.
 */
function matches(pattern: string, trail: string, region: string): boolean {
  const arn = parseTrailArn(trail)
  if (!/^arn:/i.test(pattern)) return glob(pattern, arn?.name ?? trail)
  if (arn) return glob(pattern, trail)
  const known = partitionOfRegion(region)
  const partitions = known === undefined ? Object.keys(PARTITION_REGIONS) : [known]
  return partitions.some((partition) =>
    glob(pattern, `arn:${partition}:cloudtrail:${region}:${UNKNOWN_ACCOUNT}:trail/${trail}`),
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
          : reached[end - 1] === true &&
              (symbol === '?' || symbol === given[end - 1] || given[end - 1] === UNKNOWN),
      )
    }
    reached = next
  }
  return reached[given.length] === true
}
