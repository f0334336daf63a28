/** A JSON object of an API document. */
export type Json = Record<string, unknown>

/** An operation of an API document: what the writers of older versions read of it. */
export interface Operation {
  operationId: string
  summary?: string
  description?: string
  tags?: string[]
  parameters?: Json[]
  requestBody?: { required?: boolean; content: Record<string, MediaType>; description?: string }
  responses: Record<string, Json>
  security?: Json[]
}

/** The content of a body, in one media type. */
export interface MediaType {
  schema: Json
  example?: unknown
  examples?: Record<string, { summary?: string; value: unknown }>
}

/** An OpenAPI document, version 3.0 or 3.1. */
export interface OpenApi {
  openapi: string
  info: Json & { title: string; version: string; description: string; license: { name: string } }
  servers: { url: string; description?: string }[]
  tags?: { name: string; description?: string }[]
  paths: Record<string, Record<string, Operation>>
  components: Record<string, Record<string, Json>>
  security?: Json[]
}

/** Where the sandbox of README listens: importers want an absolute server URL, which their users then replace. */
export const LOCAL_SERVER = { host: '127.0.0.1:3000', scheme: 'http' } as const

export function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/**
 * Rebuilds a value from the inside out.
 *
 * @param change gets each object after its members were rebuilt, with the name of the member that holds it
 */
export function rebuild(value: unknown, change: (object: Json, key: string) => unknown, key = ''): unknown {
  if (Array.isArray(value)) return value.map((item) => rebuild(item, change, key))
  if (!isObject(value)) return value
  const members = Object.entries(value).map(([name, member]) => [name, rebuild(member, change, name)])
  return change(Object.fromEntries(members) as Json, key)
}

/** Applies a function to every operation of a document. */
export function mapOperations<To>(
  paths: OpenApi['paths'],
  change: (operation: Operation, path: string) => To,
): Record<string, Record<string, To>> {
  return Object.fromEntries(
    Object.entries(paths).map(([path, methods]) => [
      path,
      Object.fromEntries(
        Object.entries(methods).map(([method, operation]) => [method, change(operation, path)]),
      ),
    ]),
  )
}
