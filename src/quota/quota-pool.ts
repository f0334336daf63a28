import Bottleneck from 'bottleneck'
import { apiClassOf, type ApiClass } from './api-class.js'
import type { Permit, PermitRequest } from './permit.js'

/** What the limiters hold. */
export interface QuotaOptions {
  /** Requests a second of each class. */
  tps: Record<ApiClass, number>
  scope: 'class' | 'operation'
  /** Waiting permits for each limiter. */
  queueLimit: number
}

/** A Bottleneck limiter for each account, region and API class. */
export class QuotaPool {
  readonly #limiters = new Map<string, Bottleneck>()

  constructor(private readonly options: QuotaOptions) {}

  /** Waits for leave to send one request. */
  take(request: PermitRequest): Promise<Permit> {
    const asked = performance.now()
    return new Promise((resolve, reject) => {
      void this.#limiter(request).schedule(async () => {
        if (request.signal.aborted) {
          reject(request.signal.reason as Error)
          return
        }
        await new Promise<void>((free) => {
          resolve({
            waitedMs: performance.now() - asked,
            sent: () => undefined,
            done: (outcome) => setTimeout(free, outcome === 'unsent' ? 0 : 1001),
          })
        })
      })
    })
  }

  #limiter({ account, region, operation }: PermitRequest): Bottleneck {
    const apiClass = apiClassOf(operation)
    const key = `${account}|${region}|${apiClass}`
    const limiter =
      this.#limiters.get(key) ??
      new Bottleneck({ maxConcurrent: Math.max(1, Math.floor(this.options.tps[apiClass])) })
    this.#limiters.set(key, limiter)
    return limiter
  }

  async close(): Promise<void> {
    await Promise.all([...this.#limiters.values()].map((limiter) => limiter.disconnect()))
  }
}
