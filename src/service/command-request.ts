import type { IncomingHttpHeaders } from 'node:http'
import type { Connection, ConnectionFields } from '../cloudtrail/connections/connection.js'
import type { CommandDefinition } from '../commands/define-command.js'
import type { RequestContext } from './request-context.js'

/** The body of a command, as far as every command has it. Its own schema has validated the rest. */
export type CommandBody = Record<string, unknown> & {
  connection?: string | ConnectionFields
  dryRun?: boolean
}

/** A validated request to run a command: everything that the service layer needs of it. */
export interface CommandRequest {
  readonly command: CommandDefinition
  readonly body: CommandBody
  readonly connection: Connection
  readonly context: RequestContext
  /** `x-deadline-ms`, in milliseconds; `undefined`: the default of the service. */
  readonly deadlineMs: number | undefined
  /** `idempotency-key`; always `undefined` for read commands and dry runs. */
  readonly idempotencyKey: string | undefined
  /** Whether the command is to run as a job. */
  readonly isJob: boolean
  /** How long the client waits for the job, in milliseconds; `undefined`: not at all. */
  readonly waitMs?: number | undefined
  /** Headers that may carry the trace of the caller. */
  readonly headers: IncomingHttpHeaders
}

/** Whether the request may write: not a read, and no dry run. */
export function isWrite({ command, body }: Pick<CommandRequest, 'command' | 'body'>): boolean {
  return command.scope === 'write' && body.dryRun !== true
}
