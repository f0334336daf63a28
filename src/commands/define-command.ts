import type { Static, TObject } from '@sinclair/typebox'
import type { CloudTrail } from '../cloudtrail/cloudtrail.js'
import type { Outcome, Row } from '../envelope/outcome.js'
import type { Densities } from './events/densities.js'
import type { LookAhead } from './events/look-ahead.js'
import type { LookupTokens } from './events/token.js'
import type { ApiClass } from '../aws/api-class.js'
import type { IamAction } from '../aws/operations.js'
import type { IamPermission } from './iam-permissions.js'
import type { ValidationError } from '../envelope/validation-error.js'

/** The scope that an API key needs: `write` for commands that write. */
export type Scope = 'read' | 'write'

/** Takes the rows of a streamed response one by one. Its promises resolve when the client can take more. */
export interface RowSink {
  row(row: Row<object>): Promise<void>
  /** Every row up to here was given: a request with this token continues behind it. */
  checkpoint(nextToken: string): Promise<void>
}

/** Parts of the process that some commands use. */
export interface CommandTools {
  /** Seals the `nextToken` of searches. */
  tokens: LookupTokens
  /** The event densities that earlier searches measured. */
  densities: Densities
  /** Bounds what all searches fetch ahead of their readers. */
  lookAhead: LookAhead
  /** Takes the rows, where the response is streamed. */
  sink: RowSink | undefined
}

/** A command of the integration: everything that routes, OpenAPI, the catalogue and the IAM policy need of it. */
export interface CommandDefinition<Body extends TObject = TObject, Data extends TObject = TObject> {
  /** Its path under `/commands/`. */
  name: string
  /** Its display name in D3. */
  title: string
  /** What it does, as an imperative without a period. */
  summary: string
  /** For the SOAR engineer, in Markdown. A command that writes says whether a retry is safe. */
  description: string
  /** The quota class that it uses. */
  apiClass: ApiClass
  /** The IAM actions that the connection's key needs, its own operation first. */
  iamActions: [IamAction, ...IamAction[]]
  /** What some requests need beyond that, or what makes an error's hint better. */
  iamPermissions?: IamPermission[]
  scope: Scope
  /** The request's body. */
  body: Body
  /** `data` of a successful row. */
  data: Data
  /** What the command replaces, where it reads that first: `before` and `after` of a dry run. */
  replaced?: TObject
  /** Requests that work in the sandbox, by their summary in Swagger UI. */
  examples: Record<string, Static<Body>>
  /**
   * The rules that the schema cannot say. Fields that broke the schema are left out of the body, so that every
   * validation error is reported at once.
   */
  check?: (body: Partial<Static<Body>>, request: { isStreamed: boolean }) => ValidationError[]
  /** Whether its rows can be streamed, as application/x-ndjson. */
  isStreamable?: boolean
  run: (
    body: Static<Body>,
    cloudTrail: CloudTrail,
    tools: CommandTools,
  ) => Promise<Outcome<Static<Data>>>
}

/** Whether a command may be sent without a body: a read that requires no field. A write always says what to write. */
export function takesNoBody({ scope, body }: CommandDefinition): boolean {
  return scope === 'read' && (body.required ?? []).length === 0
}

/** Types a command by its own body and rows, and gives it to the catalogue, where both differ. */
export function defineCommand<Body extends TObject, Data extends TObject>(
  command: CommandDefinition<Body, Data>,
): CommandDefinition {
  // each route validates the body against this very schema before check() and run() see it
  return command
}
