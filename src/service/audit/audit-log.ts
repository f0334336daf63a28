import { appendFileSync, closeSync, openSync, writeSync } from 'node:fs'
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

/** How long a line waits for the reader of a pipe that is full, in milliseconds. */
const FULL_PIPE_MS = 2_000

/** How long between two tries, in milliseconds. */
const TRY_AGAIN_MS = 10

/**
 * Standard output. Whether its reader is still there only a line tells: the first that fails is owed, and as long as it
 * is, nothing changes.
 */
export function auditStdout(fd = 1): AuditSink {
  return {
    write: (line) => {
      const bytes = Buffer.from(line)
      const until = performance.now() + FULL_PIPE_MS
      for (let written = 0; written < bytes.length;) {
        try {
          written += writeSync(fd, bytes, written)
        } catch (error) {
          const isFull = (error as NodeJS.ErrnoException).code === 'EAGAIN'
          if (!isFull || performance.now() > until) throw error
          // the log shares the pipe, and waits for it in the same way
          Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, TRY_AGAIN_MS)
        }
      }
    },
    check: () => undefined,
  }
}

/** A line that has not been written yet. */
interface Owed {
  line: string
  /** Whether it tells of a request that was not let in. */
  isRefusal: boolean
}

/** The account of what was asked, by whom, and what came of it: one line for each command. */
export class AuditLog {
  readonly #logger: Logger
  /** Lines that were due when nothing could be written: they come first when it can. */
  #owed: Owed[] = []
  #isRefusal = false

  constructor(private readonly sink: AuditSink) {
    const write = (line: string) => {
      this.#owed.push({ line, isRefusal: this.#isRefusal })
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
   * @param isRefusal whether the request was not let in: while nothing can be written, such lines make room for others
   * @returns why it could not be written; it is kept, and written before the next one
   */
  write(entry: Record<string, unknown>, isRefusal = false): Error | undefined {
    return attempt(() => {
      this.#isRefusal = isRefusal
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

  /** Writes what is owed. It is bounded: the oldest refusal goes first, so that strangers push out no line of a change. */
  #pay(): void {
    if (this.#owed.length > MAX_OWED) {
      this.#owed.splice(
        Math.max(
          0,
          this.#owed.findIndex(({ isRefusal }) => isRefusal),
        ),
        1,
      )
    }
    for (let first = this.#owed[0]; first !== undefined; first = this.#owed[0]) {
      this.sink.write(first.line)
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
