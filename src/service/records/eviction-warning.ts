import type { Logger } from '../../log.js'
import type { RecordOptions } from './record-store.js'

/** The shortest time between two warnings, in milliseconds. */
const INTERVAL_MS = 60_000

/** Warns, at most once per minute, that records are evicted before they expire. */
export class EvictionWarning {
  #warnedAt = -Infinity

  constructor(
    private readonly options: Pick<RecordOptions, 'kind' | 'bounds'>,
    private readonly logger: Pick<Logger, 'warn'>,
  ) {}

  /** @param evicted how many records were evicted now */
  report(evicted: number): void {
    const now = performance.now()
    if (evicted === 0 || now - this.#warnedAt < INTERVAL_MS) return
    this.#warnedAt = now
    const { kind, bounds } = this.options
    this.logger.warn(
      { kind, bounds },
      `${kind}: the oldest records of an owner are evicted before they expire`,
    )
  }
}
