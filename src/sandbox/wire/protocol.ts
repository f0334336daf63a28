import { randomUUID } from 'node:crypto'

import type { AwsError } from '../errors.js'
import { commonError } from '../errors.js'
import { toWire } from './shapes.js'

/** One HTTP answer, whole, before faults or delays touch it. */
export interface Answer {
  status: number
  headers: Record<string, string>
  body: string
}

/** The content type of AWS's JSON protocol, version 1.1, for requests and answers alike. */
export const AWS_JSON = 'application/x-amz-json-1.1'

/**
 * The operation that `x-amz-target` names: what follows the last dot. SDKs differ in what stands
 * before it, some send `CloudTrail_20131101.`, botocore the whole `com.amazonaws.cloudtrail...`.
 *
 * @throws AwsError `UnknownOperationException` when the header is missing or holds no operation
 */
export function operationOfTarget(target: string | undefined): string {
  const operation = target?.slice(target.lastIndexOf('.') + 1) ?? ''
  if (target === undefined || !target.includes('.') || operation === '') {
    throw unknownOperation(target ?? '')
  }
  return operation
}

/** The answer to an operation that CloudTrail does not have. */
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

/**
 * The answer to an operation that succeeded.
 *
 * @param output its output, or `undefined` for the operations that AWS answers with an empty body
 */
export function successAnswer(
  output: object | undefined,
  requestId: string = randomUUID(),
): Answer {
  const body = output === undefined ? '' : JSON.stringify(toWire(output))
  return { status: 200, headers: awsHeaders(requestId), body }
}

/** The answer to an operation that failed. */
export function errorAnswer(error: AwsError, requestId: string = randomUUID()): Answer {
  const body: Record<string, string> = { __type: error.code }
  if (error.message !== '') body[error.messageKey] = error.message
  return { status: error.status, headers: awsHeaders(requestId), body: JSON.stringify(body) }
}

function awsHeaders(requestId: string): Record<string, string> {
  return { 'x-amzn-RequestId': requestId, 'content-type': AWS_JSON }
}
