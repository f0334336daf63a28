import type { Logger } from '../../log.js'
import { once } from 'node:events'
import { setTimeout as delay } from 'node:timers/promises'
import type { CommandChanges } from '../../cloudtrail/call-context.js'
import type { CommandResponse } from '../../envelope/envelope.js'
import type { RecordStore } from '../records/record-store.js'
import type { IdempotencyClaim, IdempotencyData, IdempotencyRecord } from './idempotency-records.js'

/** Poll interval while another run holds the key, in milliseconds. It grows by half each time. */
const POLL_MS = { first: 20, longest: 250 } as const

/**
 * How long a response waits until the store has its record, in milliseconds: an unavailable store delays no response
 * further, and stores it when it is back.
 */
const STORE_WAIT_MS = 500

/** Runs a command once per idempotency key, and replays its response to every later request with the key. */
export class IdempotencyKeys {
  readonly #running = new Set<Promise<unknown>>()

  constructor(
    private readonly records: RecordStore<IdempotencyData>,
    private readonly logger: Pick<Logger, 'error'>,
  ) {}

  /**
   * Claims the key of a record. While another run holds the key it waits: that run may be lost, or release the key
   * because it did nothing.
   *
   * @param signal ends the wait; the last claim is returned, if there is one
   * @param isEnough ends the wait when a running claim is all that the request needs
   * @throws when the store is unavailable
   */
  async claim(
    record: IdempotencyRecord,
    signal: AbortSignal,
    isEnough: (claim: IdempotencyClaim) => Promise<boolean>,
  ): Promise<IdempotencyClaim> {
    let claim: IdempotencyClaim | undefined
    for (let wait: number = POLL_MS.first; ; wait = Math.min(POLL_MS.longest, wait * 1.5)) {
      try {
        claim = await this.#claim(record, signal)
      } catch (error) {
        if (claim && signal.aborted) return claim
        throw error
      }
      if (claim.state !== 'running' || signal.aborted || (await isEnough(claim))) return claim
      await delay(wait, undefined, { signal }).catch(() => undefined)
    }
  }

  /** Claims the key once. A claim that is granted after the signal aborted is given back. */
  async #claim(record: IdempotencyRecord, signal: AbortSignal): Promise<IdempotencyClaim> {
    const claiming = this.records.claim(record, signal)
    let claim
    try {
      claim = await untilAborted(claiming, signal)
    } catch (error) {
      const giveBack = async () => {
        const late = await claiming
        if (late.state === 'claimed') await this.release(record, late.isRepeat)
      }
      giveBack().catch(() => undefined)
      throw error
    }
    if (claim.state === 'full') throw new Error('too many idempotency keys of one owner are in use')
    return claim
  }

  /**
   * Runs a command whose key is claimed. Its response is stored when a write was made or may have been made; otherwise the
   * key is released. When the command throws after a write may have been made, the key is not free again: its record gets
   * the response that the outcome is unknown.
   *
   * @param changes what the command did, as it reports itself
   * @param outcomeUnknown the response to store when the command throws
   */
  async run(
    record: IdempotencyRecord,
    changes: CommandChanges,
    work: () => Promise<CommandResponse>,
    outcomeUnknown: () => CommandResponse,
  ): Promise<CommandResponse> {
    const running = this.#run(record, changes, work, outcomeUnknown)
    this.#running.add(running)
    try {
      return await running
    } finally {
      this.#running.delete(running)
    }
  }

  /** Whether the run may make a write: no other run holds its key, nor will soon. */
  holds(record: IdempotencyRecord): boolean {
    return this.records.holds(record)
  }

  /**
   * Releases the key of a run that made no write.
   *
   * @param mayBeDone whether an earlier, lost run may have made writes: the next claim is a repeat
   */
  async release(record: IdempotencyRecord, mayBeDone: boolean): Promise<void> {
    try {
      await this.records.release(record, mayBeDone)
    } catch (err) {
      this.logger.error({ err }, 'an idempotency key could not be released yet')
    }
  }

  /** Waits for every run of this process. */
  async finished(): Promise<void> {
    await Promise.allSettled(this.#running)
  }

  close(): Promise<void> {
    return this.records.close()
  }

  async #run(
    record: IdempotencyRecord,
    changes: CommandChanges,
    work: () => Promise<CommandResponse>,
    outcomeUnknown: () => CommandResponse,
  ): Promise<CommandResponse> {
    let response: CommandResponse
    try {
      response = await work()
    } catch (error) {
      if (changes.mayBeMade) await briefly(this.#finish(record, outcomeUnknown()))
      else await briefly(this.release(record, changes.mayBeRepeated))
      throw error
    }
    if (response.envelope.returnData !== 'Failed' || changes.mayBeMade) {
      await briefly(this.#finish(record, response))
    } else {
      await briefly(this.release(record, changes.mayBeRepeated))
    }
    return response
  }

  async #finish(record: IdempotencyRecord, response: CommandResponse): Promise<void> {
    try {
      await this.records.finish(record, response)
    } catch (err) {
      this.logger.error({ err }, 'the response of an idempotency key could not be stored yet')
    }
  }
}

/** Waits for work that does not fail, at most for STORE_WAIT_MS. */
async function briefly(work: Promise<void>): Promise<void> {
  const done = new AbortController()
  const timeout = delay(STORE_WAIT_MS, undefined, { signal: done.signal }).catch(() => undefined)
  await Promise.race([work, timeout])
  done.abort()
}

/** Waits for a promise until the signal aborts. */
async function untilAborted<Value>(promise: Promise<Value>, signal: AbortSignal): Promise<Value> {
  signal.throwIfAborted()
  const done = new AbortController()
  const aborted = once(signal, 'abort', { signal: done.signal }).then(() => {
    throw signal.reason
  })
  try {
    return await Promise.race([promise, aborted])
  } finally {
    done.abort()
    aborted.catch(() => undefined)
  }
}
