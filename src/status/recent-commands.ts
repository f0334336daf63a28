import type { Envelope } from '../envelope/envelope.js'

/** How many commands are remembered. */
const KEEP = 50

/** What the status page tells of a command that was run: its outcome, and nothing that was sent or found. */
export interface RecentCommand {
  /** When it was answered, in milliseconds since 1970. */
  at: number
  command: string
  returnData: Envelope['returnData']
  /** The codes of its errors, each once. */
  codes: string[]
  /** Rows of its answer. */
  rows: number
  connection: string
  regions: readonly string[]
  durationMs: number
}

/** The commands that were answered last, in this process. */
export class RecentCommands {
  readonly #commands: RecentCommand[] = []

  /** Remembers the answer to a command; the oldest is forgotten for it. */
  add({ command, returnData, contextData, errors, meta }: Envelope): void {
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
