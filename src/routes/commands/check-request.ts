import type { FastifyRequest, FastifySchemaValidationError } from 'fastify'
import { InvalidConnectionError } from '../../cloudtrail/connections/connection-error.js'
import type { Connection } from '../../cloudtrail/connections/connection.js'
import { ConnectionRefused, type Connections } from '../../cloudtrail/connections/connections.js'
import { trailError } from '../../aws/trail-name.js'
import type { CommandDefinition } from '../../commands/define-command.js'
import type { InputFailure } from '../../envelope/outcome.js'
import { serviceFailure, validationFailure } from '../../envelope/service-failure.js'
import type { ValidationError } from '../../envelope/validation-error.js'
import { mayUseConnection } from '../../plugins/auth.js'
import type { CommandBody, CommandRequest } from '../../service/command-request.js'
import { preferencesOf, type Preferences } from '../prefer.js'
import { NDJSON } from './ndjson.js'
import { firstErrors, schemaErrors } from './validation-errors.js'

/** A request that was checked, with the way in which its response is to be sent. */
export interface CheckedRequest extends CommandRequest {
  /** Whether the rows are streamed: the command supports it and the client asks for it. */
  readonly isStreamed: boolean
  readonly preferences: Preferences
}

/**
 * Checks everything of a request before anything is done.
 *
 * @param maxDeadlineMs the longest `x-deadline-ms`
 * @returns the request as the service layer takes it, or every validation error of it
 */
export function checkRequest(
  command: CommandDefinition,
  request: FastifyRequest,
  connections: Connections,
  maxDeadlineMs: number,
): CheckedRequest | InputFailure[] {
  const { headers } = request
  const ofHeaders: ValidationError[] = []
  const preferences = preferencesOf(headers, ofHeaders)
  const { isAsync, waitMs } = preferences
  const isStreamed = command.isStreamable === true && acceptsStream(headers.accept) && !isAsync
  // a stream sends what it has at once: its client does not wait
  const isJob = isAsync || (waitMs !== undefined && !isStreamed)
  const broken = request.validationError?.validation as FastifySchemaValidationError[] | undefined
  const ofSchema = schemaErrors(broken ?? [], request.body)
  const body = validFields(request.body, ofSchema)
  const ofCommand = command.check?.(body, { isStreamed }) ?? []
  const errors = [...ofSchema, ...ofCommand, ...ofHeaders]
  const deadlineMs = readDeadline(headers['x-deadline-ms'], maxDeadlineMs, errors)
  const isWrite = command.scope === 'write' && body.dryRun !== true
  const idempotencyKey = isWrite
    ? readIdempotencyKey(headers['idempotency-key'], errors)
    : undefined
  const connection = resolveConnection(request, body, connections, errors)
  if (connection instanceof ConnectionRefused) {
    return [serviceFailure('ConnectionNotAllowed', connection.message, { field: 'connection' })]
  }
  if (errors.length > 0 || connection === undefined) {
    return firstErrors([...errors, ...trailErrors(body, ofCommand)]).map(validationFailure)
  }
  const context = request
  return {
    command,
    body,
    connection,
    context,
    deadlineMs,
    idempotencyKey,
    isJob,
    ...(isJob && { waitMs }),
    isStreamed,
    preferences,
    headers,
  }
}

/** Whether an `accept` header names NDJSON, and not with `q=0`, which refuses it (RFC 9110, 12.4.2). */
function acceptsStream(accept = ''): boolean {
  return accept.split(',').some((range) => {
    const [type, ...parameters] = range.split(';').map((part) => part.trim().toLowerCase())
    return type === NDJSON && !parameters.some((one) => /^q=0(\.0*)?$/.test(one))
  })
}

/** The fields of the body that the schema allows: all of them, unless the request is about to be refused. */
function validFields(body: unknown, errors: readonly ValidationError[]): CommandBody {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return {}
  if (errors.length === 0) return body as CommandBody
  const broken = new Set(errors.map(({ field }) => field.split(/[.[]/)[0]))
  if (broken.has('body')) return {}
  return Object.fromEntries(Object.entries(body).filter(([field]) => !broken.has(field)))
}

/** A per-trail command fails bad names one by one; when the whole body is refused, they are listed with the rest. */
function trailErrors(body: CommandBody, known: readonly ValidationError[]): ValidationError[] {
  const trails = Array.isArray(body.trailNames) ? (body.trailNames as string[]) : []
  return trails.flatMap((trail, index) => {
    const field = `trailNames[${index}]`
    const error = trailError(trail)
    return error && !known.some((other) => other.field === field) ? [{ field, ...error }] : []
  })
}

type Header = string | string[] | undefined

function readDeadline(header: Header, max: number, errors: ValidationError[]): number | undefined {
  if (header === undefined) return undefined
  const deadline = typeof header === 'string' && /^\d{1,9}$/.test(header) ? Number(header) : 0
  if (deadline >= 1 && deadline <= max) return deadline
  errors.push({
    field: 'x-deadline-ms',
    message: `must be a whole number of milliseconds from 1 to ${max}`,
  })
  return undefined
}

function readIdempotencyKey(header: Header, errors: ValidationError[]): string | undefined {
  if (header === undefined) return undefined
  if (typeof header === 'string' && /^[!-~]{1,255}$/.test(header)) return header
  errors.push({
    field: 'idempotency-key',
    message: 'must be 1 to 255 visible ASCII characters, without spaces, and given once',
  })
  return undefined
}

function resolveConnection(
  request: FastifyRequest,
  body: CommandBody,
  connections: Connections,
  errors: ValidationError[],
): Connection | ConnectionRefused | undefined {
  const { connection: wanted = 'default' } = body
  const name = typeof wanted === 'string' ? wanted : 'inline'
  // checked before the lookup: a key learns nothing of the connections that it may not use
  if (!mayUseConnection(request, name)) {
    return new ConnectionRefused('forbidden', `the API key may not use the connection ${name}`)
  }
  try {
    return connections.resolve(wanted)
  } catch (error) {
    if (error instanceof InvalidConnectionError) {
      for (const { field, message } of error.errors) {
        errors.push({ field: `connection.${field}`, message })
      }
      return undefined
    }
    if (!(error instanceof ConnectionRefused)) throw error
    if (error.reason === 'forbidden') return error
    const names = connections
      .list()
      .filter(({ name }) => mayUseConnection(request, name))
      .map(({ name }) => name)
    const known = names.length > 0 ? ` (there are: ${names.join(', ')})` : ''
    errors.push({ field: 'connection', message: `must be configured: ${error.message}${known}` })
    return undefined
  }
}
