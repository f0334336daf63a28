import { STATUS_CODES } from 'node:http'
import { ERROR_CODES } from '../../envelope/error-codes.js'
import { headers, type HeaderName } from './headers.js'

/** Headers of a command that ran, whose response its idempotency key may replay. */
const RAN: HeaderName[] = [
  'ratelimit-policy',
  'ratelimit',
  'idempotency-replayed',
  'preference-applied',
]

/** The same, where a failure of one of its inputs may say when to try again. */
const RAN_AND_WAIT: HeaderName[] = [...RAN, 'retry-after']

interface ErrorResponse {
  description: string
  headers?: HeaderName[]
}

/** Every error response of the service, by its status: one component for all operations. */
const ERROR_RESPONSES: Record<number, ErrorResponse> = {
  400: { description: 'The request breaks a rule, or AWS refused it.', headers: RAN_AND_WAIT },
  401: { description: 'No API key, or an unknown one.', headers: ['www-authenticate'] },
  403: {
    description:
      "The API key's scope or connections do not allow it, the trail is protected, or STS did not let the keys assume the role; with AUTH=none: a page of another site sent the request. An action that AWS denies has AWS's status: 400 `AccessDeniedException` from CloudTrail.",
    headers: RAN,
  },
  404: {
    description: 'The service has nothing of that name. CloudTrail returns 400 for an unknown trail.',
    headers: ['preference-applied'],
  },
  408: { description: 'The request did not arrive in time.' },
  409: {
    description:
      "The present state does not allow it: the first request with this `idempotency-key` is still running, the write would drop selectors, or the job was cancelled. AWS's ConflictException has AWS's status, 400 on the wire.",
    headers: RAN_AND_WAIT,
  },
  413: { description: 'The body is larger than 1 MiB.' },
  414: { description: 'A part of the path is longer than 200 characters.' },
  415: { description: 'The body is not application/json.' },
  417: { description: 'The `expect` header asks for something else than `100-continue`.' },
  422: { description: 'The `idempotency-key` was used for another request.' },
  429: {
    description: 'The quota is in use, or too many jobs of the API key run.',
    headers: RAN_AND_WAIT,
  },
  431: { description: 'The headers are larger than 16 KiB.' },
  500: {
    description: 'A defect of the service; its log has the cause, by the request id.',
    headers: RAN,
  },
  502: { description: 'AWS returned a 5xx or an invalid response, or was not reached.', headers: RAN_AND_WAIT },
  503: {
    description: 'The service is shutting down, or a component of it is unavailable.',
    headers: RAN_AND_WAIT,
  },
  504: { description: 'The deadline passed while waiting for AWS.', headers: RAN_AND_WAIT },
}

/** The schema of the error responses of a route. */
export function errorResponses(...statuses: number[]): Record<number, object> {
  return Object.fromEntries(
    statuses.map((status) => {
      const { description, headers: names = [] } = responseOf(status)
      return [
        status,
        {
          description: `${description} ${codesOf(status)}`.trim(),
          headers: headers('x-request-id', ...names),
          $ref: 'ErrorEnvelope#',
        },
      ]
    }),
  )
}

/** Refusals of a request that is wrong as HTTP, whatever its route. */
const HTTP_ERRORS = [408, 413, 415, 417, 431]

/** Errors of a command that its client did not make. */
export const SERVER_ERRORS = [500, 502, 503, 504]

/** One response for a range of statuses, whose description has each status with its codes. */
function errorRange(range: '4XX' | '5XX', statuses: readonly number[]): Record<string, object> {
  return {
    [range]: {
      ...anyErrorResponse(statuses, codesOf),
      $ref: 'ErrorEnvelope#',
    },
  }
}

/** The schema of the responses that every route has without naming them. */
export const httpErrorResponses = () => errorRange('4XX', HTTP_ERRORS)

/** The schema of a command's responses to errors that its client did not make. */
export const serverErrorResponses = () => errorRange('5XX', SERVER_ERRORS)

/** One response for several statuses: its description says what each of them means. */
export function anyErrorResponse(statuses: readonly number[], more: (status: number) => string = () => '') {
  const all = statuses.map((status) => [status, responseOf(status)] as const)
  const names = new Set(all.flatMap(([, response]) => response.headers ?? []))
  return {
    description: all
      .map(([status, { description }]) => `${status}: ${description} ${more(status)}`.trim())
      .join('\n\n'),
    headers: headers('x-request-id', ...names),
  }
}

/** The name of the component: the phrase of the status (RFC 9110), for example `BadRequest`. */
export function errorResponseName(status: string): string {
  if (status === '4XX') return 'HttpError'
  if (status === '5XX') return 'ServerError'
  return (STATUS_CODES[status] ?? '').replace(/[^A-Za-z]/g, '')
}

function responseOf(status: number): ErrorResponse {
  const response = ERROR_RESPONSES[status]
  if (!response) throw new Error(`no error response has the status ${status}`)
  return response
}

function codesOf(status: number): string {
  const names = Object.entries(ERROR_CODES)
    .filter(([, code]) => code.status === status)
    .map(([name]) => `\`${name}\``)
  return names.length === 0 ? '' : `Codes: ${names.join(', ')}.`
}
