import type { FastifyBaseLogger } from 'fastify'
import { setTimeout as delay } from 'node:timers/promises'
import type { Answer } from '../http/envelope.js'
import type { RedisConnection } from '../redis/redis-connection.js'
import { KEPT_MS, type Claim, type IdempotencyStore, type KeyedRun } from './idempotency-store.js'
import { CLAIM, KEEP, RELEASE, RENEW } from './scripts.js'

/** How long a key stays with a run of which nothing is heard, in milliseconds. */
export const LEASE_MS = 30_000

/**
 * How long no key is claimed after Redis has come back, which may have forgotten all, in milliseconds: longer than any
 * replica takes to reach it, and to tell it what it runs.
 */
const QUIET_MS = 2_000

/** A run of this process. */
interface Own {
  run: KeyedRun
  /** Whether Redis gave it the key; until then nothing is known. */
  isClaimed: boolean
  /** Its answer as JSON, which Redis has not taken yet. */
  answer?: string
}

/**
 * Idempotency keys in Redis, where every replica finds them.
 *
 * A run renews its lease as long as its process lives. When Redis is away meanwhile, or comes back empty, the lease and the
 * answer are written as soon as it is there; until then this replica answers for its own runs.
 */
export class RedisIdempotencyStore implements IdempotencyStore {
  readonly #own = new Map<string, Own>()
  readonly #timer: NodeJS.Timeout
  #wasUp = false
  /** On the clock of `performance.now()`, in milliseconds. */
  #quietUntil = 0
  readonly #catchUp = () => void this.#renewAll()
  readonly #onUp = () => {
    if (this.#wasUp) this.#quietUntil = performance.now() + QUIET_MS
    this.#wasUp = true
    this.#catchUp()
  }

  constructor(
    private readonly redis: RedisConnection,
    private readonly logger: Pick<FastifyBaseLogger, 'warn'>,
    private readonly leaseMs = LEASE_MS,
  ) {
    this.#timer = setInterval(this.#catchUp, leaseMs / 3)
    this.#timer.unref()
    redis.on('up', this.#onUp)
  }

  async claim(run: KeyedRun): Promise<Claim> {
    const quietMs = this.#quietUntil - performance.now()
    if (quietMs > 0) await delay(quietMs)
    const own = this.#own.get(run.key)
    if (own) return claimOfOwn(own, run)
    const mine: Own = { run, isClaimed: false }
    // known before Redis answers, so that this process never asks twice at a time
    this.#own.set(run.key, mine)
    try {
      const reply = await this.#eval(CLAIM, run, [...this.#of(run), this.leaseMs, KEPT_MS])
      const [state = '', job = '', answer = '{}'] = reply as (string | undefined)[]
      mine.isClaimed = state === 'claimed' || state === 'repeated'
      if (mine.isClaimed) return { state: 'claimed', isRepeat: state === 'repeated' }
      const jobId = job === '' ? undefined : job
      if (state === 'running') return { state, jobId }
      if (state === 'answered') return { state, answer: JSON.parse(answer) as Answer, jobId }
      return { state: 'other' }
    } finally {
      if (!mine.isClaimed) this.#own.delete(run.key)
    }
  }

  async keep(run: KeyedRun, answer: Answer): Promise<void> {
    const own = { run, isClaimed: true, answer: JSON.stringify(answer) }
    this.#own.set(run.key, own)
    await this.#write(own)
  }

  async release(run: KeyedRun, mayBeDone: boolean): Promise<void> {
    this.#own.delete(run.key)
    await this.#eval(RELEASE, run, [run.id, mayBeDone ? '1' : ''])
  }

  async close(): Promise<void> {
    clearInterval(this.#timer)
    this.redis.off('up', this.#onUp)
    await this.#renewAll()
  }

  /** Tells Redis of every run that goes on, and of every answer that it did not take. */
  async #renewAll(): Promise<void> {
    try {
      const claimed = [...this.#own.values()].filter(({ isClaimed }) => isClaimed)
      await Promise.all(claimed.map((own) => this.#write(own)))
    } catch (err) {
      this.logger.warn({ err }, 'idempotency keys could not be renewed: tried again soon')
    }
  }

  async #write(own: Own): Promise<void> {
    const { run, answer } = own
    if (answer === undefined) {
      await this.#eval(RENEW, run, [...this.#of(run), this.leaseMs, KEPT_MS])
      return
    }
    await this.#eval(KEEP, run, [...this.#of(run), answer, KEPT_MS])
    if (this.#own.get(run.key) === own) this.#own.delete(run.key)
  }

  #of(run: KeyedRun): string[] {
    return [run.id, run.fingerprint, run.isJob ? run.id : '']
  }

  #eval(script: string, { key }: KeyedRun, args: (string | number)[]): Promise<unknown> {
    // both in the same slot of a cluster
    const name = `cloudtrail-idempotency:{${key}}`
    return this.redis.client.eval(script, 2, name, `${name}:run`, ...args)
  }
}

/** What a key stands for that this very process runs. */
function claimOfOwn({ run, isClaimed, answer }: Own, asked: KeyedRun): Claim {
  if (!isClaimed) return { state: 'running', jobId: undefined }
  if (run.fingerprint !== asked.fingerprint) return { state: 'other' }
  const jobId = run.isJob ? run.id : undefined
  return answer === undefined
    ? { state: 'running', jobId }
    : { state: 'answered', answer: JSON.parse(answer) as Answer, jobId }
}
