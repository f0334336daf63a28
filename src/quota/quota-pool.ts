import { apiClassOf, type ApiClass } from './api-class.js'
import { Limiter, type LimiterCounts } from './limiter.js'
import type { Permit, PermitRequest, QuotaWaitError } from './permit.js'

/** What the limiters hold. */
export interface QuotaOptions {
  /** Requests a second of each class, above 0. */
  tps: Record<ApiClass, number>
  /** `class`: one limiter for each API class; `operation`: one for each operation. */
  scope: 'class' | 'operation'
  /** Waiting permits for each limiter before new ones are refused. */
  queueLimit: number
  /** How long an unused limiter is kept, in milliseconds. Default 60000. */
  idleMs?: number
}

/** A limiter as `GET /quotas` shows it. */
export interface LimiterState extends LimiterCounts {
  account: string
  region: string
  apiClass: ApiClass
  /** The operation, where each has a limiter of its own. */
  operation: string | undefined
  /** Requests a second at full speed. */
  tps: number
  /** The share of them that is used at most; below 1 after AWS throttled. */
  share: number
  running: number
  waiting: number
  /** How long a newcomer would wait, in milliseconds. */
  estimatedWaitMs: number
}

interface Entry {
  account: string
  readonly region: string
  readonly apiClass: ApiClass
  readonly operation: string | undefined
  readonly limiter: Limiter
}

/** A limiter for each account, region and API class, as AWS counts its quotas. */
export class QuotaPool {
  // a Map, and keys with a separator that no part has: an account named `constructor` is an account
  readonly #entries = new Map<string, Entry>()
  readonly #sweep: NodeJS.Timeout

  constructor(private readonly options: QuotaOptions) {
    const idleMs = options.idleMs ?? 60_000
    this.#sweep = setInterval(() => this.#forgetIdle(idleMs), idleMs / 4)
    this.#sweep.unref()
  }

  /** Whether the wait would pass the deadline, as Limiter.refusal() tells. */
  refusal(request: PermitRequest): QuotaWaitError | undefined {
    return this.#entryFor(request).limiter.refusal(request)
  }

  /** Waits for a permit to send one request. Rejects as Limiter.take() does. */
  take(request: PermitRequest): Promise<Permit> {
    return this.#entryFor(request).limiter.take(request)
  }

  /**
   * What was known by another key turns out to be this account: from now on both share its limiters, and what the
   * other key has in flight counts.
   */
  merge(from: string, account: string): void {
    for (const [key, entry] of [...this.#entries]) {
      if (entry.account !== from) continue
      this.#entries.delete(key)
      const known = this.#entries.get(keyOf({ ...entry, account }))
      if (known) known.limiter.absorb(entry.limiter)
      else this.#entries.set(keyOf({ ...entry, account }), Object.assign(entry, { account }))
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

  /** Refuses those who wait, and ends. */
  async close(): Promise<void> {
    clearInterval(this.#sweep)
    await Promise.all([...this.#entries.values()].map(({ limiter }) => limiter.close()))
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
    const entry = {
      account,
      region,
      apiClass,
      operation: scoped,
      limiter: new Limiter({
        tps: this.options.tps[apiClass],
        queueLimit: this.options.queueLimit,
      }),
    }
    this.#entries.set(key, entry)
    return entry
  }

  #forgetIdle(idleMs: number): void {
    const before = performance.now() - idleMs
    for (const [key, { limiter }] of this.#entries) {
      if (limiter.usedAt > before) continue
      this.#entries.delete(key)
      void limiter.close()
    }
  }
}

function keyOf(entry: Omit<Entry, 'limiter'>): string {
  return `${entry.account}|${entry.region}|${entry.operation ?? entry.apiClass}`
}
