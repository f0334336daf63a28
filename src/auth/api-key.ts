import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import { Type, type Static } from '@sinclair/typebox'
import { Value } from '@sinclair/typebox/value'
import { parseSecretJson } from '../reloaded-file.js'

/** What a key may do; each scope includes the ones before it. */
export const SCOPES = ['read', 'write', 'admin'] as const

/** `read`: commands that write nothing; `write`: all commands; `admin`: the service's own state too. */
export type KeyScope = (typeof SCOPES)[number]

/** By this prefix, secret scanners find a key that was left somewhere. */
export const KEY_PREFIX = 'ctk_'

/** One entry of the keys file. The key itself is stored nowhere. */
const ApiKeySchema = Type.Object(
  {
    name: Type.String({ pattern: '^[A-Za-z0-9._-]{1,64}$' }),
    sha256: Type.String({ pattern: '^[0-9a-f]{64}$' }),
    scope: Type.Union([Type.Literal('read'), Type.Literal('write'), Type.Literal('admin')]),
    connections: Type.Optional(Type.Array(Type.String({ minLength: 1, maxLength: 128 }))),
  },
  { additionalProperties: false },
)

/** A key as the service knows it: its name, its hash, what it may do, and on which connections. */
export type ApiKey = Static<typeof ApiKeySchema>

/** The keys file breaks a rule; the message names every entry that breaks a rule, and no hash. */
export class KeysFileError extends Error {
  override name = 'KeysFileError'
}

/**
 * Reads the text of the keys file.
 *
 * @throws {KeysFileError} for text that is no list of keys, and for names or hashes that come twice
 */
export function parseApiKeys(text: string): ApiKey[] {
  let list: unknown
  try {
    list = parseSecretJson(text)
  } catch (error) {
    throw new KeysFileError(`API_KEYS_FILE ${(error as Error).message}`)
  }
  if (!Array.isArray(list)) throw new KeysFileError('API_KEYS_FILE must hold a JSON list of keys')
  const errors: string[] = []
  const keys: ApiKey[] = []
  for (const [index, entry] of (list as unknown[]).entries()) {
    const error = Value.Errors(ApiKeySchema, entry).First()
    if (error) errors.push(`[${index}]${error.path}: ${error.message}`)
    else keys.push(entry as ApiKey)
  }
  for (const field of ['name', 'sha256'] as const) {
    if (new Set(keys.map((key) => key[field])).size < keys.length) {
      errors.push(`every ${field} must stand once`)
    }
  }
  if (errors.length > 0) throw new KeysFileError(`API_KEYS_FILE is not valid: ${errors.join('; ')}`)
  return keys
}

/** Makes a key of 256 random bits, and the entry that the keys file needs of it. */
export function makeApiKey(
  name: string,
  scope: KeyScope,
  connections?: string[],
): { key: string; entry: ApiKey } {
  const key = KEY_PREFIX + randomBytes(32).toString('base64url')
  const sha256 = hashOf(key).toString('hex')
  return { key, entry: { name, sha256, scope, ...(connections && { connections }) } }
}

/**
 * The key that a request presents, or `undefined`. Every entry is compared in constant time, so that the
 * duration reveals nothing.
 */
export function findApiKey(keys: readonly ApiKey[], presented: string): ApiKey | undefined {
  const hash = hashOf(presented)
  let found: ApiKey | undefined
  for (const key of keys) {
    if (timingSafeEqual(Buffer.from(key.sha256, 'hex'), hash)) found = key
  }
  return found
}

/** Whether a key's scope includes the scope that is needed. */
export function includesScope(scope: KeyScope, needed: KeyScope): boolean {
  return SCOPES.indexOf(scope) >= SCOPES.indexOf(needed)
}

function hashOf(key: string): Buffer {
  return createHash('sha256').update(key).digest()
}
