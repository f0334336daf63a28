import type { IDataObject } from 'n8n-workflow'

/** How a field of a form becomes one of the body. */
export type Kind = 'text' | 'choice' | 'boolean' | 'number' | 'list' | 'json'

/** Kind of each field, and whether the word null clears it. */
export type Fields = Record<string, [kind: Kind, isNullable: boolean]>

/**
 * The body of a command from the values of the form. Empty values are left out.
 *
 * @throws Error that names the field and the rule
 */
export function bodyOf(fields: Fields, values: IDataObject, connection: string): IDataObject {
  const body: IDataObject = {}
  for (const [name, [kind, isNullable]] of Object.entries(fields)) {
    const value = values[name]
    if (value === undefined || value === null || value === '') continue
    const clears = isNullable && typeof value === 'string' && value.trim().toLowerCase() === 'null'
    body[name] = clears ? null : valueOf(name, kind, value)
  }
  // the word stands in place of a list
  if (Array.isArray(body.regions) && String(body.regions) === 'all') body.regions = 'all'
  if (connection && !('connection' in body)) body.connection = connection
  return body
}

/** One value. An expression may give a list or an object where a person types text. */
function valueOf(name: string, kind: Kind, value: unknown): IDataObject[string] {
  if (kind === 'list') return listOf(name, value)
  if (kind === 'json')
    return typeof value === 'string' ? parse(name, value) : (value as IDataObject)
  if (kind === 'text' || kind === 'choice') return String(value).trim()
  return value as boolean | number
}

/** A list is one already, JSON, or texts with commas between them. */
function listOf(name: string, value: unknown): string[] {
  if (Array.isArray(value)) return value as string[]
  const text = String(value).trim()
  if (text.startsWith('[')) return parse(name, text) as string[]
  return text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '')
}

function parse(name: string, text: string): IDataObject[string] {
  try {
    return JSON.parse(text) as IDataObject
  } catch {
    return fail(`${name} must be JSON`)
  }
}

function fail(message: string): never {
  throw new Error(message)
}
