import { Ajv, type ValidateFunction } from 'ajv'
import type { FastifySchema, FastifySchemaCompiler, FastifySchemaValidationError } from 'fastify'
import { quoted } from '../envelope/quoted.js'
import { suggestField } from '../commands/suggest-field.js'
import type { ValidationError } from '../envelope/validation-error.js'

/**
 * Ajv as a security command needs it: every fault is told, an unknown field is refused rather than dropped, `"5"` is
 * not 5. `verbose` gives the rule's description and the kind of the value for the message; values are never shown.
 */
const AJV_OPTIONS = {
  allErrors: true,
  removeAdditional: false,
  coerceTypes: false,
  useDefaults: true,
  verbose: true,
  // `regions` is a list or a word, a time is a text or a number
  allowUnionTypes: true,
  // named examples for Swagger UI, which are no rule
  keywords: ['x-examples'],
}

/** Items and fields of a body, at most; the largest that a command takes has about 16,000. */
const MAX_NODES = 20_000

/** Faults of one body that are told. */
const MAX_FAULTS = 100

/**
 * Makes the validators of routes, each when its first request arrives: all of them at once would be half of the time
 * that the service takes to start, for commands of which most processes are asked a few.
 */
export function validatorCompiler(): FastifySchemaCompiler<FastifySchema> {
  const ajv = new Ajv(AJV_OPTIONS)
  return ({ schema }) => {
    let validate: ValidateFunction | undefined
    return (data: unknown) => {
      // every fault of every item is looked for: a body of nothing but faults would cost seconds
      const tooMany = manyNodes(data)
      if (tooMany) return { error: [tooMany] }
      validate ??= ajv.compile(schema)
      return validate(data) ? {} : { error: validate.errors as FastifySchemaValidationError[] }
    }
  }
}

/** The fault of a body that has more items and fields than any command takes. */
function manyNodes(body: unknown): FastifySchemaValidationError | undefined {
  let left = MAX_NODES
  for (const open: unknown[] = [body]; open.length > 0;) {
    const node = open.pop()
    if (typeof node !== 'object' || node === null) continue
    const children = Object.values(node) as unknown[]
    left -= children.length
    if (left < 0) {
      const message = `must have at most ${MAX_NODES} items and fields in all`
      return { keyword: 'size', instancePath: '', schemaPath: '', params: {}, message }
    }
    for (const child of children) open.push(child)
  }
  return undefined
}

/** As many faults as one answer tells, and how many more there are. */
export function firstErrors(faults: readonly ValidationError[]): ValidationError[] {
  const more = faults.length - MAX_FAULTS
  if (more <= 0) return [...faults]
  return [...faults.slice(0, MAX_FAULTS), { field: 'body', message: `has ${more} more faults` }]
}

interface VerboseError extends FastifySchemaValidationError {
  data?: unknown
  parentSchema?: { description?: string; properties?: object }
}

/** Every fault that Ajv found in a body, in words, each with its field. */
export function faultsOf(
  errors: readonly FastifySchemaValidationError[],
  body: unknown,
): ValidationError[] {
  const faults = withoutOtherBranches(errors as VerboseError[], body).map(toError)
  const seen = new Set<string>()
  return faults.filter(({ field, message }) => {
    const key = `${field} ${message}`
    return seen.has(key) ? false : seen.add(key)
  })
}

/**
 * `connection` is a name or an object: Ajv tells the faults of both branches. Only those of the branch that was meant
 * are of use; when neither was, one fault says what may stand there.
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

/** How long the value is, where a length is the rule. */
function sizeOf({ keyword, data }: VerboseError): string {
  if (keyword.endsWith('Items') && Array.isArray(data)) return `; it has ${data.length}`
  if (keyword.endsWith('Length') && typeof data === 'string') return `; it has ${data.length}`
  return ''
}
