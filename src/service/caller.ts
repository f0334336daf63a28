import { includesScope, type ApiKey } from '../auth/api-key.js'
import type { Caller } from '../cloudtrail/call-context.js'
import type { CommandRequest } from './command-request.js'

/**
 * The caller of a command: who takes turns at the quota with others, and whether they may still write. An API key may be
 * revoked, or lose its scope or connection, while its command runs.
 *
 * @param keys the API keys in force now; `undefined` where none is asked for
 */
export function callerOf(
  { context: { apiKey, address, log }, connection }: CommandRequest,
  keys: (() => readonly ApiKey[]) | undefined,
): Caller {
  const onDefect = (err: unknown) => log.error({ err }, 'a command met a defect')
  if (!apiKey || !keys) return { name: address, isAllowed: () => true, onDefect }
  const isAllowed = () => {
    const current = keys().find(({ sha256 }) => sha256 === apiKey.sha256)
    return (
      current !== undefined &&
      includesScope(current.scope, 'write') &&
      (current.connections?.includes(connection.name) ?? true)
    )
  }
  return { name: apiKey.name, isAllowed, onDefect }
}
