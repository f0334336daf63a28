import { fstatSync, write } from 'node:fs'

/** The most log text that waits for the reader of standard output, in bytes; further lines are dropped and counted. */
const MAX_LOG_BYTES = 1024 * 1024

/** The most bytes of one write. */
const MAX_BATCH_BYTES = 64 * 1024

/** Text that waits to be written. */
interface Piece {
  bytes: Buffer
  /** Receives the end of the write; left out for log lines, which nobody waits for. */
  onDone?: (error?: Error | null) => void
  /** Is called when text before it was written. */
  onStep?: () => void
}

/** Writes all bytes without blocking the event loop, then calls back. */
export type WriteBytes = (bytes: Buffer, done: (error?: Error | null) => void) => void

/**
 * Standard output, which log and audit log share. No write blocks the event loop: while the reader does not read, text
 * waits in memory. Log lines are bounded, and counted when they are dropped; the audit log bounds its own entries.
 */
export class StandardOutput {
  readonly #queue: Piece[] = []
  #logBytes = 0
  #isWriting = false
  #dropped = 0
  #reported = 0
  readonly #idle = new Set<() => void>()

  /**
   * @param onDropped receives the number of log lines that were dropped, when lines are written again
   */
  constructor(
    private readonly onDropped: (count: number) => void,
    private readonly writeBytes: WriteBytes = writerTo(1),
  ) {}

  /** Log lines that were dropped since the process started. */
  get dropped(): number {
    return this.#dropped
  }

  /** Writes a line of the log, or drops it when too much of the log waits already. */
  writeLog(line: string): void {
    const bytes = Buffer.from(line)
    if (this.#logBytes + bytes.length > MAX_LOG_BYTES) {
      this.#dropped += 1
      return
    }
    this.#logBytes += bytes.length
    this.#add({ bytes })
  }

  /**
   * Writes text that is never dropped.
   *
   * @param onStep is called whenever text before it was written
   * @throws when it could not be written
   */
  write(text: string, _isDurable?: boolean, onStep?: () => void): Promise<void> {
    return new Promise((resolve, reject) => {
      const onDone = (error?: Error | null) => {
        if (error) reject(error)
        else resolve()
      }
      this.#add({ bytes: Buffer.from(text), onDone, ...(onStep && { onStep }) })
    })
  }

  /** Waits until everything is written, at most for `withinMs`. */
  async flush(withinMs: number): Promise<void> {
    if (!this.#isWriting) return
    await new Promise<void>((resolve) => {
      const timeout = setTimeout(resolve, withinMs)
      this.#idle.add(() => {
        clearTimeout(timeout)
        resolve()
      })
    })
  }

  #add(piece: Piece): void {
    this.#queue.push(piece)
    if (!this.#isWriting) this.#writeNext()
  }

  #writeNext(): void {
    const batch = this.#takeBatch()
    this.#isWriting = batch.length > 0
    if (!this.#isWriting) {
      for (const resolve of this.#idle) resolve()
      this.#idle.clear()
      return
    }
    this.writeBytes(Buffer.concat(batch.map(({ bytes }) => bytes)), (error) => {
      for (const { bytes, onDone } of batch) {
        if (onDone) onDone(error)
        else {
          this.#logBytes -= bytes.length
          if (error) this.#dropped += 1
        }
      }
      if (!error) {
        this.#reportDropped()
        for (const { onStep } of this.#queue) onStep?.()
      }
      this.#writeNext()
    })
  }

  #takeBatch(): Piece[] {
    let size = 0
    let count = 0
    for (const { bytes } of this.#queue) {
      size += bytes.length
      if (count > 0 && size > MAX_BATCH_BYTES) break
      count += 1
    }
    return this.#queue.splice(0, count)
  }

  #reportDropped(): void {
    const count = this.#dropped - this.#reported
    if (count === 0) return
    this.#reported = this.#dropped
    this.onDropped(count)
  }
}

/** Writes to a descriptor in the way that never blocks the event loop for its kind. */
function writerTo(fd: 1): WriteBytes {
  const stat = fstatSync(fd)
  if (stat.isFIFO() || stat.isSocket()) {
    // Node writes to pipes and sockets when they are ready. The error comes to the callback too
    process.stdout.on('error', () => undefined)
    return (bytes, done) => {
      process.stdout.write(bytes, done)
    }
  }
  // files and terminals block, and so are written by a thread
  return (bytes, done) => {
    writeAll(fd, bytes, done)
  }
}

function writeAll(fd: number, bytes: Buffer, done: (error?: Error | null) => void): void {
  write(fd, bytes, (error, written) => {
    if (error?.code === 'EAGAIN') setTimeout(writeAll, 50, fd, bytes, done)
    else if (error || written === bytes.length) done(error)
    else writeAll(fd, bytes.subarray(written), done)
  })
}
