import { appendFileSync, closeSync, openSync } from 'node:fs'
import { pino, type Logger } from 'pino'

/** Where audit lines go; `write` throws when a line could not be written. */
export interface AuditSink {
  write(line: string): void
  /** @throws when lines cannot be written now */
  check(): void
}

/** A file, opened for each line, so that it may be rotated at any time. Only its owner may read it. */
export function auditFile(path: string): AuditSink {
  return {
    write: (line) => {
      appendFileSync(path, line, { mode: 0o600 })
    },
    check: () => {
      closeSync(openSync(path, 'a', 0o600))
    },
  }
}

/** Standard output, whose end is the end of the process. */
export function auditStdout(): AuditSink {
  const stdout = pino.destination({ fd: 1, sync: true })
  return { write: (line) => stdout.write(line), check: () => undefined }
}

/** The account of what was asked, by whom, and what came of it: one line for each command. */
export class AuditLog {
  readonly #logger: Logger
  /** Lines of changes that were made when nothing could be written: they come first when it can. */
  #owed: string[] = []

  constructor(private readonly sink: AuditSink) {
    const write = (line: string) => {
      this.#owed.push(line)
      this.#pay()
    }
    this.#logger = pino(
      { base: { audit: true }, timestamp: pino.stdTimeFunctions.isoTime },
      { write },
    )
  }

  /**
   * Writes a line.
   *
   * @returns why it could not be written; it is kept, and written before the next one
   */
  write(entry: Record<string, unknown>): Error | undefined {
    return attempt(() => {
      this.#logger.info(entry)
    })
  }

  /** Why no line can be written now, in which case no change may be made; `undefined` when all is well. */
  fault(): Error | undefined {
    return attempt(() => {
      this.sink.check()
      this.#pay()
    })
  }

  /** Writes what is owed. What is refused while nothing can be written is bounded: the newest lines are kept. */
  #pay(): void {
    this.#owed = this.#owed.slice(-MAX_OWED)
    for (let line = this.#owed[0]; line !== undefined; line = this.#owed[0]) {
      this.sink.write(line)
      this.#owed.shift()
    }
  }
}

/** The most lines that are kept while they cannot be written. */
const MAX_OWED = 10_000

function attempt(work: () => void): Error | undefined {
  try {
    work()
    return undefined
  } catch (error) {
    return error as Error
  }
}
