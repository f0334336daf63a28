import { isObject, type Json } from './document.js'

/** Keywords that version 3.0 takes as they are. */
const KEPT = new Set([
  '$ref', 'type', 'title', 'description', 'format', 'default', 'enum', 'nullable', 'example', 'deprecated',
  'properties', 'required', 'additionalProperties', 'items', 'minItems', 'maxItems', 'uniqueItems',
  'minLength', 'maxLength', 'pattern', 'minimum', 'maximum', 'anyOf', 'oneOf', 'allOf', 'minProperties', 'maxProperties',
])

/** Keywords that say something of one type alone. */
const OF_TYPE: Record<string, readonly string[]> = {
  array: ['items', 'minItems', 'maxItems', 'uniqueItems'],
  string: ['minLength', 'maxLength', 'pattern', 'format', 'enum'],
  number: ['minimum', 'maximum'],
  integer: ['minimum', 'maximum'],
  object: ['properties', 'required', 'additionalProperties', 'minProperties', 'maxProperties'],
  boolean: [],
}

/**
 * A schema of OpenAPI 3.1 in the words of 3.0.
 *
 * @throws on a keyword that has no counterpart: nothing is lost in silence
 */
export function schema30(schema: Json): Json {
  const out: Json = {}
  for (const [keyword, value] of Object.entries(schema)) {
    if (keyword === 'const') out.enum = [value]
    else if (keyword === 'examples') out.example = (value as unknown[])[0]
    else if (keyword === 'patternProperties') out.additionalProperties = nested(Object.values(value as Json)[0])
    else if (keyword === 'properties') out.properties = mapValues(value as Record<string, Json>, schema30)
    else if (['anyOf', 'oneOf', 'allOf'].includes(keyword)) out[keyword] = (value as Json[]).map(schema30)
    else if (keyword === 'items' || keyword === 'additionalProperties') out[keyword] = nested(value)
    else if (KEPT.has(keyword)) out[keyword] = value
    else if (keyword !== '$id') throw new Error(`OpenAPI 3.0 has no counterpart of ${keyword}`)
  }
  return withoutNull(withOneType(withoutSiblings(out)))
}

/** In 3.0 nothing may stand beside a reference. */
function withoutSiblings({ $ref, ...words }: Json): Json {
  if ($ref === undefined) return words
  return Object.keys(words).length === 0 ? { $ref } : { allOf: [{ $ref }], ...words }
}

function nested(value: unknown): unknown {
  return isObject(value) ? schema30(value) : value
}

function mapValues<From, To>(record: Record<string, From>, change: (value: From) => To): Record<string, To> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, change(value)]))
}

/** A list of types becomes one alternative for each of them, with the keywords that concern it. */
function withOneType(schema: Json): Json {
  if (!Array.isArray(schema.type)) return schema
  const types = schema.type as string[]
  const named = types.filter((type) => type !== 'null')
  const nullable = named.length < types.length ? { nullable: true } : {}
  const { type: _types, ...rest } = schema
  const [only] = named
  if (named.length === 1 && only !== undefined) return { ...rest, type: only, ...nullable }
  const typed = new Set(named.flatMap((type) => OF_TYPE[type] ?? []))
  const common = Object.fromEntries(Object.entries(rest).filter(([name]) => !typed.has(name)))
  const anyOf = named.map((type) => ({
    type,
    ...Object.fromEntries(Object.entries(rest).filter(([name]) => OF_TYPE[type]?.includes(name))),
  }))
  return { ...common, anyOf, ...nullable }
}

/** The type null becomes `nullable`. */
function withoutNull(schema: Json): Json {
  const { anyOf, ...rest } = schema
  if (!Array.isArray(anyOf)) return schema
  const options = (anyOf as Json[]).filter(({ type }) => type !== 'null')
  if (options.length === anyOf.length) return schema
  const [only] = options
  if (options.length > 1 || only === undefined) return { ...rest, anyOf: options, nullable: true }
  if ('$ref' in only) return { ...rest, allOf: [only], nullable: true }
  return { ...only, ...rest, nullable: true }
}
