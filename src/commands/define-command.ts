import type { Static, TObject, TSchema } from '@sinclair/typebox'
import type { CloudTrail } from '../cloudtrail/cloudtrail.js'
import type { Outcome, Row } from '../envelope/outcome.js'
import type { Densities } from './events/densities.js'
import type { LookupTokens } from './events/token.js'
import type { ApiClass } from '../aws/api-class.js'
import type { IamAction } from '../aws/operations.js'
import type { ValidationError } from '../envelope/validation-error.js'

/** What an API key must be allowed: `write` where a command changes a trail. */
export type Scope = 'read' | 'write'

/** Takes the rows of a streamed answer one by one; its promise resolves when the reader can take more. */
export type RowSink = (row: Row) => Promise<void>

/** What a command is given beside its request. */
export interface CommandTools {
  /** Seals where searches go on. */
  tokens: LookupTokens
  /** What earlier searches found. */
  densities: Densities
  /** Where the rows go, when the answer is streamed. */
  sink: RowSink | undefined
}

/** A command of the integration: everything that routes, OpenAPI, the catalogue and the IAM policy need of it. */
export interface CommandDefinition<Body extends TObject = TObject> {
  /** Its path under `/commands/`. */
  name: string
  /** Its display name in D3. */
  title: string
  /** For the SOAR engineer, in Markdown. */
  description: string
  /** The quota class that it uses. */
  apiClass: ApiClass
  /** The IAM actions that the connection's key needs. */
  iamActions: [IamAction, ...IamAction[]]
  scope: Scope
  /** What the request's body may hold. */
  body: Body
  /** `data` of a successful row. */
  data: TSchema
  /** Requests that work in the sandbox, by a word on what they show. */
  examples: Record<string, Static<Body>>
  /**
   * The rules that the schema cannot say. The body may lack fields: those that broke the schema are left out, so that
   * every fault is told at once.
   */
  check?: (body: Partial<Static<Body>>, request: { isStreamed: boolean }) => ValidationError[]
  /** Whether its rows can be streamed, as application/x-ndjson. */
  isStreamable?: boolean
  run: (body: Static<Body>, cloudTrail: CloudTrail, tools: CommandTools) => Promise<Outcome>
}

/** Types a command by its own body, and gives it to the catalogue, where bodies differ. */
export function defineCommand<Body extends TObject>(
  command: CommandDefinition<Body>,
): CommandDefinition {
  // each route validates the body against this very schema before check() and run() see it
  return command
}
