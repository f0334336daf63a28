import { apiClassOf, type ApiClass } from '../aws/api-class.js'
import type { Operation } from '../aws/operations.js'
import { Limiter, type LimiterCounts } from './limiter.js'
import type { Permit, PermitRequest, QueuePosition } from './permit.js'
import type { SlotSource } from './slots.js'

/** The quotas of an account, and how they are held. */
export interface QuotaOptions {
  /** Requests per second of each class, above 0. */
  tps: Record<ApiClass, number>
  /** `class`: one limiter for each API class; `operation`: one for each operation. */
  scope: 'class' | 'operation'
  /** Waiting permits for each limiter before new ones are refused. */
  queueLimit: number
  /** How long an unused limiter is kept, in milliseconds. Default 60000. */
  idleMs?: number
  /** The source of slots that replicas share; without one the quota is this process's own. */
  replicas?: SlotSource | undefined
}

/** A limiter as `GET /quotas` shows it. */
export interface LimiterState extends LimiterCounts {
  account: string
  region: string
  apiClass: ApiClass
  /** The operation, where each has a limiter of its own. */
  operation: Operation | undefined
  /** Requests per second at full pace. */
  tps: number
  /** The share of them that is used at most; below 1 after AWS throttled. */
  share: number
  running: number
  waiting: number
  /** How long a new request would wait, in milliseconds. */
  estimatedWaitMs: number
}

interface Entry {
  account: string
  readonly region: string
  readonly apiClass: ApiClass
  readonly operation: Operation | undefined
  readonly limiter: Limiter
}

/** A limiter for each account, region and API class, as AWS counts its quotas. */
export class QuotaPool {
  // a Map, and keys with a separator that no part has: an account named `constructor` is an account
  readonly #entries = new Map<string, Entry>()
  readonly #sweep: NodeJS.Timeout

  constructor(private readonly options: QuotaOptions) {
    const idleMs = options.idleMs ?? 60_000
    this.#sweep = setInterval(() => this.#closeIdle(idleMs), idleMs / 4)
    this.#sweep.unref()
  }

  /** The operations that share a limiter: the class of the operation, or the operation itself. */
  scopeOf(operation: Operation): string {
    return this.options.scope === 'operation' ? operation : apiClassOf(operation)
  }

  /** Why waiting is of no use, as Limiter.refusal() returns it. */
  refusal(request: PermitRequest, joined?: QueuePosition): Error | undefined {
    return this.#entryFor(request).limiter.refusal(request, joined)
  }

  /** Waits for a permit to send one request. Rejects as Limiter.take() does. */
  take(request: PermitRequest): Promise<Permit> {
    return this.#entryFor(request).limiter.take(request)
  }

  /**
   * Merges the limiters of an unknown account into those of the account that it turned out to be. Requests in flight
   * count.
   */
  merge(from: string, account: string): void {
    for (const [key, entry] of [...this.#entries]) {
      if (entry.account !== from) continue
      this.#entries.delete(key)
      const known = this.#entries.get(keyOf({ ...entry, account }))
      if (known) known.limiter.absorb(entry.limiter)
      else if (this.options.replicas) {
        // replicas that know the account share its limiter by its own name
        this.#create({ ...entry, account }).limiter.absorb(entry.limiter)
      } else this.#entries.set(keyOf({ ...entry, account }), Object.assign(entry, { account }))
    }
  }

  /** Every limiter in use. */
  snapshot(): LimiterState[] {
    return [...this.#entries.values()].map((entry) => this.#stateOf(entry))
  }

  /** The limiter of an operation. */
  stateOf(which: Pick<PermitRequest, 'account' | 'region' | 'operation'>): LimiterState {
    return this.#stateOf(this.#entryFor(which))
  }

  /** Refuses the requests that wait, and stops all limiters. */
  close(): void {
    clearInterval(this.#sweep)
    for (const { limiter } of this.#entries.values()) limiter.close()
    this.#entries.clear()
  }

  #stateOf({ limiter, ...entry }: Entry): LimiterState {
    return {
      ...entry,
      tps: this.options.tps[entry.apiClass],
      share: limiter.share,
      running: limiter.running,
      waiting: limiter.waiting,
      estimatedWaitMs: Math.ceil(limiter.estimate()),
      ...limiter.counts,
    }
  }

  #entryFor({
    account,
    region,
    operation,
  }: Pick<PermitRequest, 'account' | 'region' | 'operation'>): Entry {
    const apiClass = apiClassOf(operation)
    const scoped = this.options.scope === 'operation' ? operation : undefined
    const key = keyOf({ account, region, apiClass, operation: scoped })
    const known = this.#entries.get(key)
    if (known) return known
    return this.#create({ account, region, apiClass, operation: scoped })
  }

  #create(which: Omit<Entry, 'limiter'>): Entry {
    const { replicas, tps, queueLimit } = this.options
    const key = keyOf(which)
    const limiter = new Limiter({
      name: `cloudtrail-commands:${key}`,
      tps: tps[which.apiClass],
      queueLimit,
      source: replicas,
    })
    const entry = { ...which, limiter }
    this.#entries.set(key, entry)
    return entry
  }

  #closeIdle(idleMs: number): void {
    const before = performance.now() - idleMs
    for (const [key, { limiter }] of this.#entries) {
      if (limiter.usedAt > before) continue
      this.#entries.delete(key)
      limiter.close()
    }
  }
}

function keyOf(entry: Omit<Entry, 'limiter'>): string {
  return `${entry.account}|${entry.region}|${entry.operation ?? entry.apiClass}`
}
