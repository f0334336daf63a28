import { randomUUID } from 'node:crypto'

import type { AwsError } from '../errors.js'
import { commonError } from '../errors.js'
import { toWire } from './shapes.js'

/** A complete HTTP response, before faults or delays change it. */
export interface WireResponse {
  status: number
  headers: Record<string, string>
  body: string
}

/** The content type of AWS's JSON protocol, version 1.1, for requests and responses. */
export const AWS_JSON = 'application/x-amz-json-1.1'

/** The two prefixes of `x-amz-target` that CloudTrail accepts: the SDKs send the first, botocore the second. */
const TARGET = /^(?:com\.amazonaws\.cloudtrail\.v20131101\.)?CloudTrail_20131101\.(\w+)$/

/**
 * The name of the operation in `x-amz-target`.
 *
 * @throws AwsError `UnknownOperationException` when the header is missing or has another prefix
 */
export function operationOfTarget(target = ''): string {
  const [, operation] = TARGET.exec(target) ?? []
  if (operation === undefined) throw unknownOperation(target)
  return operation
}

/** The error for an operation that CloudTrail does not have. */
export function unknownOperation(target: string): AwsError {
  return commonError(
    'UnknownOperationException',
    target === '' ? '' : `Unknown operation: ${target}`,
  )
}

/**
 * Parses the body of a request.
 *
 * @throws AwsError `SerializationException` when the body is no JSON object
 */
export function parseBody(body: string): Record<string, unknown> {
  let parsed: unknown
  try {
    parsed = JSON.parse(body)
  } catch {
    throw commonError('SerializationException', '')
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) {
    throw commonError(
      'SerializationException',
      'Start of structure or map found where not expected.',
    )
  }
  return parsed as Record<string, unknown>
}

/** The response of an operation that succeeded. */
export function successResponse(output: object, requestId: string = randomUUID()): WireResponse {
  return { status: 200, headers: awsHeaders(requestId), body: JSON.stringify(toWire(output)) }
}

/** The response of an operation that failed. AWS closes the connection after it. */
export function errorResponse(error: AwsError, requestId: string = randomUUID()): WireResponse {
  const body: Record<string, string> = { __type: error.code }
  if (error.message !== '') body[error.messageKey] = error.message
  const headers = { ...awsHeaders(requestId), connection: 'close' }
  return { status: error.status, headers, body: JSON.stringify(body) }
}

function awsHeaders(requestId: string): Record<string, string> {
  return { 'x-amzn-RequestId': requestId, 'content-type': AWS_JSON }
}
