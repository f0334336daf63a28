import type { Answer } from '../http/envelope.js'
import { KEPT_MS, type Claim, type IdempotencyStore, type KeyedRun } from './idempotency-store.js'

/** Bounds of what is kept in memory. */
export interface IdempotencyBounds {
  entries: number
  /** Answers, in bytes of JSON. */
  bytes: number
}

/** What the service keeps in memory: 10,000 keys, and 64 MiB of answers. */
export const IDEMPOTENCY_BOUNDS: IdempotencyBounds = {
  entries: 10_000,
  bytes: 64 * 1024 * 1024,
}

interface Entry {
  run: KeyedRun
  /** The answer as JSON; nothing while the run goes on. */
  answer?: string
  /** When it is forgotten, on the clock of `performance.now()`, in milliseconds. */
  expiresAt: number
}

/**
 * Idempotency keys of this process alone: another replica knows nothing of them, and they end with it. Since runs end with
 * it too, none is ever found abandoned.
 */
export class MemoryIdempotencyStore implements IdempotencyStore {
  /** By key, those with an answer in the order in which it came. */
  readonly #entries = new Map<string, Entry>()
  #bytes = 0

  constructor(
    private readonly bounds: IdempotencyBounds = IDEMPOTENCY_BOUNDS,
    private readonly now: () => number = () => performance.now(),
  ) {}

  async claim(run: KeyedRun): Promise<Claim> {
    this.#forgetOld()
    const entry = this.#entries.get(run.key)
    if (!entry) {
      this.#entries.set(run.key, { run, expiresAt: Infinity })
      return { state: 'claimed', isRepeat: false }
    }
    if (entry.run.fingerprint !== run.fingerprint) return { state: 'other' }
    const jobId = entry.run.isJob ? entry.run.id : undefined
    return entry.answer === undefined
      ? { state: 'running', jobId }
      : { state: 'answered', answer: JSON.parse(entry.answer) as Answer, jobId }
  }

  async keep(run: KeyedRun, answer: Answer): Promise<void> {
    const text = JSON.stringify(answer)
    this.#entries.delete(run.key)
    this.#entries.set(run.key, { run, answer: text, expiresAt: this.now() + KEPT_MS })
    this.#bytes += Buffer.byteLength(text)
    this.#forgetOld()
  }

  async release(run: KeyedRun): Promise<void> {
    this.#entries.delete(run.key)
  }

  async close(): Promise<void> {
    this.#entries.clear()
  }

  /** Forgets answers, the oldest first, that are over their time or over the bounds; what runs stays. */
  #forgetOld(): void {
    const now = this.now()
    for (const [key, { answer, expiresAt }] of this.#entries) {
      if (answer === undefined) continue
      const { size } = this.#entries
      const isFull = size > this.bounds.entries || this.#bytes > this.bounds.bytes
      if (expiresAt > now && !isFull) return
      this.#entries.delete(key)
      this.#bytes -= Buffer.byteLength(answer)
    }
  }
}
