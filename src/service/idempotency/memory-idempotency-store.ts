import type { FastifyBaseLogger } from 'fastify'
import type { CommandResponse } from '../../envelope/envelope.js'
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

/** How often it is told at most that answers are forgotten early, in milliseconds. */
const WARN_EVERY_MS = 60_000

interface Entry {
  run: KeyedRun
  /** The answer as JSON; nothing while the run goes on. */
  answer: string | undefined
  /** When it is forgotten, in milliseconds. */
  expiresAt: number
}

/** What is kept for one owner: by key, those with an answer in the order in which it came. */
interface Kept {
  readonly entries: Map<string, Entry>
  answers: number
  bytes: number
}

/**
 * Idempotency keys of this process alone: another replica knows nothing of them, and they end with it. Since runs end with
 * it too, none is ever found abandoned.
 *
 * What is over the bounds is forgotten early: the oldest answer of whoever has most of them, so that nobody pushes out
 * what is another's before he has as much himself.
 */
export class MemoryIdempotencyStore implements IdempotencyStore {
  readonly #owners = new Map<string, Kept>()
  #size = 0
  #bytes = 0
  #warnedAt = -Infinity

  /** @param now a clock, in milliseconds */
  constructor(
    private readonly logger: Pick<FastifyBaseLogger, 'warn'>,
    private readonly bounds: IdempotencyBounds = IDEMPOTENCY_BOUNDS,
    private readonly now: () => number = () => performance.now(),
  ) {}

  async claim(run: KeyedRun): Promise<Claim> {
    this.#forgetOld()
    const entry = this.#owners.get(run.owner)?.entries.get(run.key)
    if (!entry) {
      this.#add({ run, answer: undefined, expiresAt: Infinity })
      return { state: 'claimed', isRepeat: false }
    }
    if (entry.run.fingerprint !== run.fingerprint) return { state: 'other' }
    const jobId = entry.run.isJob ? entry.run.id : undefined
    return entry.answer === undefined
      ? { state: 'running', jobId }
      : { state: 'answered', answer: JSON.parse(entry.answer) as CommandResponse, jobId }
  }

  async keep(run: KeyedRun, answer: CommandResponse): Promise<void> {
    this.#remove(run)
    this.#add({ run, answer: JSON.stringify(answer), expiresAt: this.now() + KEPT_MS })
    this.#forgetOld()
    this.#forgetMost()
  }

  async release(run: KeyedRun): Promise<void> {
    this.#remove(run)
  }

  /** A run of this process has its key as long as it goes on. */
  holds(): boolean {
    return true
  }

  async close(): Promise<void> {
    this.#owners.clear()
  }

  #add(entry: Entry): void {
    const { owner, key } = entry.run
    const kept = this.#owners.get(owner) ?? {
      entries: new Map<string, Entry>(),
      answers: 0,
      bytes: 0,
    }
    this.#owners.set(owner, kept)
    kept.entries.set(key, entry)
    this.#count(kept, 1, entry)
  }

  #remove({ owner, key }: KeyedRun): void {
    const kept = this.#owners.get(owner)
    const entry = kept?.entries.get(key)
    if (!kept || !entry) return
    kept.entries.delete(key)
    if (kept.entries.size === 0) this.#owners.delete(owner)
    this.#count(kept, -1, entry)
  }

  #count(kept: Kept, sign: 1 | -1, { answer }: Entry): void {
    this.#size += sign
    if (answer === undefined) return
    const bytes = sign * Buffer.byteLength(answer)
    kept.answers += sign
    kept.bytes += bytes
    this.#bytes += bytes
  }

  /** Forgets answers that are over their time. */
  #forgetOld(): void {
    const now = this.now()
    for (const { entries } of this.#owners.values()) {
      for (const { run, answer, expiresAt } of entries.values()) {
        if (answer === undefined) continue
        if (expiresAt > now) break
        this.#remove(run)
      }
    }
  }

  /** Forgets answers that are over the bounds; what runs stays. */
  #forgetMost(): void {
    const { entries, bytes } = this.bounds
    while (this.#size > entries || this.#bytes > bytes) {
      const what = this.#bytes > bytes ? 'bytes' : 'answers'
      const most = [...this.#owners.values()].reduce((a, b) => (b[what] > a[what] ? b : a))
      const oldest = oldestAnswerOf(most)
      if (!oldest) return
      this.#remove(oldest.run)
      this.#warn()
    }
  }

  #warn(): void {
    const now = this.now()
    if (now - this.#warnedAt < WARN_EVERY_MS) return
    this.#warnedAt = now
    this.logger.warn(
      this.bounds,
      'answers to idempotency keys are forgotten within a day: too many for this process; Redis has room for more',
    )
  }
}

function oldestAnswerOf({ entries }: Kept): Entry | undefined {
  for (const entry of entries.values()) if (entry.answer !== undefined) return entry
  return undefined
}
