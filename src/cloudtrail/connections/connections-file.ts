import { dirname, resolve } from 'node:path'
import { Type, type Static } from '@sinclair/typebox'
import { Value } from '@sinclair/typebox/value'
import { parseSecretJson } from '../../reloaded-file.js'
import { ConnectionConfigError } from './connection-error.js'
import type { ConnectionFields } from './connection.js'
import { CONNECTION_FIELDS, CONNECTION_NAME, fieldErrors, isConnectionField } from './fields.js'

/** A value of the file: a text, or the place that holds it. */
const Entry = Type.Union([
  Type.String(),
  Type.Object({ env: Type.String({ minLength: 1 }) }, { additionalProperties: false }),
  Type.Object({ file: Type.String({ minLength: 1 }) }, { additionalProperties: false }),
])

type Entry = Static<typeof Entry>

/** The connections file breaks a rule; the message names every such connection and field, and no value. */
export class ConnectionsFileError extends ConnectionConfigError {
  override name = 'ConnectionsFileError'
  constructor(path: string, errors: readonly string[]) {
    super(`CONNECTIONS_FILE ${path} is not valid: ${errors.join('; ')}`)
  }
}

/** The places of values that the file does not hold itself. */
export interface ValueSources {
  /** The file's own path: paths in it are relative to its folder. */
  path: string
  env: NodeJS.ProcessEnv
  /** Reads a file that a value refers to. */
  readFile: (path: string) => string
}

/**
 * Reads the text of the connections file: a JSON object of connections by name, whose values are texts,
 * `{"env": "NAME"}` or `{"file": "path"}`.
 *
 * @returns the fields of each connection, resolved and checked one by one
 * @throws {ConnectionsFileError} which names every error
 */
export function parseConnectionsFile(
  text: string,
  sources: ValueSources,
): Map<string, ConnectionFields> {
  const { path } = sources
  let file: unknown
  try {
    file = parseSecretJson(text)
  } catch (error) {
    throw new ConnectionsFileError(path, [(error as Error).message])
  }
  if (!isObject(file)) {
    throw new ConnectionsFileError(path, ['it must hold a JSON object of connections'])
  }
  const errors: string[] = []
  const connections = new Map<string, ConnectionFields>()
  for (const [name, entry] of Object.entries(file)) {
    if (!CONNECTION_NAME.test(name)) {
      // the name is quoted as JSON: it may be any text
      errors.push(
        `${JSON.stringify(name)} is no name: 1 to 64 of A-Z a-z 0-9 . _ - and not "inline"`,
      )
    } else if (!isObject(entry)) errors.push(`${name} must be an object of connection fields`)
    else connections.set(name, readFields(name, entry, sources, errors))
  }
  if (errors.length > 0) throw new ConnectionsFileError(path, errors)
  return connections
}

function readFields(
  connection: string,
  entry: Record<string, unknown>,
  sources: ValueSources,
  errors: string[],
): ConnectionFields {
  const fields: ConnectionFields = {}
  for (const [field, given] of Object.entries(entry)) {
    const place = `${connection}.${field}`
    if (!isConnectionField(field)) {
      errors.push(`${place} is no field: there are ${Object.keys(CONNECTION_FIELDS).join(', ')}`)
    } else if (!Value.Check(Entry, given)) {
      errors.push(`${place} must be a text, {"env": "NAME"} or {"file": "path"}`)
    } else {
      const found = find(given, sources)
      if ('error' in found) errors.push(`${place} ${found.error}`)
      else fields[field] = found.value
    }
  }
  errors.push(
    ...fieldErrors(fields).map(({ field, message }) => `${connection}.${field} ${message}`),
  )
  return fields
}

/** The value itself, without the line end with which most mounted secrets close. */
function find(entry: Entry, { path, env, readFile }: ValueSources) {
  if (typeof entry === 'string') return { value: entry }
  if ('env' in entry) {
    const value = env[entry.env]
    return value === undefined || value === ''
      ? { error: `needs the environment variable ${entry.env}, which is not set` }
      : { value }
  }
  try {
    return { value: readFile(resolve(dirname(path), entry.file)).trim() }
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown error'
    return { error: `needs the file ${entry.file}, which cannot be read (${code})` }
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
