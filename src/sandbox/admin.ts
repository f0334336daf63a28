import type { SignedRequest } from './wire/signed-request.js'
import type { Fault } from './state/faults.js'
import { FAULT_KINDS, isFaultKind } from './state/faults.js'
import { OPERATIONS } from './operations/index.js'
import type { WireResponse } from './wire/protocol.js'

/** The actions of the sandbox's own endpoints. */
export interface AdminActions {
  faults(): Fault[]
  addFault(fault: Fault): void
  clearFaults(): void
  /** Goes back to the state of the start. */
  reset(): void
  /** Lets every session of STS expire. */
  expireSessions(): void
  exportState(): object
  /** Replaces all state; throws an error that names field and rule for an invalid state. */
  importState(state: unknown): void
}

/** The names under which a client on the same machine reaches the sandbox. */
const LOOPBACK_HOST = /^(?:127\.0\.0\.1|localhost|\[::1\])(?::\d+)?$/

/**
 * Handles a request under `/sandbox/`. The Host header must name the machine of the client, and requests
 * that a browser sends for a web page are refused.
 */
export function handleAdmin(actions: AdminActions, request: SignedRequest): WireResponse {
  const { host = '', origin } = request.headers
  if (!LOOPBACK_HOST.test(host) || origin !== undefined) {
    return json(403, {
      error: 'The sandbox is controlled from its own machine only, not by web pages.',
    })
  }
  try {
    return route(actions, request)
  } catch (error) {
    return json(400, { error: error instanceof Error ? error.message : String(error) })
  }
}

function route(actions: AdminActions, { method, url, body }: SignedRequest): WireResponse {
  switch (`${method} ${url}`) {
    case 'GET /sandbox/faults':
      return json(200, { faults: actions.faults() })
    case 'POST /sandbox/faults':
      readFaults(JSON.parse(body)).forEach((fault) => actions.addFault(fault))
      return json(201, { faults: actions.faults() })
    case 'DELETE /sandbox/faults':
      actions.clearFaults()
      return json(200, { faults: [] })
    case 'POST /sandbox/reset':
      actions.reset()
      return json(200, { reset: true })
    case 'POST /sandbox/expire-sessions':
      actions.expireSessions()
      return json(200, { expired: true })
    case 'GET /sandbox/state':
      return json(200, actions.exportState())
    case 'PUT /sandbox/state':
      actions.importState(JSON.parse(body))
      return json(200, { imported: true })
    default:
      return json(404, {
        error: `There is no ${method} ${url}. There are: GET, POST and DELETE /sandbox/faults, POST /sandbox/reset, POST /sandbox/expire-sessions, GET and PUT /sandbox/state.`,
      })
  }
}

/**
 * Reads one fault or a list of faults.
 *
 * @throws Error that names the field and the rule
 */
export function readFaults(value: unknown): Fault[] {
  return (Array.isArray(value) ? value : [value]).map(readFault)
}

function readFault(value: unknown): Fault {
  if (typeof value !== 'object' || value === null) throw new Error('A fault must be an object.')
  const {
    operation,
    kind,
    times = 1,
    afterEffect = false,
    ...unknown
  } = value as Record<string, unknown>
  const [unknownName] = Object.keys(unknown)
  if (unknownName !== undefined) throw new Error(`A fault has no field ${unknownName}.`)
  if (typeof operation !== 'string' || (operation !== '*' && !OPERATIONS.has(operation))) {
    throw new Error('operation must be * or an operation that the sandbox carries out.')
  }
  if (!isFaultKind(kind)) throw new Error(`kind must be one of ${FAULT_KINDS.join(', ')}.`)
  if (!Number.isInteger(times) || (times as number) < 1) {
    throw new Error('times must be a whole number from 1.')
  }
  if (typeof afterEffect !== 'boolean') throw new Error('afterEffect must be true or false.')
  return { operation, kind, times: times as number, afterEffect }
}

function json(status: number, body: object): WireResponse {
  return {
    status,
    headers: { 'content-type': 'application/json' },
    body: `${JSON.stringify(body, null, 2)}\n`,
  }
}
