import { errorResponseName } from './error-responses.js'
import { shareSchemas, type Json } from './share-schemas.js'

type Group = Record<string, Json>

/** An OpenAPI document, as far as its components are concerned. */
interface Document {
  paths: Record<string, Record<string, Operation>>
  components: Record<string, Group>
}

interface Operation {
  operationId: string
  parameters?: Json[]
  requestBody?: Json
  responses: Group
}

/**
 * Writes each part of a document once, and refers to it: schemas that have a title, the responses of commands and of errors,
 * and the headers and parameters that several operations have in common.
 */
export function shareComponents(document: Document): Document {
  const { schemas: named = {}, ...components } = document.components
  const schemas: Group = {}
  const own = Object.entries(named).map(([title, schema]) => ({ ...schema, title }))
  const [paths] = shareSchemas([document.paths, own] as const, schemas)
  const operations = Object.values(paths).flatMap((methods) => Object.values(methods))
  for (const { responses } of operations) Object.values(responses).forEach(removeRepeatedWords)
  const responses = shareResponses(operations)
  const headers = shareNamed(
    [...operations.flatMap((one) => Object.values(one.responses)), ...Object.values(responses)]
      .map(({ headers: members }) => members as Group | undefined)
      .filter((members) => members !== undefined),
    'headers',
  )
  const parameters = shareParameters(operations)
  const requestBodies = shareBodies(operations)
  return {
    ...document,
    paths,
    components: { ...components, parameters, requestBodies, headers, responses, schemas },
  }
}

/** Removes the description of a schema that is that of its response: @fastify/swagger writes it twice. */
function removeRepeatedWords({ description, content = {} }: Json): void {
  for (const { schema } of Object.values(content as Record<string, { schema?: Json }>)) {
    if (schema?.description === description) delete schema?.description
  }
}

/** Replaces the responses of commands and of errors, and returns their components. */
function shareResponses(operations: readonly Operation[]): Group {
  const shared: Group = {}
  for (const { operationId, responses } of operations) {
    for (const [status, response] of Object.entries(responses)) {
      const name = isErrorEnvelope(response)
        ? errorResponseName(status)
        : '207' in responses
          ? commandResponseName(operationId, status)
          : JOB_RESPONSES[`${operationId} ${status}`]
      if (name === undefined) continue
      shared[name] ??= response
      if (JSON.stringify(shared[name]) !== JSON.stringify(response)) continue
      responses[status] = { $ref: `#/components/responses/${name}` }
    }
  }
  return shared
}

/** Responses that the operations on jobs share. */
const JOB_RESPONSES: Record<string, string> = {
  'getJob 200': 'JobFinished',
  'getJob 202': 'JobRunning',
  'cancelJob 200': 'JobFinished',
  'cancelJob 202': 'JobRunning',
}

/** The name of a response that has the command's own envelope, or its job. */
function commandResponseName(operationId: string, status: string): string {
  if (status === '202') return 'JobStarted'
  return pascalCase(operationId) + (/^[45]/.test(status) ? 'Error' : 'Response')
}

/** Whether a response has the envelope of errors, and no other media type. */
function isErrorEnvelope({ content }: Json): boolean {
  const types = Object.values((content ?? {}) as Record<string, { schema?: Json }>)
  return types.length === 1 && types[0]?.schema?.$ref === '#/components/schemas/ErrorEnvelope'
}

/**
 * Replaces the request bodies, and returns their components. They are no schemas, since openapi-typescript takes a member of a
 * schema that has a default for one that is always there.
 */
function shareBodies(operations: readonly Operation[]): Group {
  const shared: Group = {}
  for (const operation of operations) {
    if (!operation.requestBody) continue
    const name = `${pascalCase(operation.operationId)}Request`
    shared[name] = operation.requestBody
    operation.requestBody = { $ref: `#/components/requestBodies/${name}` }
  }
  return shared
}

function shareParameters(operations: readonly Operation[]): Group {
  const groups = operations.map(({ parameters = [] }) =>
    Object.fromEntries(parameters.map((one) => [String(one.name), one])),
  )
  const shared = shareNamed(groups, 'parameters')
  for (const [index, operation] of operations.entries()) {
    if (operation.parameters) operation.parameters = Object.values(groups[index] ?? {})
  }
  return shared
}

/**
 * Replaces the parts that several groups have under the same name, and returns their components. Where the same name stands
 * for different parts, the most frequent one is shared.
 */
function shareNamed(groups: readonly Group[], kind: string): Group {
  const all = groups.flatMap((group) => Object.entries(group))
  const counts = new Map<string, number>()
  const keyOf = (name: string, part: Json) => `${name} ${JSON.stringify(part)}`
  for (const [name, part] of all) {
    counts.set(keyOf(name, part), (counts.get(keyOf(name, part)) ?? 0) + 1)
  }
  const usesOf = (name: string, part: Json | undefined) =>
    part ? (counts.get(keyOf(name, part)) ?? 0) : 1
  const shared: Group = {}
  for (const [name, part] of all) {
    const component = componentName(name)
    if (usesOf(name, part) > usesOf(name, shared[component])) shared[component] = part
  }
  for (const group of groups) {
    for (const [name, part] of Object.entries(group)) {
      const component = componentName(name)
      if (JSON.stringify(shared[component]) !== JSON.stringify(part)) continue
      group[name] = { $ref: `#/components/${kind}/${component}` }
    }
  }
  return shared
}

/** `x-request-id` as the name of a component: `RequestId`. */
function componentName(header: string): string {
  return pascalCase(
    header.replace(/^x-/, '').replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase()),
  )
}

function pascalCase(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1)
}
