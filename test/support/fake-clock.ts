import FakeTimers, { type Clock } from '@sinonjs/fake-timers'
import { syncBuiltinESMExports } from 'node:module'
import type { Owner } from './process.js'

/** Replaces timers, `Date` and `performance.now()` by a clock that only the test moves, until the test ends. */
export function useFakeClock(t: Owner): Clock {
  const clock = FakeTimers.install({ shouldClearNativeTimers: true })
  // named imports of node:timers/promises
  syncBuiltinESMExports()
  t.teardown(() => {
    clock.uninstall()
    syncBuiltinESMExports()
  })
  // lru-cache takes the time 0 for none
  clock.tick(1)
  return clock
}
