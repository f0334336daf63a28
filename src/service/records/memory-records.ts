import type { Logger } from '../../log.js'
import { LRUCache } from 'lru-cache'
import type { CommandResponse } from '../../envelope/envelope.js'
import { EvictionWarning } from './eviction-warning.js'
import type {
  Claim,
  FoundRecord,
  LeasedRecord,
  RecordOptions,
  RecordStore,
} from './record-store.js'

interface Running<Data> {
  record: LeasedRecord<Data>
  cancelled: boolean
}

interface Finished<Data> {
  record: LeasedRecord<Data>
  /** The response as JSON. */
  response: string
}

/** The records of one owner, by key. */
interface Owned<Data> {
  running: Map<string, Running<Data>>
  finished: LRUCache<string, Finished<Data>>
}

/**
 * Records of this process alone: other replicas do not see them, and they are gone when it stops. Its runs stop with it,
 * so that no record is ever lost, and a lease needs no heartbeat.
 */
export class MemoryRecords<Data> implements RecordStore<Data> {
  readonly #owners = new Map<string, Owned<Data>>()
  readonly #warning: EvictionWarning

  constructor(
    private readonly options: RecordOptions,
    logger: Pick<Logger, 'warn'>,
  ) {
    this.#warning = new EvictionWarning(options, logger)
  }

  async claim(record: LeasedRecord<Data>): Promise<Claim<Data>> {
    const { running, finished } = this.#ownedBy(record.owner)
    const known = running.get(record.key) ?? finished.peek(record.key)
    if (!known) {
      if (running.size >= this.options.bounds.running) return { state: 'full' }
      running.set(record.key, { record, cancelled: false })
      return { state: 'claimed', isRepeat: false }
    }
    const { fingerprint, data } = known.record
    if (fingerprint !== record.fingerprint) return { state: 'mismatch' }
    return 'response' in known
      ? { state: 'finished', data, response: JSON.parse(known.response) as CommandResponse }
      : { state: 'running', data }
  }

  async find(owner: string, key: string): Promise<FoundRecord<Data> | undefined> {
    const owned = this.#owners.get(owner)
    const running = owned?.running.get(key)
    if (running) {
      const { record, cancelled } = running
      return { data: record.data, response: undefined, cancelled, lost: false }
    }
    const finished = owned?.finished.peek(key)
    if (!finished) return undefined
    const response = JSON.parse(finished.response) as CommandResponse
    return { data: finished.record.data, response, cancelled: false, lost: false }
  }

  /** `find` returns the record itself: there is nothing to write. */
  update(): Promise<void> {
    return Promise.resolve()
  }

  async finish(record: LeasedRecord<Data>, response: CommandResponse): Promise<void> {
    const { running, finished } = this.#ownedBy(record.owner)
    running.delete(record.key)
    finished.set(record.key, { record, response: JSON.stringify(response) })
  }

  async release({ owner, key }: LeasedRecord<Data>): Promise<void> {
    this.#owners.get(owner)?.running.delete(key)
  }

  async cancel(owner: string, key: string): Promise<void> {
    const running = this.#owners.get(owner)?.running.get(key)
    if (!running || running.cancelled) return
    running.cancelled = true
    running.record.onCancel?.()
  }

  holds({ owner, key, holder }: LeasedRecord<Data>): boolean {
    return this.#owners.get(owner)?.running.get(key)?.record.holder === holder
  }

  async close(): Promise<void> {
    for (const { finished } of this.#owners.values()) finished.clear()
    this.#owners.clear()
  }

  #ownedBy(owner: string): Owned<Data> {
    const known = this.#owners.get(owner)
    if (known) return known
    const { bounds, keepMs } = this.options
    const owned: Owned<Data> = {
      running: new Map(),
      finished: new LRUCache({
        max: bounds.finished,
        maxSize: bounds.bytes,
        // a response above the bound evicts all others, and is kept itself
        sizeCalculation: ({ response }) => Math.min(Buffer.byteLength(response), bounds.bytes),
        ttl: keepMs,
        ttlAutopurge: true,
        dispose: (_finished, _key, reason) => {
          if (reason === 'evict') this.#warning.report(1)
        },
      }),
    }
    this.#owners.set(owner, owned)
    return owned
  }
}
