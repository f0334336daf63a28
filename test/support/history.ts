import { setTimeout as sleep } from 'node:timers/promises'
import type { FetchPage, Page, Range, WireEvent } from '../../src/commands/events/page.js'

/** An event history in CloudTrail's order: newest first, times in whole seconds. */
export class History {
  readonly events: WireEvent[]

  /** @param seconds the times of the events, in any order, in epoch seconds */
  constructor(
    seconds: readonly number[],
    more: (index: number) => Partial<WireEvent> = () => ({}),
  ) {
    this.events = [...seconds]
      .sort((a, b) => b - a)
      .map((second, index) => ({
        EventId: `${String(index).padStart(8, '0')}-0000-4000-8000-000000000000`,
        EventTime: second,
        EventName: `Event${index % 7}`,
        ...more(index),
      }))
  }

  /** The part of the history that an attribute selects. */
  only(isWanted: (event: WireEvent) => boolean): History {
    const part = new History([])
    part.events.push(...this.events.filter(isWanted))
    return part
  }

  /** A page as AWS returns it; its token is valid for its own range only. */
  page({ from, to }: Range, token: string | undefined, size = 50): Page {
    const given = token === undefined ? undefined : /^page-(\d+)-(\d+)-(\d+)$/.exec(token)
    if (given && (Number(given[1]) !== from || Number(given[2]) !== to)) {
      throw new Error('InvalidNextTokenException')
    }
    const start = given ? Number(given[3]) : this.#firstAtOrBefore(to)
    const end = this.#firstAtOrBefore(from - 1)
    const next = Math.min(start + size, end)
    return {
      events: this.events.slice(start, next),
      nextToken: next < end ? `page-${from}-${to}-${next}` : undefined,
    }
  }

  /** The number of calls that one chain of pages needs for a range, up to a limit of events. */
  callsOfOneChain({ from, to }: Range, limit = Infinity): number {
    const count = this.#firstAtOrBefore(from - 1) - this.#firstAtOrBefore(to)
    return Math.max(1, Math.ceil(Math.min(count, limit) / 50))
  }

  #firstAtOrBefore(second: number): number {
    let low = 0
    let high = this.events.length
    while (low < high) {
      const middle = (low + high) >> 1
      if (this.events[middle]!.EventTime! > second) low = middle + 1
      else high = middle
    }
    return low
  }
}

/** A fetch from a history behind a quota: at most `tps` requests in `windowMs`, each with a latency of `latencyMs`. */
export function limitedFetch(
  history: History,
  { tps, windowMs, latencyMs }: { tps: number; windowMs: number; latencyMs: number },
): { fetch: FetchPage; calls: () => number } {
  let free = tps
  let calls = 0
  const waiting: (() => void)[] = []
  const permit = async (signal: AbortSignal) => {
    if (free === 0) await new Promise<void>((resolve) => waiting.push(resolve))
    else free -= 1
    const give = () => {
      const next = waiting.shift()
      if (next) next()
      else free += 1
    }
    if (signal.aborted) {
      give()
      signal.throwIfAborted()
    }
    setTimeout(give, windowMs)
  }
  return {
    calls: () => calls,
    fetch: async ({ range, token, signal, onPermit }) => {
      await permit(signal)
      onPermit()
      calls += 1
      await sleep(latencyMs, undefined, { signal })
      return history.page(range, token)
    },
  }
}

/** The newest time of the histories of `spread`, in epoch seconds. */
export const END = Math.floor(Date.now() / 1000) - 60

/** Times of events, spread evenly over the seconds before END. */
export function spread(count: number, seconds = 86_400): number[] {
  return Array.from(
    { length: count },
    (_, index) => END - Math.floor(((index + 0.5) * seconds) / count),
  )
}

/** The ids of the events in a response, in its order. */
export function idsOf(body: { rawData: unknown }): string[] {
  return (body.rawData as { Events: WireEvent[] }).Events.map(({ EventId }) => EventId!)
}
