import { writeSync } from 'node:fs'
import { pino, type Logger } from 'pino'

/** The destination of audit entries; `write` throws when a line could not be written. */
export interface AuditSink {
  write(line: string): void
  /** @throws when nothing can be written now */
  check(): void
}

/** How long an entry waits for the reader of a full pipe, in milliseconds. */
const FULL_PIPE_MS = 2_000

/** Delay between two attempts, in milliseconds. */
const TRY_AGAIN_MS = 10

/**
 * Standard output. Only writing shows whether its reader is still there: the first entry that fails is pending, and while it
 * is, no write command runs.
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
          // the log shares the pipe, and waits in the same way
          Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, TRY_AGAIN_MS)
        }
      }
    },
    check: () => undefined,
  }
}

/** An entry that could not be written yet. */
interface PendingEntry {
  line: string
  /** Whether it is about a request that was refused unread. */
  isRefusal: boolean
}

/** The audit log: one entry for each command, with its caller, its inputs and its outcome. */
export class AuditLog {
  readonly #logger: Logger
  /** Entries that could not be written: they are written first as soon as writing works again. */
  #pending: PendingEntry[] = []
  #isRefusal = false

  constructor(private readonly sink: AuditSink) {
    const write = (line: string) => {
      this.#pending.push({ line, isRefusal: this.#isRefusal })
      this.#flush()
    }
    this.#logger = pino(
      { base: { audit: true }, timestamp: pino.stdTimeFunctions.isoTime },
      { write },
    )
  }

  /**
   * Writes an entry.
   *
   * @param isRefusal whether the request was refused unread: while nothing can be written, such entries make room for others
   * @returns why it could not be written; it is kept, and written before the next one
   */
  write(entry: Record<string, unknown>, isRefusal = false): Error | undefined {
    return attempt(() => {
      this.#isRefusal = isRefusal
      this.#logger.info(entry)
    })
  }

  /** Why no entry can be written now, in which case no write command may run; `undefined` when it can. */
  fault(): Error | undefined {
    return attempt(() => {
      this.sink.check()
      this.#flush()
    })
  }

  /** The state for operators. The service is ready without its audit log, for commands that only read. */
  state(): { ready: boolean; detail: string } {
    const error = this.fault()
    return { ready: error === undefined, detail: error?.message ?? 'written' }
  }

  /**
   * Writes pending entries. They are bounded: the oldest refusal is dropped first, so that unauthenticated requests push out
   * no entry of a write.
   */
  #flush(): void {
    if (this.#pending.length > MAX_PENDING) {
      this.#pending.splice(
        Math.max(
          0,
          this.#pending.findIndex(({ isRefusal }) => isRefusal),
        ),
        1,
      )
    }
    for (let first = this.#pending[0]; first !== undefined; first = this.#pending[0]) {
      this.sink.write(first.line)
      this.#pending.shift()
    }
  }
}

/** The most entries that are kept while they cannot be written. */
const MAX_PENDING = 10_000

function attempt(work: () => void): Error | undefined {
  try {
    work()
    return undefined
  } catch (error) {
    return error as Error
  }
}
