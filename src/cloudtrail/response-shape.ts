import type { HttpResponse } from '@smithy/types'
import type { Operation } from '../aws/operations.js'
import { InvalidResponseError, requestIdOf, UnconfirmedResponseError } from './invalid-response.js'
import { outputShape, type Shape } from './output-shape.js'
import type { OutputOf } from './sdk-commands.js'
import { isObject, type WireBody } from './wire-body.js'

/**
 * The members without which a response is not CloudTrail's (output shapes of the CloudTrail API reference). The SDK
 * checks none of them: it takes an empty or foreign response for success.
 */
const REQUIRED = {
  AddTags: [],
  CreateTrail: ['Name', 'TrailARN'],
  DeleteTrail: [],
  DescribeTrails: ['trailList'],
  GetEventSelectors: ['TrailARN'],
  GetInsightSelectors: ['TrailARN'],
  GetTrail: ['Trail'],
  GetTrailStatus: ['IsLogging'],
  ListTags: ['ResourceTagList'],
  ListTrails: ['Trails'],
  LookupEvents: ['Events'],
  PutEventSelectors: ['TrailARN'],
  PutInsightSelectors: ['TrailARN'],
  RemoveTags: [],
  StartLogging: [],
  StopLogging: [],
  UpdateTrail: ['Name', 'TrailARN'],
} as const satisfies { [Name in Operation]: readonly (keyof OutputOf<Name>)[] }

/** The longest list that is taken for CloudTrail's; its pages have at most a few hundred items. */
const MAX_ITEMS = 10_000

/** The deepest nesting of members that the SDK does not know; CloudTrail's own shapes have 6 levels. */
const MAX_DEPTH = 32

/** Epoch seconds of the year 10000: later times have no ISO 8601 form. */
const MAX_TIME = 253_402_300_800

/**
 * Checks that a successful response has its operation's shape: the required members are there, and every member that
 * the SDK knows has its type, at every depth. A member that is `null` counts as left out, as in all of AWS's JSON
 * protocols, and is removed. Members that the SDK does not know are kept.
 *
 * @throws {InvalidResponseError} which names the member that is missing or foreign
 * @throws {UnconfirmedResponseError} for an empty response that does not show that it is AWS's
 */
export function checkShape(operation: Operation, response: HttpResponse, body: WireBody): void {
  const required: readonly string[] = REQUIRED[operation]
  const returned = `The endpoint returned HTTP ${response.statusCode} to ${operation}`
  const mismatch = checkValue(body, outputShape(operation), '')
  if (mismatch !== undefined)
    throw new InvalidResponseError(`${returned} with ${mismatch}`, response)
  const missing = required.find((member) => body[member] === undefined)
  if (missing !== undefined)
    throw new InvalidResponseError(`${returned} without ${missing}`, response)
  if (required.length > 0) return
  const [foreign] = Object.keys(body)
  if (foreign !== undefined) {
    throw new InvalidResponseError(
      `${returned} with ${foreign}, where CloudTrail sends nothing`,
      response,
    )
  }
  if (requestIdOf(response) === undefined) {
    throw new UnconfirmedResponseError(`${returned} without AWS's request id`, response)
  }
}

/** Describes the first member of another type than the shape's, or nothing. */
function checkValue(value: unknown, shape: Shape, place: string): string | undefined {
  switch (shape.kind) {
    case 'object':
      return isObject(value)
        ? checkMembers(value, shape.members, place)
        : wrong(place, 'an object', value)
    case 'array':
      return Array.isArray(value)
        ? checkItems(value, shape.item, place)
        : wrong(place, 'an array', value)
    case 'time':
      return typeof value === 'number' && value >= 0 && value < MAX_TIME
        ? undefined
        : wrong(place, 'a time in epoch seconds', value)
    default:
      return typeof value === shape.kind ? undefined : wrong(place, `a ${shape.kind}`, value)
  }
}

function checkMembers(
  value: WireBody,
  members: ReadonlyMap<string, Shape>,
  path: string,
): string | undefined {
  for (const [name, member] of Object.entries(value)) {
    const place = path === '' ? name : `${path}.${name}`
    const shape = members.get(name)
    if (shape && member === null) {
      // removed in place: the lists and objects around it stay the same
      Reflect.deleteProperty(value, name)
      continue
    }
    const mismatch = shape ? checkValue(member, shape, place) : checkDepth(member, place)
    if (mismatch !== undefined) return mismatch
  }
  return undefined
}

function checkItems(items: readonly unknown[], shape: Shape, place: string): string | undefined {
  if (items.length > MAX_ITEMS) return `more than ${MAX_ITEMS} ${place}`
  for (const [index, item] of items.entries()) {
    const mismatch = checkValue(item, shape, `${place}[${index}]`)
    if (mismatch !== undefined) return mismatch
  }
  return undefined
}

function checkDepth(value: unknown, place: string): string | undefined {
  return isDeeper(value, MAX_DEPTH)
    ? `${place} nested more than ${MAX_DEPTH} levels deep`
    : undefined
}

function wrong(place: string, expected: string, value: unknown): string {
  const found = Array.isArray(value) ? 'an array' : value === null ? 'null' : `a ${typeof value}`
  return `${found} as ${place}, where CloudTrail sends ${expected}`
}

/** Whether a value is nested deeper than so many levels. */
function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false
  return levels === 0 || Object.values(value).some((inner) => isDeeper(inner, levels - 1))
}
