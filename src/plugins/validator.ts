import { Ajv, type ValidateFunction } from 'ajv'
import type { FastifySchema, FastifySchemaCompiler, FastifySchemaValidationError } from 'fastify'

/**
 * Strict validation: every error is reported, an unknown field is refused rather than dropped, and `"5"` is not 5.
 * `verbose` gives the description of the rule and the type of the value for the message; values are never shown.
 */
const AJV_OPTIONS = {
  allErrors: true,
  removeAdditional: false,
  coerceTypes: false,
  useDefaults: true,
  verbose: true,
  // `regions` is a list or `"all"`, a time is a string or a number
  allowUnionTypes: true,
  // named examples for Swagger UI, and defaults that the document has and that are not filled in
  keywords: ['x-examples', 'x-default'],
}

/** The most items and fields of a body; the largest valid body has about 16,000. */
const MAX_NODES = 20_000

/**
 * Compiles the validator of each route at its first request: compiling all of them would be half of the start-up time, and
 * most processes use few commands.
 */
export function validatorCompiler(): FastifySchemaCompiler<FastifySchema> {
  const ajv = new Ajv(AJV_OPTIONS)
  return ({ schema }) => {
    let validate: ValidateFunction | undefined
    return (data: unknown) => {
      // every error of every item is reported: a large body full of errors would take seconds
      const tooMany = manyNodes(data)
      if (tooMany) return { error: [tooMany] }
      validate ??= ajv.compile(schema)
      return validate(data) ? {} : { error: validate.errors as FastifySchemaValidationError[] }
    }
  }
}

/** The error of a body that has more items and fields than any command takes. */
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
