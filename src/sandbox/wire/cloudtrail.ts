import { randomUUID } from 'node:crypto'
import { performance } from 'node:perf_hooks'

import * as sdk from '@aws-sdk/client-cloudtrail'

import { apiClassOf } from '../../aws/api-class.js'
import type { Operation as OperationName } from '../../aws/operations.js'
import type { Call } from '../state/call.js'
import type { SandboxContext } from './context.js'
import { AwsError, commonError, modelledError } from '../errors.js'
import { callerArn, recordCall } from '../state/event-record.js'
import type { FaultKind } from '../state/faults.js'
import type { SignedRequest } from './signed-request.js'
import { identify } from './identify.js'
import { OPERATIONS } from '../operations/index.js'
import type { Operation } from '../operations/operation.js'
import type { WireResponse } from './protocol.js'
import {
  errorResponse,
  operationOfTarget,
  parseBody,
  successResponse,
  unknownOperation,
} from './protocol.js'
import { readByShape } from './shapes.js'

/** A response, and the injected fault that the server applies while it sends it. */
export interface Outcome {
  response: WireResponse
  fault?: FaultKind | undefined
}

/** Handles one request of the CloudTrail API: signature, quota, injected faults, the operation. */
export function handleCloudTrail(core: SandboxContext, request: SignedRequest): Outcome {
  const requestId = randomUUID()
  try {
    const operation = findOperation(request.headers['x-amz-target'])
    const { name } = operation.shape
    const call = enter(core, request, name)
    const fault = core.faults.take(name)
    if (fault === undefined)
      return { response: run(core, operation, call, request.body, requestId) }
    const effect = fault.afterEffect
      ? run(core, operation, call, request.body, requestId)
      : successResponse({}, requestId)
    if (fault.kind === 'throttle') throw rateExceeded()
    if (fault.kind === 'error') throw commonError('InternalFailure', '', 500)
    if (fault.kind === 'access-denied') throw accessDenied(core, call, name, requestId)
    return { response: effect, fault: fault.kind }
  } catch (error) {
    if (error instanceof AwsError) return { response: errorResponse(error, requestId) }
    throw error
  }
}

/** Checks the signature and the quota of a request. */
function enter(core: SandboxContext, request: SignedRequest, operation: OperationName): Call {
  const now = Date.now()
  const { caller, region } = identify(request, 'cloudtrail', core.sessions, core.signingKeys, now)
  const { accountId } = caller
  const apiClass = apiClassOf(operation)
  if (core.quotas?.allows(accountId, region, apiClass, performance.now()) === false) {
    throw rateExceeded()
  }
  return { world: core.world, account: core.world.account(accountId), caller, region, now }
}

type Input = Record<string, unknown>

/** Runs an operation and adds it to the account's event history. */
function run(
  core: SandboxContext,
  operation: Operation,
  call: Call,
  requestBody: string,
  requestId: string,
): WireResponse {
  const { name } = operation.shape
  const input = readByShape(operation.shape.input, parseBody(requestBody)) as Input
  const event = { source: 'cloudtrail.amazonaws.com', name, input }
  try {
    const output = operation.run(input, call)
    recordCall(core, call, requestId, { ...event, output })
    return successResponse(output, requestId)
  } catch (error) {
    if (error instanceof AwsError) recordCall(core, call, requestId, { ...event, error })
    throw error
  }
}

function findOperation(target: string | string[] | undefined): Operation {
  const name = operationOfTarget(typeof target === 'string' ? target : undefined)
  const operation = OPERATIONS.get(name)
  if (operation !== undefined) return operation
  // CloudTrail has more operations than the sandbox: event data stores, channels, queries, dashboards
  if (/^[A-Z]\w+$/.test(name) && Object.hasOwn(sdk, `${name}Command`)) {
    throw modelledError('UnsupportedOperationException', `The sandbox does not carry out ${name}.`)
  }
  throw unknownOperation(String(target))
}

function rateExceeded(): AwsError {
  return commonError('ThrottlingException', 'Rate exceeded')
}

function accessDenied(core: SandboxContext, call: Call, name: string, requestId: string): AwsError {
  const error = commonError(
    'AccessDeniedException',
    `User: ${callerArn(call.caller)} is not authorized to perform: cloudtrail:${name} because no identity-based policy allows the cloudtrail:${name} action`,
  )
  recordCall(core, call, requestId, {
    source: 'cloudtrail.amazonaws.com',
    name,
    input: {},
    error,
  })
  return error
}
