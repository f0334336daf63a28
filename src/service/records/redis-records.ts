import { setTimeout as delay } from 'node:timers/promises'
import type { Logger } from '../../log.js'
import type { CommandResponse } from '../../envelope/envelope.js'
import { memoryAge } from '../../redis/memory-age.js'
import type { RedisConnection } from '../../redis/redis-connection.js'
import { EvictionWarning } from './eviction-warning.js'
import type {
  Claim,
  FoundRecord,
  LeasedRecord,
  RecordOptions,
  RecordStore,
} from './record-store.js'
import { RecordScripts, type KeepLost } from './scripts.js'

/** How long a record stays leased after its last heartbeat, in milliseconds. */
export const LEASE_MS = 30_000

/** How often the leases of this process are renewed, and cancellations read, in milliseconds; at most a fifth of the lease. */
export const HEARTBEAT_MS = 1_000

/** A record that this process runs, or whose response Redis has not stored yet. */
interface Held<Data> {
  record: LeasedRecord<Data>
  /** When its lease ends, on the clock of `performance.now()`; nothing before Redis granted the claim. */
  leasedUntil?: number
  /** The response as JSON. */
  response?: string
  cancelled: boolean
}

/** A record to be released, until Redis has released it. */
interface Release<Data> {
  record: LeasedRecord<Data>
  /** `?` where the reply to its claim was not received. */
  keep: KeepLost
  /** When its lease has run out anyway, on the clock of `performance.now()`. */
  until: number
}

/**
 * Records in Redis, shared by all replicas.
 *
 * A heartbeat renews the leases of this process. While Redis is unavailable this process decides about its own records; when
 * Redis is back, or was flushed, it writes them again, and the responses that Redis has not stored.
 */
export class RedisRecords<Data> implements RecordStore<Data> {
  /** By name in Redis. */
  readonly #held = new Map<string, Held<Data>>()
  #releases: Release<Data>[] = []
  readonly #scripts: RecordScripts<Data>
  readonly #warning: EvictionWarning
  readonly #timer: NodeJS.Timeout
  /** On the clock of `performance.now()`, in milliseconds. */
  #quietUntil = 0
  readonly #onUp = () => {
    this.#quietUntil = performance.now() + this.options.quietMs
    void this.#heartbeat()
  }

  /** @param leaseMs {@link LEASE_MS}; shorter in tests */
  constructor(
    private readonly redis: RedisConnection,
    private readonly options: RecordOptions,
    private readonly logger: Pick<Logger, 'warn'>,
    private readonly leaseMs = LEASE_MS,
  ) {
    this.#scripts = new RecordScripts(redis.client, options, leaseMs)
    this.#warning = new EvictionWarning(options, logger)
    const intervalMs = Math.min(HEARTBEAT_MS, leaseMs / 5)
    this.#timer = setInterval(() => void this.#heartbeat(), intervalMs)
    this.#timer.unref()
    redis.on('up', this.#onUp)
  }

  async claim(record: LeasedRecord<Data>, signal?: AbortSignal): Promise<Claim<Data>> {
    const name = this.#scripts.nameOf(record)
    const held = this.#held.get(name)
    if (held) return claimOfHeld(held, record)
    const mine: Held<Data> = { record, cancelled: false }
    // before Redis replies, so that this process never asks twice at a time
    this.#held.set(name, mine)
    let isUnheard = false
    try {
      await this.#waitUntilQuietTimeIsOver(signal)
      await this.#sendReleases()
      signal?.throwIfAborted()
      isUnheard = true
      const sentAt = performance.now()
      const { state, data, response } = await this.#scripts.claim(record)
      isUnheard = false
      switch (state) {
        case 'claimed':
        case 'lost':
          mine.leasedUntil = sentAt + this.leaseMs
          return { state: 'claimed', isRepeat: state === 'lost' }
        case 'running':
          return { state, data: JSON.parse(data) as Data }
        case 'finished':
          return { state, data: JSON.parse(data) as Data, response: parse(response) }
        default:
          return { state: state as 'mismatch' | 'full' }
      }
    } finally {
      if (mine.leasedUntil === undefined) this.#held.delete(name)
      // Redis may have granted the claim, to a run that does not know it
      if (isUnheard) this.#addRelease(record, '?')
    }
  }

  async find(owner: string, key: string): Promise<FoundRecord<Data> | undefined> {
    const held = this.#held.get(this.#scripts.nameOf({ owner, key }))
    if (held?.leasedUntil !== undefined) {
      const { record, response, cancelled } = held
      const parsed = response === undefined ? undefined : parse(response)
      return { data: record.data, response: parsed, cancelled, lost: false }
    }
    const { state, data, response, isCancelled } = await this.#scripts.claim({ owner, key })
    if (data === '') return undefined
    return {
      data: JSON.parse(data) as Data,
      response: response === '' ? undefined : parse(response),
      cancelled: isCancelled,
      lost: state === 'lost',
    }
  }

  async update(record: LeasedRecord<Data>): Promise<void> {
    const held = this.#held.get(this.#scripts.nameOf(record))
    if (held) await this.#write(held)
  }

  async finish(record: LeasedRecord<Data>, response: CommandResponse): Promise<void> {
    const name = this.#scripts.nameOf(record)
    const held = this.#held.get(name) ?? { record, leasedUntil: 0, cancelled: false }
    held.response = JSON.stringify(response)
    this.#held.set(name, held)
    await this.#write(held)
  }

  async release(record: LeasedRecord<Data>, mayBeDone: boolean): Promise<void> {
    this.#held.delete(this.#scripts.nameOf(record))
    this.#addRelease(record, mayBeDone ? '1' : '')
    await this.#sendReleases()
  }

  async cancel(owner: string, key: string): Promise<void> {
    const held = this.#held.get(this.#scripts.nameOf({ owner, key }))
    if (held) cancelHeld(held)
    else await this.#scripts.cancel({ owner, key })
  }

  /** Half of the lease is left for a write to be made in. */
  holds(record: LeasedRecord<Data>): boolean {
    const held = this.#held.get(this.#scripts.nameOf(record))
    if (held?.record.holder !== record.holder) return false
    return performance.now() < (held.leasedUntil ?? 0) - this.leaseMs / 2
  }

  async close(): Promise<void> {
    clearInterval(this.#timer)
    this.redis.off('up', this.#onUp)
    await this.#heartbeat()
  }

  /** Waits while Redis may not have the records of every replica. */
  async #waitUntilQuietTimeIsOver(signal: AbortSignal | undefined): Promise<void> {
    const { quietMs } = this.options
    if (quietMs === 0) return
    const age = await memoryAge(this.redis.client)
    const leftMs = Math.max(this.#quietUntil - performance.now(), quietMs - age)
    if (leftMs > 0) await delay(leftMs, undefined, signal && { signal })
  }

  /** Writes every running record, every response that Redis has not stored, and every release. */
  async #heartbeat(): Promise<void> {
    if (!this.redis.isUp) return
    try {
      const held = [...this.#held.values()].filter(({ leasedUntil }) => leasedUntil !== undefined)
      await Promise.all([this.#sendReleases(), ...held.map((one) => this.#write(one))])
    } catch (err) {
      const { kind } = this.options
      this.logger.warn({ err, kind }, `${kind}: leases could not be renewed; retried soon`)
    }
  }

  async #write(held: Held<Data>): Promise<void> {
    const { record, response = '' } = held
    const sentAt = performance.now()
    const { isWritten, isCancelled, evicted } = await this.#scripts.write(record, response)
    this.#warning.report(evicted)
    if (response !== '') {
      const name = this.#scripts.nameOf(record)
      if (this.#held.get(name) === held) this.#held.delete(name)
      return
    }
    if (isWritten) held.leasedUntil = sentAt + this.leaseMs
    if (isCancelled) cancelHeld(held)
  }

  #addRelease(record: LeasedRecord<Data>, keep: Release<Data>['keep']): void {
    this.#releases.push({ record, keep, until: performance.now() + this.leaseMs })
  }

  /**
   * Sends the releases. Those that fail are sent again with the next heartbeat; so are those of claims whose reply was not
   * received, until their lease would have run out: the claim itself may still be on its way.
   */
  async #sendReleases(): Promise<void> {
    const now = performance.now()
    this.#releases = this.#releases.filter(({ until }) => until > now)
    const send = async (release: Release<Data>) => {
      await this.#scripts.release(release.record, release.keep)
      if (release.keep === '?') return
      this.#releases = this.#releases.filter((other) => other !== release)
    }
    await Promise.all(this.#releases.map(send))
  }
}

/** The claim of a key that this process holds itself. */
function claimOfHeld<Data>(held: Held<Data>, asked: LeasedRecord<Data>): Claim<Data> {
  const { record, leasedUntil, response } = held
  // whose key it is, is not known before Redis replies
  if (leasedUntil === undefined) return { state: 'running', data: undefined }
  if (record.fingerprint !== asked.fingerprint) return { state: 'mismatch' }
  return response === undefined
    ? { state: 'running', data: record.data }
    : { state: 'finished', data: record.data, response: parse(response) }
}

function cancelHeld<Data>(held: Held<Data>): void {
  if (held.cancelled || held.response !== undefined) return
  held.cancelled = true
  held.record.onCancel?.()
}

function parse(response: string): CommandResponse {
  return JSON.parse(response) as CommandResponse
}
