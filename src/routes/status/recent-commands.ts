import type { CommandResponse, Envelope } from '../../envelope/envelope.js'

/** The most commands that are kept. */
const KEEP = 50

/** A command as the status page shows it: its outcome, without inputs and data. */
export interface RecentCommand {
  /** When it got its response, in milliseconds since 1970. */
  at: number
  command: string
  returnData: Envelope['returnData']
  /** The codes of its errors, each once. */
  codes: string[]
  /** Rows of its response. */
  rows: number
  connection: string
  regions: readonly string[]
  durationMs: number
}

/** The latest commands of this process. */
export class RecentCommands {
  readonly #commands: RecentCommand[] = []

  /** Keeps a command that ran, in place of the oldest. */
  onCommand({ envelope }: CommandResponse): void {
    const { command, returnData, contextData, errors, meta } = envelope
    this.#commands.unshift({
      at: Date.now(),
      command: command ?? '',
      returnData,
      codes: [...new Set(errors.map(({ code }) => code))],
      rows: contextData.length,
      connection: meta.connection ?? '',
      regions: meta.regions ?? [],
      durationMs: meta.durationMs,
    })
    this.#commands.length = Math.min(this.#commands.length, KEEP)
  }

  /** The newest first. */
  list(): readonly RecentCommand[] {
    return this.#commands
  }
}
