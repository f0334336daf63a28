import type { FastifyRequest, FastifySchemaValidationError } from 'fastify'
import { trailError } from '../aws/trail-name.js'
import type { CommandDefinition } from '../commands/define-command.js'
import type { Outcome } from '../envelope/outcome.js'
import type { ValidationError } from '../envelope/validation-error.js'
import { InvalidConnectionError } from '../cloudtrail/connections/connection-error.js'
import type { Connection, ConnectionFields } from '../cloudtrail/connections/connection.js'
import { ConnectionRefused, type Connections } from '../cloudtrail/connections/connections.js'
import { mayUseConnection } from './auth.js'
import { refused } from '../envelope/envelope.js'
import { NDJSON } from './ndjson.js'
import { prefersAsync } from './prefer.js'
import { validationFailure, serviceFailure } from '../envelope/service-failure.js'
import { faultsOf, firstErrors } from './validation.js'

/** The longest `x-deadline-ms`, in milliseconds. */
export const MAX_DEADLINE_MS = 3_600_000

/** The body of a command that holds to its schema. */
export type Body = Record<string, unknown> & { connection?: string | ConnectionFields }

/** Whether the rows are to be streamed: the command can, and the client asks for it. */
export function isStreamed(command: CommandDefinition, request: FastifyRequest): boolean {
  const accepts = (request.headers.accept ?? '').includes(NDJSON)
  return command.isStreamable === true && accepts && !prefersAsync(request.headers)
}

/** A request that may be carried out. */
export interface CheckedRequest {
  connection: Connection
  /** What `x-deadline-ms` says, in milliseconds. */
  deadlineMs: number | undefined
  /** What `idempotency-key` says, where it counts: not of commands that change nothing, nor of dry runs. */
  idempotencyKey: string | undefined
}

/** Checks everything of a request before anything is done, and tells every fault at once. */
export function checkRequest(
  command: CommandDefinition,
  request: FastifyRequest,
  connections: Connections,
): CheckedRequest | Outcome {
  const broken = request.validationError?.validation as FastifySchemaValidationError[] | undefined
  const schemaErrors = faultsOf(broken ?? [], request.body)
  const body = soundFields(request.body, schemaErrors)
  const told = command.check?.(body, { isStreamed: isStreamed(command, request) }) ?? []
  const faults = [...schemaErrors, ...told]
  const deadlineMs = readDeadline(request, faults)
  const isChange = command.scope === 'write' && body.dryRun !== true
  const idempotencyKey = isChange ? readIdempotencyKey(request, faults) : undefined
  const connection = resolveConnection(request, body, connections, faults)
  if (connection instanceof ConnectionRefused) {
    const failure = serviceFailure('ConnectionNotAllowed', connection.message, {
      field: 'connection',
    })
    return refused([failure])
  }
  if (faults.length > 0 || connection === undefined) {
    return refused(firstErrors([...faults, ...trailErrors(body, told)]).map(validationFailure))
  }
  return { connection, deadlineMs, idempotencyKey }
}

/** The body without the fields that broke the schema. */
function soundFields(body: unknown, faults: readonly ValidationError[]): Body {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return {}
  const broken = new Set(faults.map(({ field }) => field.split(/[.[]/)[0]))
  if (broken.has('body')) return {}
  return Object.fromEntries(Object.entries(body).filter(([field]) => !broken.has(field)))
}

/** A command per trail takes bad names one by one; when it is refused as a whole, they are told with the rest. */
function trailErrors(body: Body, told: readonly ValidationError[]): ValidationError[] {
  const trails = Array.isArray(body.trailNames) ? (body.trailNames as string[]) : []
  return trails.flatMap((trail, index) => {
    const field = `trailNames[${index}]`
    const fault = trailError(trail)
    return fault && !told.some((other) => other.field === field) ? [{ field, ...fault }] : []
  })
}

function readDeadline(request: FastifyRequest, faults: ValidationError[]): number | undefined {
  const header = request.headers['x-deadline-ms']
  if (header === undefined) return undefined
  const deadline = typeof header === 'string' && /^\d{1,9}$/.test(header) ? Number(header) : 0
  if (deadline >= 1 && deadline <= MAX_DEADLINE_MS) return deadline
  faults.push({
    field: 'x-deadline-ms',
    message: `must be a whole number of milliseconds from 1 to ${MAX_DEADLINE_MS}`,
  })
  return undefined
}

function readIdempotencyKey(
  request: FastifyRequest,
  faults: ValidationError[],
): string | undefined {
  const header = request.headers['idempotency-key']
  if (header === undefined) return undefined
  if (typeof header === 'string' && /^[!-~]{1,255}$/.test(header)) return header
  faults.push({
    field: 'idempotency-key',
    message: 'must be 1 to 255 visible ASCII characters, without spaces, and stand there once',
  })
  return undefined
}

function resolveConnection(
  request: FastifyRequest,
  body: Body,
  connections: Connections,
  faults: ValidationError[],
): Connection | ConnectionRefused | undefined {
  const { connection: wanted = 'default' } = body
  const name = typeof wanted === 'string' ? wanted : 'inline'
  // before the look for it: a key learns nothing of the connections that are not its own
  if (!mayUseConnection(request, name)) {
    return new ConnectionRefused('forbidden', `the API key may not use the connection ${name}`)
  }
  try {
    return connections.resolve(wanted)
  } catch (error) {
    if (error instanceof InvalidConnectionError) {
      for (const { field, message } of error.errors) {
        faults.push({ field: `connection.${field}`, message })
      }
      return undefined
    }
    if (!(error instanceof ConnectionRefused)) throw error
    if (error.reason === 'forbidden') return error
    faults.push({ field: 'connection', message: `must be configured: ${error.message}` })
    return undefined
  }
}
