import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import { readFileSync } from 'node:fs'
import { AWS_ERRORS } from '../../src/envelope/aws-errors.js'

type Json = Record<string, any>

/** A response of the service as it went over the wire. */
export interface ApiResponse {
  method: string
  /** The path of the route, such as `/jobs/:id`; `undefined` where no route was reached. */
  route: string | undefined
  status: number
  headers: Record<string, string | number | string[] | undefined>
  body: string
}

/** Headers that say nothing of a response's meaning: those of HTTP, and those that keep browsers out. */
const GENERAL_HEADERS =
  /^(allow|connection|keep-alive|date|transfer-encoding|content-(type|length|security-policy)|cache-control|cross-origin-.*|referrer-policy|vary|x-accel-buffering|x-(content-type|frame)-options)$/

/** The formats of the OpenAPI document. */
const formats = { 'date-time': (text: string) => !Number.isNaN(Date.parse(text)) }

const document = JSON.parse(
  readFileSync(new URL('../../../openapi/openapi.json', import.meta.url), 'utf8'),
) as Json
/** Schemas that are parts of others: what they leave open, the others close. */
const parts = new Set(
  [
    ...JSON.stringify(document).matchAll(/"allOf":\[\{"\$ref":"#\/components\/schemas\/(\w+)"\}/g),
  ].map(([, name]) => name),
)
const ajv = new Ajv2020({ strict: false, allErrors: true, formats })
ajv.addSchema(closed(document) as object, 'openapi')
const headerAjv = new Ajv2020({ strict: false, coerceTypes: true, formats })
const headerValidators = new Map<Json, ValidateFunction>()
const validators = new Map<string, ValidateFunction>()

/**
 * Compares a response with the OpenAPI document.
 *
 * @returns every deviation: an undeclared status, header, media type or member, a value of the wrong type; an empty list for
 *   a response that conforms
 */
export function deviations(response: ApiResponse): string[] {
  const { method, route, status } = response
  const where = `${method} ${route ?? '(no route)'} ${status}`
  return found(response).map((deviation) => `${where}: ${deviation}`)
}

function found({ method, route, status, headers, body }: ApiResponse): string[] {
  const path = route?.replace(/:(\w+)/g, '{$1}') ?? ''
  const verb = method === 'HEAD' ? 'get' : method.toLowerCase()
  const type = [headers['content-type'] ?? ''].join().split(';')[0] ?? ''
  const operation = document.paths[path]?.[verb]
  if (!operation) {
    // pages, Swagger UI, and paths that do not exist: their errors are in the envelope
    const isJson = type === 'application/json' && status >= 400
    return isJson ? bodyErrors('/components/schemas/ErrorEnvelope', type, body) : []
  }
  const key = [status, `${String(status)[0]}XX`].find((one) => operation.responses[one])
  const undeclared = `the status is not declared for ${String(operation.operationId)}`
  if (key === undefined) return [undeclared]
  const pointer: string =
    operation.responses[key].$ref?.slice(1) ??
    `/paths/${path.replaceAll('/', '~1')}/${verb}/responses/${key}`
  const { headers: known = {}, content, description } = at(pointer) as Json
  // a range names its statuses
  if (key !== status && !description.includes(`${status}: `)) return [undeclared]
  const errors = Object.entries(headers).flatMap(([name, value]) =>
    headerErrors(name, value, known),
  )
  if (method === 'HEAD' || (body === '' && !content)) return errors
  if (body === '') return [...errors, 'the body is missing']
  if (!content?.[type]) return [...errors, `the media type ${type} is not declared`]
  const schema = `${pointer}/content/${type.replaceAll('/', '~1')}/schema`
  return [...errors, ...bodyErrors(schema, type, body)]
}

function headerErrors(name: string, value: ApiResponse['headers'][string], known: Json): string[] {
  if (GENERAL_HEADERS.test(name)) return []
  const header = known[name]
  if (!header) return [`the header ${name} is not declared`]
  const { schema } = header.$ref ? (at(header.$ref.slice(1)) as Json) : header
  const validate =
    headerValidators.get(schema) ??
    headerAjv.compile({ type: 'object', properties: { value: schema } })
  headerValidators.set(schema, validate)
  return validate({ value }) ? [] : [`the header ${name} ${headerAjv.errorsText(validate.errors)}`]
}

function bodyErrors(pointer: string, type: string, body: string): string[] {
  if (type === 'text/plain') return []
  const values = type === 'application/x-ndjson' ? body.trimEnd().split('\n') : [body]
  const validate = validators.get(pointer) ?? ajv.compile({ $ref: `openapi#${pointer}` })
  validators.set(pointer, validate)
  return values.flatMap((text) => {
    const value: Json = JSON.parse(text)
    if (validate(value)) return codeErrors(value)
    return (validate.errors ?? []).map(({ instancePath, message, params }) =>
      [instancePath || 'the body', message, JSON.stringify(params)].join(' '),
    )
  })
}

/**
 * The errors of the service itself whose code is in no catalogue: the document allows any text there, for AWS's codes.
 * AWS's code for a rule that the service checks comes with the field. The last line of a stream has the envelope as a member.
 */
function codeErrors({ envelope, errors = envelope?.errors ?? [] }: Json): string[] {
  const known: string[] = document.components.schemas.ServiceErrorCode.enum
  return (errors as Json[])
    .filter(({ source, code, field }) => {
      const isRule = field !== undefined && Object.hasOwn(AWS_ERRORS, code)
      return source === 'service' && !known.includes(code) && !isRule
    })
    .map(({ code }) => `the code ${code} is not in the catalogue`)
}

/** What a JSON pointer of the document names. */
function at(pointer: string): unknown {
  return pointer
    .split('/')
    .slice(1)
    .reduce<any>((part, name) => part[name.replaceAll('~1', '/')], document)
}

/** A part of the document whose schemas allow only the members that they declare. */
function closed(value: unknown, isPart = false): unknown {
  if (Array.isArray(value)) return value.map((item) => closed(item))
  if (typeof value !== 'object' || value === null) return value
  const object = Object.fromEntries(
    Object.entries(value).map(([name, member]) => [
      name,
      name === 'allOf'
        ? (member as unknown[]).map((one) => closed(one, true))
        : closed(member, parts.has(name)),
    ]),
  )
  if (object.allOf) return { unevaluatedProperties: false, ...object }
  if (object.type !== 'object' || !object.properties || isPart) return object
  return { additionalProperties: false, ...object }
}
