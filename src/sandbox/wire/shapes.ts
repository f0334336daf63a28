import type { Operation } from '../../aws/operations.js'
import { commonError } from '../errors.js'

/*
 * The AWS SDK ships the shapes of every operation as nested tuples: a number for a simple type,
 * [1, namespace, name, traits, item] for a list, [3, namespace, name, traits, names, members] for a
 * structure, and functions that return one of these. The sandbox reads requests by them, so that no
 * second copy of the API model can drift from the first.
 */

const BOOLEAN = 2
const STRING = 0
const NUMBER = 1
const TIMESTAMP = 4
const LIST = 1
const LIST_MODIFIER = 64

/** The input schema of an operation, as the SDK exports it inside for example `CreateTrail$`. */
export type Shape = unknown

/** The parts of an SDK operation schema that the sandbox uses. */
export interface OperationShape {
  /** For example `CreateTrail`. */
  name: Operation
  input: Shape
  output: Shape
}

/** Takes the name and the two shapes out of an operation schema of the SDK. */
export function operationShape(schema: Shape): OperationShape {
  const [, , name, , input, output] = schema as [9, string, Operation, unknown, Shape, Shape]
  return { name, input: resolve(input), output: resolve(output) }
}

/** The member names of a structure with their shapes, or `undefined` when the shape is no structure. */
export function structureMembers(shape: Shape): [name: string, member: Shape][] | undefined {
  const resolved = resolve(shape)
  if (!Array.isArray(resolved) || (resolved[0] !== 3 && resolved[0] !== -3)) return undefined
  const [, , , , names, members] = resolved as [number, string, string, unknown, string[], Shape[]]
  return names.map((name, index) => [name, members[index]])
}

/** The shape of a list's items, or `undefined` when the shape is no list. */
export function listItem(shape: Shape): { item: Shape } | undefined {
  const resolved = resolve(shape)
  if (typeof resolved === 'number') {
    return (resolved & LIST_MODIFIER) === 0 ? undefined : { item: resolved & ~LIST_MODIFIER }
  }
  if (!Array.isArray(resolved) || resolved[0] !== LIST) return undefined
  return { item: resolved[4] as Shape }
}

/** The kind of a simple shape. */
export function simpleKind(
  shape: Shape,
): 'string' | 'number' | 'boolean' | 'timestamp' | undefined {
  const resolved = resolve(shape)
  if (resolved === STRING) return 'string'
  if (resolved === NUMBER) return 'number'
  if (resolved === BOOLEAN) return 'boolean'
  if (resolved === TIMESTAMP) return 'timestamp'
  return undefined
}

/**
 * Reads a parsed JSON value by its shape: members that the shape does not know and members that are
 * null are left out, timestamps become dates.
 *
 * @throws AwsError `SerializationException` where a value has another type than its shape
 */
export function readByShape(shape: Shape, value: unknown): unknown {
  const members = structureMembers(shape)
  if (members !== undefined) return readStructure(members, value)
  const list = listItem(shape)
  if (list !== undefined) {
    if (!Array.isArray(value)) throw wrongType(value, 'List')
    return value.map((item) => readByShape(list.item, item))
  }
  switch (simpleKind(shape)) {
    case 'boolean':
      if (typeof value !== 'boolean') throw wrongType(value, 'Boolean')
      return value
    case 'number':
      if (typeof value !== 'number') throw wrongType(value, 'Integer')
      return Math.trunc(value)
    case 'timestamp':
      return readTimestamp(value)
    default:
      if (typeof value !== 'string') throw wrongType(value, 'String')
      return value
  }
}

function readStructure(members: [string, Shape][], value: unknown): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw wrongType(value, 'Structure')
  }
  const given = value as Record<string, unknown>
  const read: Record<string, unknown> = {}
  for (const [name, member] of members) {
    const memberValue = Object.hasOwn(given, name) ? given[name] : undefined
    if (memberValue === undefined || memberValue === null) continue
    read[name] = readByShape(member, memberValue)
  }
  return read
}

/** Timestamps of this protocol are seconds since 1970 as a JSON number; AWS gives no text for others. */
function readTimestamp(value: unknown): Date {
  const date = typeof value === 'number' ? new Date(value * 1000) : undefined
  if (date === undefined || Number.isNaN(date.getTime())) {
    throw commonError('SerializationException', '')
  }
  return date
}

function wrongType(value: unknown, wanted: string): Error {
  const found =
    typeof value === 'string'
      ? 'STRING_VALUE'
      : typeof value === 'number'
        ? 'NUMBER_VALUE'
        : typeof value === 'boolean'
          ? `${value ? 'TRUE' : 'FALSE'}_VALUE`
          : value === null
            ? 'VALUE_NULL'
            : Array.isArray(value)
              ? 'START_ARRAY'
              : 'START_OBJECT'
  const article = /^[AEIOU]/.test(wanted) ? 'an' : 'a'
  return commonError(
    'SerializationException',
    `${found} can not be converted to ${article} ${wanted}`,
  )
}

function resolve(shape: Shape): Shape {
  let resolved = shape
  for (;;) {
    if (typeof resolved === 'function') resolved = (resolved as () => Shape)()
    // a member with traits of its own is the pair [shape, traits]
    else if (Array.isArray(resolved) && typeof resolved[1] !== 'string') resolved = resolved[0]
    else return resolved
  }
}

/**
 * A response as sent on the wire: dates as seconds since 1970 with milliseconds as decimals. Members
 * that are `undefined` are left out by JSON itself; AWS sends no nulls.
 */
export function toWire(value: unknown): unknown {
  if (value instanceof Date) return value.getTime() / 1000
  if (Array.isArray(value)) return value.map(toWire)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, toWire(member)]))
}
