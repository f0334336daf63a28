import type { HttpResponse } from '@smithy/types'
import { InvalidResponseError, type WireBody } from './wire-response.js'

type Kind = 'array' | 'object' | 'string' | 'boolean'

/**
 * The members without which an answer is not CloudTrail's, for each operation (output shapes of the CloudTrail API
 * reference). The SDK checks none of them: it takes an empty or foreign answer for success.
 */
const REQUIRED_MEMBERS: Record<string, Record<string, Kind>> = {
  AddTags: {},
  CreateTrail: { Name: 'string', TrailARN: 'string' },
  DeleteTrail: {},
  DescribeTrails: { trailList: 'array' },
  GetEventSelectors: { TrailARN: 'string' },
  GetInsightSelectors: { TrailARN: 'string' },
  GetTrail: { Trail: 'object' },
  GetTrailStatus: { IsLogging: 'boolean' },
  ListTags: { ResourceTagList: 'array' },
  ListTrails: { Trails: 'array' },
  LookupEvents: { Events: 'array' },
  PutEventSelectors: { TrailARN: 'string' },
  PutInsightSelectors: { TrailARN: 'string' },
  RemoveTags: {},
  StartLogging: {},
  StopLogging: {},
  UpdateTrail: { Name: 'string', TrailARN: 'string' },
}

/**
 * Checks that a successful answer is of its operation's shape. An operation without output answers nothing at all.
 *
 * @throws {InvalidResponseError} which names what is missing or foreign
 */
export function checkShape(operation: string, response: HttpResponse, body: WireBody): void {
  const required = Object.entries(REQUIRED_MEMBERS[operation] ?? {})
  for (const [member, kind] of required) {
    if (kindOf(body[member]) === kind) continue
    throw new InvalidResponseError(
      `The endpoint answered HTTP ${response.statusCode} to ${operation} without the ${kind} ${member}`,
      response,
    )
  }
  const foreign = Object.keys(body)[0]
  if (required.length === 0 && foreign !== undefined) {
    throw new InvalidResponseError(
      `The endpoint answered HTTP ${response.statusCode} to ${operation} with ${foreign}, where CloudTrail answers nothing`,
      response,
    )
  }
}

function kindOf(value: unknown): string {
  if (Array.isArray(value)) return 'array'
  return value === null ? 'null' : typeof value
}
