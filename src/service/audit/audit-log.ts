import { pino, type Logger } from 'pino'
import type { Logger as Log } from '../../log.js'
import { STUCK_MS, StuckWatch } from './stuck-watch.js'

/** The destination of audit entries. */
export interface AuditSink {
  /**
   * Writes whole lines, in the order of the calls.
   *
   * @param isDurable whether they are to survive a crash of the machine too, where the destination can do that
   * @param onStep is called whenever a part of the write is done
   * @throws when they could not be written; they are written again then
   */
  write(lines: string, isDurable: boolean, onStep: () => void): Promise<void>
}

/** Delay between two attempts at a sink that fails, in milliseconds. */
const TRY_AGAIN_MS = 1_000

/** The most text of one write to the sink, in characters. */
const MAX_BATCH = 256 * 1024

/**
 * The most text that waits for the sink, in characters, by the kind of entry. Entries of writes are always kept: while the
 * sink is stuck no write runs. Requests that were refused unread leave room for commands that ran.
 */
const MAX_WAITING = { refusal: 8 * 1024 * 1024, read: 16 * 1024 * 1024, write: Infinity }

/** What an entry is about: a request that was refused, a read, or a write. */
export type EntryKind = keyof typeof MAX_WAITING

/** The audit log cannot write entries now. */
export class AuditUnavailableError extends Error {
  override name = 'AuditUnavailableError'
}

/** The state of the audit log, for operators and metrics. */
export interface AuditState {
  /** Whether entries are written. The service is ready without, for commands that only read. */
  ready: boolean
  detail: string
  /** Entries that wait to be written. */
  waiting: number
  /** Entries that were dropped since the process started. */
  dropped: number
  /** Intents of running commands, which have no outcome yet. */
  openIntents: number
  /** Intents without an outcome that an earlier process left, as found at start. */
  leftOpen: number
}

interface Waiter {
  /** Number of the entry that it waits for. */
  until: number
  onEnd: (error?: Error) => void
}

/**
 * The audit log: entries with the caller, inputs and outcome of each command. Entries are written in order and in the
 * background; `flushed` waits for them.
 */
export class AuditLog {
  readonly #logger: Logger
  #waiting: { line: string; isDurable: boolean }[] = []
  #size = 0
  /** Entries that were added and written so far. */
  #added = 0
  #written = 0
  #dropped = 0
  #reported = 0
  #kind: EntryKind = 'read'
  #isDurable = false
  #isWriting = false
  readonly #watch = new StuckWatch(() => {
    this.#endWaits(stuck())
  })
  #error: Error | undefined
  #retry: NodeJS.Timeout | undefined
  readonly #waiters = new Set<Waiter>()
  /** Ids of the intents of running commands: they have no outcome yet. */
  readonly openIntents = new Set<string>()
  /** The number of intents that an earlier process left open. */
  leftOpen = 0

  constructor(
    private readonly sink: AuditSink,
    private readonly log: Pick<Log, 'info' | 'error'>,
  ) {
    this.#logger = pino(
      { base: { audit: true }, timestamp: pino.stdTimeFunctions.isoTime },
      {
        write: (line: string) => {
          this.#add(line)
        },
      },
    )
  }

  /**
   * Adds an entry.
   *
   * @param isDurable whether it is to survive a crash of the machine
   */
  write(entry: Record<string, unknown>, kind: EntryKind, isDurable = false): void {
    this.#kind = kind
    this.#isDurable = isDurable
    this.#logger.info(entry)
  }

  /**
   * Waits until every entry so far is written.
   *
   * @param ended ends the wait
   * @throws {AuditUnavailableError} when the sink fails, or is stuck; whatever `ended` aborts with
   */
  async flushed(ended?: AbortSignal): Promise<void> {
    if (this.#waiting.length === 0 && !this.#error) return
    if (this.#watch.isStuck) throw stuck()
    await new Promise<void>((resolve, reject) => {
      const onAbort = () => {
        waiter.onEnd(ended?.reason as Error)
      }
      ended?.addEventListener('abort', onAbort, { once: true })
      const waiter: Waiter = {
        until: this.#added,
        onEnd: (error) => {
          ended?.removeEventListener('abort', onAbort)
          this.#waiters.delete(waiter)
          if (error) reject(error)
          else resolve()
        },
      }
      this.#waiters.add(waiter)
      void this.#flush()
    })
  }

  /** The state for operators and metrics. */
  state(): AuditState {
    const error = this.#error ?? (this.#watch.isStuck ? stuck() : undefined)
    return {
      ready: error === undefined,
      detail: error?.message ?? 'written',
      waiting: this.#waiting.length,
      dropped: this.#dropped,
      openIntents: this.openIntents.size,
      leftOpen: this.leftOpen,
    }
  }

  /** Waits for the entries that are not written yet, at most until the sink counts as stuck. */
  async close(): Promise<void> {
    await this.flushed().catch(() => undefined)
    clearTimeout(this.#retry)
  }

  #add(line: string): void {
    if (this.#size + line.length > MAX_WAITING[this.#kind]) {
      this.#dropped += 1
      if (this.#dropped === this.#reported + 1) {
        this.log.error('audit entries are dropped: too many wait to be written')
      }
      return
    }
    this.#waiting.push({ line, isDurable: this.#isDurable })
    this.#size += line.length
    this.#added += 1
    void this.#flush()
  }

  /** Writes the waiting entries, or nothing, unless that is under way. */
  async #flush(): Promise<void> {
    if (this.#isWriting) return
    this.#isWriting = true
    clearTimeout(this.#retry)
    do {
      const batch = this.#batch()
      const lines = batch.map(({ line }) => line).join('')
      this.#watch.step()
      try {
        await this.sink.write(
          lines,
          batch.some(({ isDurable }) => isDurable),
          () => {
            this.#watch.step()
          },
        )
      } catch (error) {
        this.#isWriting = false
        this.#fail(error as Error)
        return
      } finally {
        this.#watch.stop()
      }
      if (this.#error) this.log.info('the audit log is written again')
      this.#error = undefined
      this.#waiting.splice(0, batch.length)
      this.#size -= lines.length
      this.#written += batch.length
      for (const waiter of this.#waiters) if (waiter.until <= this.#written) waiter.onEnd()
    } while (this.#waiting.length > 0)
    this.#isWriting = false
    this.#reportDropped()
  }

  #batch() {
    let size = 0
    const end = this.#waiting.findIndex(({ line }) => (size += line.length) > MAX_BATCH)
    return this.#waiting.slice(0, end === -1 ? undefined : Math.max(1, end))
  }

  #endWaits(error: AuditUnavailableError): void {
    for (const waiter of this.#waiters) waiter.onEnd(error)
  }

  #fail(cause: Error): void {
    if (!this.#error) this.log.error({ err: cause }, 'the audit log cannot be written')
    this.#error = new AuditUnavailableError(cause.message, { cause })
    this.#endWaits(this.#error)
    this.#retry = setTimeout(() => void this.#flush(), TRY_AGAIN_MS).unref()
  }

  /** Entries are never dropped in silence: the audit log itself has their number. */
  #reportDropped(): void {
    const dropped = this.#dropped - this.#reported
    if (dropped === 0) return
    this.#reported = this.#dropped
    this.write({ dropped }, 'write')
  }
}

function stuck(): AuditUnavailableError {
  return new AuditUnavailableError(`it made no progress for ${STUCK_MS / 1000} seconds`)
}
