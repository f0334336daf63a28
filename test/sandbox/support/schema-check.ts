import * as sdk from '@aws-sdk/client-cloudtrail'

import {
  listItem,
  operationShape,
  simpleKind,
  structureMembers,
} from '../../../src/sandbox/wire/shapes.js'
import { isDeclaredError } from './declared-errors.js'

/** A response of CloudTrail as it went over the wire. */
export interface ResponseOnWire {
  /** The operation, for example `DescribeTrails`, with or without what stands before it in `x-amz-target`. */
  target: string
  status: number
  body: string
}

/**
 * Compares a response with the SDK's own schemas of the operation.
 *
 * @returns every fault found: unknown members, nulls, wrong types, error codes that the operation does
 * not declare and that are not common to AWS; an empty list for a response without errors
 */
export function schemaViolations({ target, status, body }: ResponseOnWire): string[] {
  const operation = target.slice(target.lastIndexOf('.') + 1)
  return (
    status === 200 ? successViolations(operation, body) : errorViolations(operation, body)
  ).map((fault) => `${operation} ${status}: ${fault}`)
}

function successViolations(operation: string, body: string): string[] {
  const schema = (sdk as unknown as Record<string, unknown>)[`${operation}$`]
  if (schema === undefined) return ['the SDK has no such operation']
  const { output } = operationShape(schema)
  const members = structureMembers(output) ?? []
  if (body === '') return ['an empty body']
  if (members.length === 0) return body === '{}' ? [] : ['members where AWS sends {}']
  return valueViolations(output, JSON.parse(body), '$')
}

function valueViolations(shape: unknown, value: unknown, path: string): string[] {
  if (value === null || value === undefined) return [`${path} is null`]
  const members = structureMembers(shape)
  if (members !== undefined) {
    if (typeof value !== 'object' || Array.isArray(value)) return [`${path} is no structure`]
    const known = new Map(members)
    return Object.entries(value).flatMap(([name, member]) =>
      known.has(name)
        ? valueViolations(known.get(name), member, `${path}.${name}`)
        : [`${path}.${name} is unknown`],
    )
  }
  const list = listItem(shape)
  if (list !== undefined) {
    if (!Array.isArray(value)) return [`${path} is no list`]
    return value.flatMap((item, index) => valueViolations(list.item, item, `${path}[${index}]`))
  }
  const kind = simpleKind(shape)
  const wanted = kind === 'timestamp' ? 'number' : kind
  return typeof value === wanted ? [] : [`${path} is no ${kind ?? 'known type'}`]
}

function errorViolations(operation: string, body: string): string[] {
  const { __type: code, Message: text, message: commonText, ...others } = JSON.parse(body)
  const faults = Object.keys(others).map((name) => `the error has a member ${name}`)
  if (typeof code !== 'string') return [...faults, 'the error has no __type']
  if (text !== undefined && commonText !== undefined) faults.push('the error has two messages')
  for (const message of [text, commonText]) {
    if (message !== undefined && typeof message !== 'string') faults.push('the message is no text')
  }
  if (!isDeclaredError(operation, code)) faults.push(`it does not declare ${code}`)
  return faults
}
