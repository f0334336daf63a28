import { createHash } from 'node:crypto'
import type { Connection } from '../../cloudtrail/connections/connection.js'

/**
 * Digest of a command request: its name, its body in any order of fields, and its connection. A named connection is its
 * name, endpoint, region and role, not its keys, which may be rotated meanwhile; an inline connection is all of its fields.
 */
export function fingerprintOf(
  command: string,
  body: Record<string, unknown>,
  connection: Connection,
): string {
  const { connection: given, ...fields } = body
  const { name, endpoint, region, identity } = connection
  const identifies =
    typeof given === 'object' ? [connection.id] : [name, endpoint, region, identity.roleArn ?? '']
  return digest(canonical([command, fields, identifies]))
}

/** SHA-256, in hexadecimal. */
export function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

/** JSON with the fields of every object in the order of their names. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, member: unknown) =>
    typeof member === 'object' && member !== null && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1)))
      : member,
  )
}
