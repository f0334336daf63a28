import FakeTimers from '@sinonjs/fake-timers'

/** Node's own, which runs once all promises have settled. */
const { setImmediate: realSetImmediate } = globalThis

/** The longest that a simulation may last, in simulated milliseconds. */
const LONGEST_MS = 3_600_000

/**
 * Runs asynchronous work on a simulated clock: timers, `Date` and `performance.now()` stand still while code runs, and
 * jump to the next timer when there is nothing else to do. An hour takes as long as its code.
 *
 * @throws when the work waits for nothing that could happen, or for longer than an hour
 */
export async function simulate<Result>(work: () => Promise<Result>): Promise<Result> {
  const clock = FakeTimers.install({
    now: Date.now(),
    // connections of earlier tests keep timers of their own
    shouldClearNativeTimers: true,
    toFake: [
      'setTimeout',
      'clearTimeout',
      'setInterval',
      'clearInterval',
      'setImmediate',
      'clearImmediate',
      'Date',
      'performance',
    ],
  })
  const endsAt = clock.now + LONGEST_MS
  try {
    const state = { settled: false }
    const result = work().finally(() => {
      state.settled = true
    })
    // its rejection is handled below
    result.catch(() => undefined)
    for (;;) {
      await new Promise((resolve) => realSetImmediate(resolve))
      if (state.settled) return await result
      if (clock.countTimers() === 0) throw new Error('the simulation waits for nothing')
      if (clock.now > endsAt) throw new Error('the simulation lasts for more than an hour')
      clock.next()
    }
  } finally {
    clock.uninstall()
  }
}

/** Waits on the clock of this moment, which may be simulated. */
export function wait(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
