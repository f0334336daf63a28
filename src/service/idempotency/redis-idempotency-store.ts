import type { FastifyBaseLogger } from 'fastify'
import { setTimeout as delay } from 'node:timers/promises'
import type { CommandResponse } from '../../envelope/envelope.js'
import { memoryAge } from '../../redis/memory-age.js'
import type { RedisConnection } from '../../redis/redis-connection.js'
import { KEPT_MS, type Claim, type IdempotencyStore, type KeyedRun } from './idempotency-store.js'
import { CLAIM, KEEP, RELEASE, RENEW } from './scripts.js'

/** How long a key stays with a run of which nothing is heard, in milliseconds. */
export const LEASE_MS = 30_000

/** How often Redis hears of every run, in milliseconds; with a shorter lease, a fifth of it. */
const RENEW_MS = 2_000

/**
 * How long no key is claimed when Redis may have forgotten all, in milliseconds: longer than any replica takes to reach
 * it, and to tell it what it runs.
 */
const QUIET_MS = RENEW_MS + 500

/** A run of this process. */
interface Own {
  run: KeyedRun
  /** Until when Redis keeps its key for it, on the clock of `performance.now()`; nothing before Redis gave it the key. */
  heldUntil?: number
  /** Its answer as JSON, which Redis has not taken yet. */
  answer?: string
}

/** A run whose key Redis may still keep for it, although it is not wanted any more. */
interface Left {
  run: KeyedRun
  /** Whether it is to be known that there was a run, as RELEASE takes it. */
  known: '1' | '' | '?'
  /** When Redis forgets it by itself, on the clock of `performance.now()`, in milliseconds. */
  until: number
}

/**
 * Idempotency keys in Redis, where every replica finds them.
 *
 * A run renews its lease as long as its process lives. When Redis is away meanwhile, or comes back empty, the lease and the
 * answer are written as soon as it is there; until then this replica answers for its own runs.
 */
export class RedisIdempotencyStore implements IdempotencyStore {
  readonly #own = new Map<string, Own>()
  #left: Left[] = []
  readonly #timer: NodeJS.Timeout
  /** On the clock of `performance.now()`, in milliseconds. */
  #quietUntil = 0
  readonly #catchUp = () => void this.#renewAll()
  readonly #onUp = () => {
    this.#quietUntil = performance.now() + QUIET_MS
    this.#catchUp()
  }

  constructor(
    private readonly redis: RedisConnection,
    private readonly logger: Pick<FastifyBaseLogger, 'warn'>,
    private readonly leaseMs = LEASE_MS,
  ) {
    this.#timer = setInterval(this.#catchUp, Math.min(RENEW_MS, leaseMs / 5))
    this.#timer.unref()
    redis.on('up', this.#onUp)
  }

  async claim(run: KeyedRun, ended: AbortSignal): Promise<Claim> {
    const known = this.#own.get(run.key)
    if (known) return claimOfOwn(known, run)
    const mine: Own = { run }
    // known before Redis answers, so that this process never asks twice at a time
    this.#own.set(run.key, mine)
    let asked = false
    try {
      await this.#untilQuietIsOver(ended)
      await this.#giveBack()
      ended.throwIfAborted()
      asked = true
      const askedAt = performance.now()
      const args = [...this.#of(run), this.leaseMs, KEPT_MS]
      const [state = '', job = '', answer = '{}'] = (await this.#eval(CLAIM, run, args)) as string[]
      asked = false
      const jobId = job === '' ? undefined : job
      if (state === 'running') return { state, jobId }
      if (state === 'answered')
        return { state, answer: JSON.parse(answer) as CommandResponse, jobId }
      if (state === 'other') return { state }
      mine.heldUntil = askedAt + this.leaseMs
      return { state: 'claimed', isRepeat: state === 'repeated' }
    } finally {
      if (mine.heldUntil === undefined) this.#own.delete(run.key)
      // Redis may have given the key all the same: it would be kept for nobody
      if (asked) this.#leave(run, '?')
    }
  }

  async keep(run: KeyedRun, answer: CommandResponse): Promise<void> {
    const own = { heldUntil: 0, ...this.#own.get(run.key), run, answer: JSON.stringify(answer) }
    this.#own.set(run.key, own)
    await this.#write(own)
  }

  async release(run: KeyedRun, mayBeDone: boolean): Promise<void> {
    this.#own.delete(run.key)
    this.#leave(run, mayBeDone ? '1' : '')
    await this.#giveBack()
  }

  /** Half of the lease is left for a change to be made in. */
  holds(run: KeyedRun): boolean {
    const { heldUntil = 0 } = this.#own.get(run.key) ?? {}
    return performance.now() < heldUntil - this.leaseMs / 2
  }

  async close(): Promise<void> {
    clearInterval(this.#timer)
    this.redis.off('up', this.#onUp)
    await this.#renewAll()
  }

  /** Waits while Redis may not know yet of what the replicas run. */
  async #untilQuietIsOver(ended: AbortSignal): Promise<void> {
    const age = await memoryAge(this.redis.client)
    const leftMs = Math.max(this.#quietUntil - performance.now(), QUIET_MS - age)
    if (leftMs > 0) await delay(leftMs, undefined, { signal: ended })
  }

  /** Tells Redis of every run that goes on, of every answer that it did not take, and of every key to be freed. */
  async #renewAll(): Promise<void> {
    try {
      const held = [...this.#own.values()].filter(({ heldUntil }) => heldUntil !== undefined)
      await Promise.all([this.#giveBack(), ...held.map((own) => this.#write(own))])
    } catch (err) {
      this.logger.warn({ err }, 'idempotency keys could not be renewed: tried again soon')
    }
  }

  async #write(own: Own): Promise<void> {
    const { run, answer } = own
    const askedAt = performance.now()
    if (answer === undefined) {
      const isHeld = await this.#eval(RENEW, run, [...this.#of(run), this.leaseMs, KEPT_MS])
      if (isHeld === 1) own.heldUntil = askedAt + this.leaseMs
      return
    }
    await this.#eval(KEEP, run, [...this.#of(run), answer, KEPT_MS])
    if (this.#own.get(run.key) === own) this.#own.delete(run.key)
  }

  #leave(run: KeyedRun, known: Left['known']): void {
    this.#left.push({ run, known, until: performance.now() + this.leaseMs })
  }

  /**
   * Frees the keys that nobody wants any more. Those that Redis does not take are freed later; and those that it may still
   * be about to give, by a command that is on its way, as long as that may be.
   */
  async #giveBack(): Promise<void> {
    const now = performance.now()
    this.#left = this.#left.filter(({ until }) => until > now)
    const free = async (one: Left) => {
      await this.#eval(RELEASE, one.run, [one.run.id, one.known])
      if (one.known !== '?') this.#left = this.#left.filter((other) => other !== one)
    }
    await Promise.all(this.#left.map(free))
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
function claimOfOwn({ run, heldUntil, answer }: Own, asked: KeyedRun): Claim {
  if (heldUntil === undefined) return { state: 'running', jobId: undefined }
  if (run.fingerprint !== asked.fingerprint) return { state: 'other' }
  const jobId = run.isJob ? run.id : undefined
  return answer === undefined
    ? { state: 'running', jobId }
    : { state: 'answered', answer: JSON.parse(answer) as CommandResponse, jobId }
}
