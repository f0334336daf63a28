import type { LimiterState } from '../../quota/quota-pool.js'

/** Time between two samples, in milliseconds. */
export const SAMPLE_MS = 2_000

/** Samples that are kept: five minutes of them. */
export const SAMPLES = 150

/** Limiters that are shown; a service with more of them has a dashboard. */
const MAX_LIMITERS = 24

/** One limiter over the last minutes. */
export interface LimiterHistory {
  /** As it was when last seen. */
  state: LimiterState
  /** Requests per second, sample by sample, the newest last; shorter than SAMPLES in the beginning. */
  rates: number[]
}

/** Samples the use of each quota every few seconds. */
export class QuotaHistory {
  readonly #limiters = new Map<string, LimiterHistory>()
  readonly #timer: NodeJS.Timeout

  /** @param snapshot every limiter in use, as it is now */
  constructor(private readonly snapshot: () => LimiterState[]) {
    this.#timer = setInterval(() => this.sample(), SAMPLE_MS)
    this.#timer.unref()
  }

  /** Takes a sample; the timer calls it. */
  sample(): void {
    const seen = new Map(this.snapshot().map((state) => [keyOf(state), state]))
    for (const [key, state] of seen) {
      const known = this.#limiters.get(key)
      if (known) {
        push(known.rates, rateOf(known.state, state))
        known.state = state
      } else if (this.#limiters.size < MAX_LIMITERS) {
        this.#limiters.set(key, { state, rates: [(state.granted * 1000) / SAMPLE_MS] })
      }
    }
    for (const [key, { rates, state }] of this.#limiters) {
      if (seen.has(key)) continue
      // the pool drops idle limiters: one that comes back counts from zero
      this.#limiters.set(key, { rates, state: { ...state, running: 0, waiting: 0, granted: 0 } })
      push(rates, 0)
      if (rates.every((rate) => rate === 0)) this.#limiters.delete(key)
    }
  }

  /** Every limiter of the last minutes, by account, region and class. */
  list(): LimiterHistory[] {
    return [...this.#limiters].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, history]) => history)
  }

  /** Takes no more samples. */
  close(): void {
    clearInterval(this.#timer)
  }
}

function rateOf(before: LimiterState, now: LimiterState): number {
  const granted = now.granted >= before.granted ? now.granted - before.granted : now.granted
  return (granted * 1000) / SAMPLE_MS
}

function push(rates: number[], rate: number): void {
  rates.push(rate)
  if (rates.length > SAMPLES) rates.shift()
}

function keyOf({ account, region, apiClass, operation }: LimiterState): string {
  return [account, region, apiClass, operation ?? ''].join('|')
}
