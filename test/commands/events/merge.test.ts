import fc from 'fast-check'
import t from 'tap'
import type { Range } from '../../../src/commands/events/page.js'
import type { Position } from '../../../src/commands/events/position.js'
import { Search } from '../../../src/commands/events/search.js'
import { newestOf, Source } from '../../../src/commands/events/source.js'
import { History, limitedFetch } from '../../support/history.js'
import { FailureError } from '../../../src/envelope/failure.js'

/** The failure of a call; anything else fails the test. */
const failureOf = (error: unknown) => {
  if (!(error instanceof FailureError)) throw error
  return error.failure
}

const NOW = 1_790_000_000
const RANGE: Range = { from: NOW - 600, to: NOW }

/** Reads several searches as one, as the command does, up to a limit; where each of them goes on. */
async function read(histories: History[], positions: (Position | null)[], limit: number) {
  const found: string[] = []
  const sources = positions.map((position, index) => {
    const { fetch } = limitedFetch(histories[index]!, { tps: 4, windowMs: 1, latencyMs: 3 })
    const options = { wanted: () => limit - found.length, patienceMs: 2, maxBuffered: () => 200 }
    const search = new Search(fetch, RANGE, position ?? { to: RANGE.from - 1 }, options)
    return new Source(String(index), index, search, position ?? { to: RANGE.from - 1 }, failureOf)
  })
  await Promise.all(sources.map((source) => source.load()))
  for (;;) {
    const source = newestOf(sources)
    if (!source) break
    found.push(`${source.region} ${source.take().EventId}`)
    if (found.length >= limit) break
    await source.load()
  }
  await Promise.all(sources.map((source) => source.end()))
  return { found, positions: sources.map(({ position }) => position) }
}

t.test(
  'returns every event of several histories once, newest first, in steps of any size',
  async () => {
    const clusters = fc.array(
      fc.tuple(fc.integer({ min: 0, max: 600 }), fc.integer({ min: 1, max: 90 })),
      { maxLength: 6 },
    )
    await fc.assert(
      fc.asyncProperty(
        fc.array(clusters, { minLength: 2, maxLength: 4 }),
        // one step in four is long, which bounds the number of steps
        fc.tuple(
          fc.integer({ min: 100, max: 230 }),
          fc.array(fc.integer({ min: 1, max: 230 }), { maxLength: 3 }),
        ),
        async (shapes, [long, others]) => {
          const steps = [long, ...others]
          const histories = shapes.map(
            (shape) =>
              new History(shape.flatMap(([ago, count]) => Array<number>(count).fill(NOW - ago))),
          )
          // within one second, events keep the order of the histories, and the order within each history
          const expected = histories
            .flatMap(({ events }, index) =>
              events.map(({ EventId, EventTime }) => ({
                id: `${index} ${EventId}`,
                at: EventTime!,
              })),
            )
            .sort((a, b) => b.at - a.at)
            .map(({ id }) => id)
          const found: string[] = []
          let positions: (Position | null)[] = histories.map(() => ({ to: RANGE.to }))
          for (let turn = 0; positions.some((position) => position !== null); turn += 1) {
            const kept = JSON.parse(JSON.stringify(positions)) as typeof positions
            const step = await read(histories, kept, steps[turn % steps.length] ?? long)
            found.push(...step.found)
            positions = step.positions
          }
          return JSON.stringify(found) === JSON.stringify(expected)
        },
      ),
      { numRuns: 40 },
    )
  },
)
