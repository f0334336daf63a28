import t from 'tap'
import { KnownEvents } from '../../../src/commands/events/known-events.js'
import type { Batch } from '../../../src/commands/events/shard.js'

/** A page of events of one second, or of those that are given. */
function page(ids: string[], nextToken?: string, second = 1000): Batch {
  return {
    events: ids.map((EventId) => ({ EventId, EventTime: second })),
    range: { start: 0, end: 2000 },
    token: undefined,
    offset: 0,
    nextToken,
    next: undefined,
  } as unknown as Batch
}

const ids = (batches: Batch[]) =>
  batches.flatMap(({ events }) => events.map(({ EventId }) => EventId))

t.test(
  'a search that goes on leaves out what came before the last known event, by its id',
  async (t) => {
    const known = new KnownEvents({ second: 1000, eventId: 'b', count: 2 })
    t.same(known.pass(page(['x', 'a'], 'more')), [], 'held back: the known one may still come')
    t.same(ids(known.pass(page(['b', 'c'], 'more'))), ['c'])
    t.same(ids(known.pass(page(['d']))), ['d'])
  },
)

t.test('when the known event does not come again, as many are counted off', async (t) => {
  const known = new KnownEvents({ second: 1000, eventId: 'gone', count: 3 })
  t.same(known.pass(page(['a', 'b'], 'more')), [])
  const [first, second] = known.pass(page(['c', 'd']))
  t.same(ids([first!]), [])
  t.same(ids([second!]), ['d'])
  t.equal(second?.offset, 1)
})
