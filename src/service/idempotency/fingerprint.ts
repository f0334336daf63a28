import { createHash } from 'node:crypto'
import type { Connection } from '../../cloudtrail/connections/connection.js'

/**
 * What a command is asked to do, as a digest: its name, its body whatever the order of its fields, and as whom and where.
 * Of a connection that has a name that is what the name stands for, and not its keys, which may be rotated meanwhile; of
 * one that the request brings it is everything.
 */
export function fingerprintOf(
  command: string,
  body: Record<string, unknown>,
  connection: Connection,
): string {
  const { connection: given, ...fields } = body
  const { name, endpoint, region, identity } = connection
  const who =
    typeof given === 'object' ? [connection.id] : [name, endpoint, region, identity.roleArn ?? '']
  return digest(canonical([command, fields, who]))
}

/** An idempotency key together with whose it is: the same key of another API key is another one. */
export function keyOf(owner: string, idempotencyKey: string): string {
  return digest(JSON.stringify([owner, idempotencyKey]))
}

/** JSON with the fields of every object in the order of their names. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, member: unknown) =>
    typeof member === 'object' && member !== null && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1)))
      : member,
  )
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
