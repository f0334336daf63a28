import fc from 'fast-check'
import t from 'tap'
import { Pace } from '../../src/quota/pace.js'

t.test('uses the whole quota without throttles', async (t) => {
  const pace = new Pace()
  for (const now of [0, 1e3, 1e9]) {
    t.equal(pace.shareAt(now), 1)
    t.equal(pace.startsInMs(now), 0)
  }
})

t.test('a throttle pauses for a second, slows down, and recovers within a minute', async (t) => {
  const pace = new Pace()
  pace.throttled(1000, 900)
  t.equal(pace.startsInMs(1000), 1000)
  t.equal(pace.startsInMs(1500), 500)
  t.ok(pace.shareAt(1000) <= 0.71)
  let before = pace.shareAt(1000)
  for (let now = 2000; now < 61_000; now += 1000) {
    const share = pace.shareAt(now)
    t.ok(share >= before, 'it only rises')
    before = share
  }
  t.equal(before, 1, 'full speed again within a minute')
})

t.test(
  'a throttle of a request sent before the last throttle was known changes nothing',
  async (t) => {
    const pace = new Pace()
    pace.throttled(1000, 900)
    const share = pace.shareAt(1010)
    pace.throttled(1010, 950)
    t.equal(pace.shareAt(1010), share)
    t.equal(pace.startsInMs(1010), 990)
  },
)

t.test('throttles that follow one another pause longer, up to eight seconds', async (t) => {
  const pace = new Pace()
  const pauses = []
  for (let now = 0; now < 100_000; now += 10_000) {
    pace.throttled(now, now)
    pauses.push(pace.startsInMs(now))
  }
  t.same(pauses.slice(0, 5), [1000, 2000, 4000, 8000, 8000])
  pace.responded(100_000)
  pace.throttled(110_000, 110_000)
  t.equal(pace.startsInMs(110_000), 1000)
})

t.test('the share stays above 0 and at most 1, and a pause at most eight seconds', async () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(20_000), fc.boolean()), { maxLength: 100 }), (events) => {
      const pace = new Pace()
      let now = 0
      return events.every(([later, throttled]) => {
        now += later
        if (throttled) pace.throttled(now, now)
        else pace.responded(now)
        const share = pace.shareAt(now)
        return share > 0 && share <= 1 && pace.startsInMs(now) <= 8000
      })
    }),
  )
})

t.test('while the share is reduced, starts are spread evenly', async (t) => {
  const pace = new Pace()
  pace.started(500, 100)
  t.equal(pace.startsInMs(500), 0, 'not at the whole quota')
  pace.throttled(1000, 900)
  const now = 3000
  pace.started(now, 100)
  t.equal(Math.round(pace.startsInMs(now)), Math.round(100 / pace.shareAt(now)))
})
