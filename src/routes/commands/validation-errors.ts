import type { FastifySchemaValidationError } from 'fastify'
import { quoted } from '../../envelope/quoted.js'
import { suggestField } from '../../commands/suggest-field.js'
import type { ValidationError } from '../../envelope/validation-error.js'

/** The most validation errors of one body that are listed. */
const MAX_ERRORS = 100

/** As many validation errors as one response lists, and how many more there are. */
export function firstErrors(errors: readonly ValidationError[]): ValidationError[] {
  const more = errors.length - MAX_ERRORS
  if (more <= 0) return [...errors]
  return [
    ...errors.slice(0, MAX_ERRORS),
    { field: 'body', message: `has ${more} more validation errors` },
  ]
}

interface VerboseError extends FastifySchemaValidationError {
  data?: unknown
  parentSchema?: { description?: string; properties?: object }
}

/** Every error that Ajv found in a body, as field and rule, each once. */
export function schemaErrors(
  errors: readonly FastifySchemaValidationError[],
  body: unknown,
): ValidationError[] {
  const seen = new Set<string>()
  const all = withoutOtherBranches(errors as VerboseError[], body).map(toError)
  return all.filter(({ field, message }) => {
    const key = `${field} ${message}`
    return seen.has(key) ? false : seen.add(key)
  })
}

/**
 * `connection` is a name or an object, and Ajv reports the errors of both branches. Only those of the branch that was
 * meant are kept; when neither was, one error names both.
 */
function withoutOtherBranches(errors: VerboseError[], body: unknown): VerboseError[] {
  const connection = (body as { connection?: unknown } | null)?.connection
  const meant =
    typeof connection === 'string'
      ? 'anyOf/0'
      : typeof connection === 'object' && connection !== null && !Array.isArray(connection)
        ? 'anyOf/1'
        : 'anyOf'
  return errors.filter(
    ({ instancePath, schemaPath, keyword }) =>
      !/^\/connection(\/|$)/.test(instancePath) ||
      (meant === 'anyOf' ? keyword === 'anyOf' : schemaPath.includes(meant)),
  )
}

function toError(error: VerboseError): ValidationError {
  const field = fieldOf(error.instancePath)
  const { params } = error
  switch (error.keyword) {
    case 'required':
      return { field: join(field, String(params.missingProperty)), message: 'is required' }
    case 'additionalProperties':
      return unknownField(field, String(params.additionalProperty), error)
    case 'type':
      return {
        field: field || 'body',
        message: `must be ${[params.type].flat().map(String).map(article).join(' or ')}, not ${article(typeOf(error.data))}`,
      }
    case 'enum':
      return { field, message: `must be one of ${listOf(params.allowedValues)}` }
    case 'const':
      return { field, message: `must be ${JSON.stringify(params.allowedValue)}` }
    case 'uniqueItems':
      return {
        field,
        message: `must not repeat an item: items ${String(params.j)} and ${String(params.i)} are the same`,
      }
    case 'anyOf':
      return { field, message: 'must be the name of a connection or an object with its fields' }
    case 'pattern':
      return { field, message: `must follow its rule: ${error.parentSchema?.description ?? ''}` }
    default:
      return {
        field: field || 'body',
        message: `${error.message ?? 'is not valid'}${sizeOf(error)}`,
      }
  }
}

/** The validation error of a field that the schema does not know, with the one that it may mean. */
function unknownField(parent: string, name: string, error: VerboseError): ValidationError {
  const suggestion = suggestField(name, Object.keys(error.parentSchema?.properties ?? {}))
  const place = parent === '' ? 'this command' : parent
  return {
    field: join(parent, quoted(name)),
    message: `is not a field of ${place}${suggestion === undefined ? '' : `; did you mean ${suggestion}?`}`,
  }
}

/** `/trailNames/1` as `trailNames[1]`. */
function fieldOf(instancePath: string): string {
  return instancePath
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce((path, part) => (/^\d+$/.test(part) ? `${path}[${part}]` : join(path, part)), '')
}

function join(path: string, part: string): string {
  return path === '' ? part : `${path}.${part}`
}

function typeOf(value: unknown): string {
  if (value === null) return 'null'
  return Array.isArray(value) ? 'array' : typeof value
}

function article(type: string): string {
  if (type === 'null' || type === 'undefined') return type
  return /^[aio]/.test(type) ? `an ${type}` : `a ${type}`
}

function listOf(values: unknown): string {
  return (values as unknown[]).map(String).join(', ')
}

/** The length of the value, where the rule is about its length. */
function sizeOf({ keyword, data }: VerboseError): string {
  if (keyword.endsWith('Items') && Array.isArray(data)) return `; it has ${data.length}`
  if (keyword.endsWith('Length') && typeof data === 'string') return `; it has ${data.length}`
  return ''
}
