import type { StoredEvent } from '../state/event-history.js'
import { insightEvents } from './insights.js'
import { ROUTINE } from './routine.js'
import { incidentEvents } from './incident.js'
import type { SeedEvent } from './seed-event.js'
import { storedEvent } from './seed-event.js'
import { Random } from './random.js'
import type { Account } from '../state/world.js'

const DAY = 24 * 60 * 60 * 1000
/** The history goes back not quite 90 days, so that nothing of it is too old while the sandbox runs. */
const SPAN = 89 * DAY

/**
 * Gives an account an event history: months of routine, most of it in the last days, and in it an
 * incident and the unusual call rates that CloudTrail Insights reports.
 *
 * @param options.events how many events
 * @param options.seed from what they are drawn: the same seed gives the same history
 * @param options.now the present, in milliseconds since 1970; all times count back from it
 */
export function seedHistory(
  account: Account,
  { events, seed, now }: { events: number; seed: number; now: number },
): void {
  const random = new Random(seed)
  const start = Math.floor(now / 1000) * 1000
  const seeded: SeedEvent[] = [...incidentEvents(account.accountId), ...insightEvents()]
  while (seeded.length < events) {
    // the third power crowds the events towards the present
    const age = Math.round(SPAN * random.next() ** 3)
    seeded.push({ ...random.pick(ROUTINE)(random, account.accountId), age })
  }
  const stored = seeded
    .slice(0, events)
    .map((event): [string, StoredEvent] => [
      event.region,
      storedEvent(event, account.accountId, start - event.age, random),
    ])
    .sort(([, a], [, b]) => a.time - b.time)
  for (const [region, event] of stored) account.history.add(region, event)
}
