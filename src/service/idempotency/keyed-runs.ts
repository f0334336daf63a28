import type { FastifyBaseLogger } from 'fastify'
import { once } from 'node:events'
import { setTimeout as delay } from 'node:timers/promises'
import type { CommandChanges } from '../../cloudtrail/call-context.js'
import type { CommandResponse } from '../../envelope/envelope.js'
import type { Claim, IdempotencyStore, KeyedRun } from './idempotency-store.js'

/** How often a run that goes on is looked at, in milliseconds: soon, then less often. */
const LOOK_MS = { first: 20, most: 250 } as const

/**
 * How long an answer waits at most until the store has taken it, in milliseconds: a store that does not answer makes none
 * late, and takes it when it can.
 */
const TAKEN_WITHIN_MS = 500

/** Runs commands under idempotency keys: each once, and its answer for everybody who asks with the same key. */
export class KeyedRuns {
  readonly #running = new Set<Promise<unknown>>()

  constructor(
    private readonly store: IdempotencyStore,
    private readonly logger: Pick<FastifyBaseLogger, 'error'>,
  ) {}

  /**
   * Takes the key for a run, or finds what it stands for. Waits while it stands for another run, which may end without
   * having done anything, or be lost: then it is this one's turn.
   *
   * @param ended ends the waiting
   * @param isEnough whether what is known of a run that goes on is all that is asked for
   * @throws when the store cannot be reached
   */
  async take(
    run: KeyedRun,
    ended: AbortSignal,
    isEnough: (claim: Claim) => Promise<boolean>,
  ): Promise<Claim> {
    let claim: Claim | undefined
    for (let wait: number = LOOK_MS.first; ; wait = Math.min(LOOK_MS.most, wait * 1.5)) {
      try {
        claim = await this.#claim(run, ended)
      } catch (error) {
        if (claim && ended.aborted) return claim
        throw error
      }
      if (claim.state !== 'running' || ended.aborted || (await isEnough(claim))) return claim
      await delay(wait, undefined, { signal: ended }).catch(() => undefined)
    }
  }

  /** Asks for the key as long as there is time: one that is given later is given back. */
  async #claim(run: KeyedRun, ended: AbortSignal): Promise<Claim> {
    const claiming = this.store.claim(run, ended)
    try {
      return await orEnded(claiming, ended)
    } catch (error) {
      const giveBack = (claim: Claim) =>
        claim.state === 'claimed' ? this.release(run, claim.isRepeat) : undefined
      claiming.then(giveBack).catch(() => undefined)
      throw error
    }
  }

  /**
   * Carries out a run that has its key. Its answer is kept when something was done, or may have been; the key of one that
   * did nothing is free again.
   *
   * @param work runs the command, to its answer
   * @param changes what it did, told by the command itself
   */
  async run(
    run: KeyedRun,
    changes: CommandChanges,
    work: () => Promise<CommandResponse>,
  ): Promise<CommandResponse> {
    const running = this.#run(run, changes, work)
    this.#running.add(running)
    try {
      return await running
    } finally {
      this.#running.delete(running)
    }
  }

  /** Whether a run may make changes: its key is not, and will not soon be, another's. */
  holds(run: KeyedRun): boolean {
    return this.store.holds(run)
  }

  /** Frees the key of a run that was not begun. */
  async release(run: KeyedRun, mayBeDone: boolean): Promise<void> {
    try {
      await this.store.release(run, mayBeDone)
    } catch (err) {
      this.logger.error({ err }, 'an idempotency key could not be freed')
    }
  }

  /** Waits for every run of this process. */
  async finished(): Promise<void> {
    await Promise.allSettled(this.#running)
  }

  close(): Promise<void> {
    return this.store.close()
  }

  async #run(
    run: KeyedRun,
    changes: CommandChanges,
    work: () => Promise<CommandResponse>,
  ): Promise<CommandResponse> {
    let answer: CommandResponse
    try {
      answer = await work()
      /* c8 ignore start -- a defect that is known is mended, not tested */
    } catch (error) {
      await this.release(run, changes.mayBeMade || changes.mayBeRepeated)
      throw error
      /* c8 ignore stop */
    }
    if (answer.envelope.returnData !== 'Failed' || changes.mayBeMade) {
      await orSoon(this.#keep(run, answer))
    } else {
      await orSoon(this.release(run, changes.mayBeRepeated))
    }
    return answer
  }

  async #keep(run: KeyedRun, answer: CommandResponse): Promise<void> {
    try {
      await this.store.keep(run, answer)
    } catch (err) {
      this.logger.error({ err }, 'the answer to an idempotency key could not be kept')
    }
  }
}

/** Waits for work that does not fail, but not for long. */
async function orSoon(work: Promise<void>): Promise<void> {
  const waited = new AbortController()
  const soon = delay(TAKEN_WITHIN_MS, undefined, { signal: waited.signal }).catch(() => undefined)
  await Promise.race([work, soon])
  waited.abort()
}

/** Waits for a promise until the signal aborts. */
async function orEnded<Value>(promise: Promise<Value>, ended: AbortSignal): Promise<Value> {
  ended.throwIfAborted()
  const waited = new AbortController()
  const end = once(ended, 'abort', { signal: waited.signal }).then(() => {
    throw ended.reason
  })
  try {
    return await Promise.race([promise, end])
  } finally {
    waited.abort()
    end.catch(() => undefined)
  }
}
