import {
  isObject,
  LOCAL_SERVER,
  mapOperations,
  rebuild,
  type Json,
  type MediaType,
  type OpenApi,
  type Operation,
} from '../../src/plugins/openapi/document.js'

/** Finds the component that a reference names. */
type Resolve = (part: Json) => Json

/**
 * The document in version 2.0, for Logic Apps, Microsoft Sentinel and Power Automate. Version 2.0 has no alternatives: a
 * connection is a name, times are strings, regions are a list. Its importers read neither `allOf` nor labels beside a
 * reference: the parts of a schema are joined, and only objects are definitions.
 *
 * @param document the document in version 3.0.3
 */
export function openApi20(document: OpenApi): Json {
  const { components } = document
  const resolve: Resolve = (part) => {
    const path = typeof part.$ref === 'string' ? part.$ref.split('/').slice(2) : undefined
    if (!path) return part
    const [group = '', name = ''] = path
    const found = components[group]?.[name]
    if (!found) throw new Error(`${String(part.$ref)} does not exist`)
    return found
  }
  const responses: Record<string, Json> = {}
  const paths = mapOperations(document.paths, (operation) => operation20(operation, resolve, responses))
  return {
    swagger: '2.0',
    info: document.info,
    host: LOCAL_SERVER.host,
    basePath: '/',
    schemes: [LOCAL_SERVER.scheme],
    consumes: ['application/json'],
    produces: ['application/json'],
    tags: document.tags,
    securityDefinitions: {
      BearerAuth: {
        type: 'apiKey',
        in: 'header',
        name: 'Authorization',
        description: 'Enter `Bearer `, followed by the API key.',
      },
    },
    security: [{ BearerAuth: [] }],
    paths,
    parameters: Object.fromEntries(
      Object.entries(components.parameters ?? {}).map(([name, parameter]) => [name, parameter20(parameter, resolve)]),
    ),
    responses,
    definitions: Object.fromEntries(
      Object.entries(components.schemas ?? {})
        .filter(([, schema]) => isDefinition(schema))
        .map(([name, schema]) => [name, schema20(schema, resolve)]),
    ),
  }
}

/** @param shared gets the responses that operations refer to */
function operation20(operation: Operation, resolve: Resolve, shared: Record<string, Json>): Json {
  const { requestBody, parameters = [], responses, ...rest } = operation
  const body = requestBody && resolve(requestBody)
  return {
    ...rest,
    parameters: [
      ...parameters.map((parameter) => {
        const name = componentOf(parameter)
        return name === undefined ? parameter20(parameter, resolve) : { $ref: `#/parameters/${name}` }
      }),
      ...(body ? [body20(body as unknown as NonNullable<Operation['requestBody']>, resolve)] : []),
    ],
    ...produces(responses, resolve),
    responses: responses20(responses, resolve, shared),
  }
}

/**
 * The responses of an operation. Importers take the outputs of an action from its response of 200, which stands where it is
 * used; ranges of statuses, which 2.0 does not have, become `default`.
 */
function responses20(responses: Operation['responses'], resolve: Resolve, shared: Record<string, Json>): Json {
  const isRange = (status: string) => /^\dXX$/.test(status)
  const exact = Object.entries(responses).filter(([status]) => !isRange(status))
  const ranges = Object.entries(responses).filter(([status]) => isRange(status))
  const share = (name: string, response: Json) => {
    shared[name] ??= response20(response, resolve)
    return { $ref: `#/responses/${name}` }
  }
  const out: Json = {}
  for (const [status, response] of exact) {
    const name = componentOf(response)
    const isShared = name !== undefined && status !== '200' && status !== '207'
    out[status] = isShared ? share(name, resolve(response)) : response20(resolve(response), resolve)
  }
  if (ranges.length > 0) {
    const parts = ranges.map(([, response]) => resolve(response))
    out.default = share(ranges.map(([, response]) => componentOf(response)).join('Or'), {
      ...parts.at(-1),
      description: parts.map(({ description }) => description).join('\n\n'),
    })
  }
  // one example for the two statuses of success
  if (isObject(out['207'])) delete out['207'].examples
  return out
}

/** The name of the component that a reference names. */
function componentOf({ $ref }: Json): string | undefined {
  return typeof $ref === 'string' ? $ref.split('/').at(-1) : undefined
}

function produces(responses: Operation['responses'], resolve: Resolve): Json {
  const types = new Set(
    Object.values(responses).flatMap((response) => Object.keys((resolve(response).content as Json | undefined) ?? {})),
  )
  types.add('application/json')
  return types.size > 1 ? { produces: [...types] } : {}
}

function parameter20(parameter: Json, resolve: Resolve): Json {
  const { schema, example: _example, examples: _examples, style: _style, explode: _explode, ...rest } = parameter
  const { description: _text, example: _one, title: _title, ...type } = schema20(schema as Json, resolve)
  return { ...rest, ...type, 'x-ms-summary': labelOf(String(parameter.name)) }
}

function body20({ required, content }: NonNullable<Operation['requestBody']>, resolve: Resolve): Json {
  const media = content['application/json']
  if (!media) throw new Error('a request body without JSON')
  const { schema, example, examples } = media
  const first = example ?? Object.values(examples ?? {})[0]?.value
  return {
    in: 'body',
    name: 'body',
    required: required ?? false,
    schema: { ...schema20(resolve(schema), resolve), ...(first !== undefined && { example: first }) },
  }
}

function response20(response: Json, resolve: Resolve): Json {
  const content = response.content as Record<string, MediaType> | undefined
  const json = content?.['application/json']
  const first = json && (json.example ?? Object.values(json.examples ?? {})[0]?.value)
  const headers = Object.entries((response.headers as Record<string, Json> | undefined) ?? {})
  return {
    description: response.description,
    ...(json && { schema: schema20(json.schema, resolve) }),
    ...(content && !json && { schema: { type: 'string' } }),
    ...(first !== undefined && { examples: { 'application/json': first } }),
    ...(headers.length > 0 && {
      headers: Object.fromEntries(
        headers.map(([name, header]) => {
          const { schema, description } = resolve(header)
          const { example: _one, ...type } = schema20(schema as Json, resolve)
          return [name, { description, ...type }]
        }),
      ),
    }),
  }
}

/** A schema of version 3.0 in the words of 2.0, with a label for each property. */
function schema20(schema: Json, resolve: Resolve): Json {
  return rebuild(schema, (object, key) => {
    if (key === 'example' || key === 'default') return object
    if (key === 'properties') return labelled(object)
    const { nullable, anyOf, allOf, $ref, ...rest } = object
    return {
      ...(Array.isArray(anyOf) ? chosen(anyOf as Json[]) : {}),
      ...(Array.isArray(allOf) ? joined((allOf as Json[]).map((part) => ofReference(part, resolve))) : {}),
      ...(typeof $ref === 'string' && used($ref, resolve)),
      ...rest,
      ...(nullable === true && { 'x-nullable': true }),
    }
  }) as Json
}

/** What a reference of 2.0 may name: importers show the label of a property only where the property itself has it. */
function isDefinition(schema: Json): boolean {
  return schema.type === 'object' || 'allOf' in schema
}

/** A reference to an object; anything else stands where it is used. */
function used($ref: string, resolve: Resolve): Json {
  const schema = resolve({ $ref })
  return isDefinition(schema)
    ? { $ref: $ref.replace('#/components/schemas/', '#/definitions/') }
    : schema20(schema, resolve)
}

/** The schema that a part of `allOf` refers to: rebuild() has replaced the reference by that of 2.0. */
function ofReference(part: Json, resolve: Resolve): Json {
  return typeof part.$ref === 'string'
    ? schema20(resolve({ $ref: part.$ref.replace('#/definitions/', '#/components/schemas/') }), resolve)
    : part
}

/** Several object schemas as one. */
function joined(parts: Json[]): Json {
  const [only] = parts
  if (parts.length === 1 && only) return only
  return {
    type: 'object',
    required: parts.flatMap(({ required }) => (required as string[] | undefined) ?? []),
    properties: Object.assign({}, ...parts.map(({ properties }) => properties)) as Json,
  }
}

function labelled(properties: Json): Json {
  return Object.fromEntries(
    Object.entries(properties).map(([name, property]) => [
      name,
      isObject(property) && !('$ref' in property) ? { 'x-ms-summary': labelOf(name), ...property } : property,
    ]),
  )
}

/**
 * The alternative that version 2.0 keeps: a list before a word, any word before those of an enum, a name before an object; a
 * number or a word is left open.
 */
function chosen(options: Json[]): Json {
  const of = (type: string) => options.find((option) => option.type === type)
  if (of('integer')) return {}
  const anyWord = options.find((option) => option.type === 'string' && !('enum' in option))
  const { description: _text, ...option } = of('array') ?? anyWord ?? of('string') ?? options[0] ?? {}
  return option
}

/** `s3BucketName` as people read it: S3 bucket name. */
function labelOf(name: string): string {
  const words = name
    .replace(/^x-/, '')
    .replaceAll('-', ' ')
    .replace(/([a-z\d])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .replace(/\b(s3|sns|kms|arns?|id|ms|aws)\b/g, (word) =>
      word === 'ms' ? '(ms)' : word === 'arns' ? 'ARNs' : word.toUpperCase(),
    )
  return words.charAt(0).toUpperCase() + words.slice(1)
}
