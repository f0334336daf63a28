import { dirname, resolve } from 'node:path'
import { Type, type Static } from '@sinclair/typebox'
import { Value } from '@sinclair/typebox/value'
import { parseSecretJson } from '../../reloaded-file.js'
import type { ConnectionFields } from './connection.js'
import { CONNECTION_FIELDS, CONNECTION_NAME } from './fields.js'

/** A value of the file: itself, or where it is found. */
const Entry = Type.Union([
  Type.String(),
  Type.Object({ env: Type.String({ minLength: 1 }) }, { additionalProperties: false }),
  Type.Object({ file: Type.String({ minLength: 1 }) }, { additionalProperties: false }),
])

type Entry = Static<typeof Entry>

/** The connections file breaks a rule; the message names every connection and field at fault, and no value. */
export class ConnectionsFileError extends Error {
  override name = 'ConnectionsFileError'
  constructor(faults: readonly string[]) {
    super(`CONNECTIONS_FILE is not valid: ${faults.join('; ')}`)
  }
}

/** Where the values are found that the file does not hold itself. */
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
 * @returns the fields of each connection, found and checked one by one
 * @throws {ConnectionsFileError} which names every fault
 */
export function parseConnectionsFile(
  text: string,
  sources: ValueSources,
): Map<string, ConnectionFields> {
  let file: unknown
  try {
    file = parseSecretJson(text)
  } catch (error) {
    throw new ConnectionsFileError([(error as Error).message])
  }
  if (!isObject(file)) throw new ConnectionsFileError(['it must hold a JSON object of connections'])
  const faults: string[] = []
  const connections = new Map<string, ConnectionFields>()
  for (const [name, entry] of Object.entries(file)) {
    if (!CONNECTION_NAME.test(name)) {
      // the name is quoted as JSON: it may be anything
      faults.push(
        `${JSON.stringify(name)} is no name: 1 to 64 of A-Z a-z 0-9 . _ - and not "inline"`,
      )
    } else if (!isObject(entry)) faults.push(`${name} must be an object of connection fields`)
    else connections.set(name, readFields(name, entry, sources, faults))
  }
  if (faults.length > 0) throw new ConnectionsFileError(faults)
  return connections
}

function readFields(
  name: string,
  entry: Record<string, unknown>,
  sources: ValueSources,
  faults: string[],
): ConnectionFields {
  const fields: Record<string, string> = {}
  for (const [field, given] of Object.entries(entry)) {
    const told = `${name}.${field}`
    if (!Object.hasOwn(CONNECTION_FIELDS, field)) {
      faults.push(`${told} is no field: there are ${Object.keys(CONNECTION_FIELDS).join(', ')}`)
      continue
    }
    if (!Value.Check(Entry, given)) {
      faults.push(`${told} must be a text, {"env": "NAME"} or {"file": "path"}`)
      continue
    }
    const found = find(given, sources)
    if ('fault' in found) {
      faults.push(`${told} ${found.fault}`)
      continue
    }
    const schema = CONNECTION_FIELDS[field as keyof ConnectionFields]
    const fault = Value.Errors(schema, found.value).First()
    if (fault) faults.push(`${told}: ${fault.message}`)
    else fields[field] = found.value
  }
  return fields
}

/** The value itself. What a mounted secret ends with is a line end more often than not. */
function find(entry: Entry, { path, env, readFile }: ValueSources) {
  if (typeof entry === 'string') return { value: entry }
  if ('env' in entry) {
    const value = env[entry.env]
    return value === undefined || value === ''
      ? { fault: `needs the environment variable ${entry.env}, which is not set` }
      : { value }
  }
  try {
    return { value: readFile(resolve(dirname(path), entry.file)).trim() }
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown error'
    return { fault: `needs the file ${entry.file}, which cannot be read (${code})` }
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
