import type { CommandResponse, Envelope } from '../../envelope/envelope.js'
import type { CommandObserver, ObservedRequest } from '../../service/execute-command.js'

/** Equal commands of this time share a row, in milliseconds: 30 minutes of five commands per second stay in the list. */
const GROUP_MS = 60_000

/** The most rows that are kept. */
const KEEP = 600

/** Commands of one minute that are equal in all that the status page shows: outcomes, without inputs and data. */
export interface RecentCommand {
  /** When the latest of them got its response, in milliseconds since 1970. */
  at: number
  /** How many they are. */
  count: number
  command: string
  /** The HTTP status. */
  status: number
  returnData: Envelope['returnData']
  /** The codes of its errors, each once. */
  codes: string[]
  /** The name of the API key, empty where none was presented. */
  key: string
  isDryRun: boolean
  isJob: boolean
  connection: string
  regions: readonly string[]
  /** The longest of them, in milliseconds. */
  durationMs: number
  /** The id of the latest request. */
  requestId: string
}

/** The latest commands of this process, those that were refused included. */
export class RecentCommands implements CommandObserver {
  /** By what they have in common; the latest last. */
  readonly #rows = new Map<string, RecentCommand>()

  /** @param now milliseconds since 1970 */
  constructor(private readonly now = () => Date.now()) {}

  /** Keeps a command that ran. */
  onCommand(response: CommandResponse, request: ObservedRequest): void {
    this.#keep(response, request)
  }

  /** Keeps a command that was refused. */
  onRefusal(response: CommandResponse, request: ObservedRequest): void {
    this.#keep(response, request)
  }

  /** The newest first. */
  list(): readonly RecentCommand[] {
    return [...this.#rows.values()].reverse()
  }

  #keep({ status, envelope }: CommandResponse, request: ObservedRequest): void {
    const { returnData, errors, meta } = envelope
    const command = envelope.command ?? ''
    const at = this.now()
    const { connection = '', regions = [], requestId, durationMs } = meta
    const { key = '', isDryRun, isJob } = request
    const codes = [...new Set(errors.map(({ code }) => code))]
    const shared = { command, status, returnData, codes, key, isDryRun, isJob, connection, regions }
    const name = JSON.stringify([Math.floor(at / GROUP_MS), shared])
    const known = this.#rows.get(name)
    this.#rows.delete(name)
    this.#rows.set(name, {
      ...shared,
      at,
      count: (known?.count ?? 0) + 1,
      durationMs: Math.max(durationMs, known?.durationMs ?? 0),
      requestId,
    })
    const [oldest] = this.#rows.keys()
    if (this.#rows.size > KEEP && oldest !== undefined) this.#rows.delete(oldest)
  }
}
