import t from 'tap'
import type { LimiterState } from '../../../src/quota/quota-pool.js'
import { QuotaHistory, SAMPLES } from '../../../src/routes/status/quota-history.js'
import { plot } from '../../../src/routes/status/plot.js'

const limiter = (granted: number, region = 'us-east-1'): LimiterState => ({
  account: '111122223333',
  region,
  apiClass: 'read',
  operation: undefined,
  tps: 10,
  share: 1,
  running: 1,
  waiting: 2,
  estimatedWaitMs: 0,
  granted,
  throttled: 0,
  refused: 0,
})

/** A history whose samples are what the test says next. */
const historyOf = (samples: LimiterState[][]) => {
  const history = new QuotaHistory(() => samples.shift() ?? [])
  for (let left = samples.length; left > 0; left -= 1) history.sample()
  history.close()
  return history
}

t.test(
  'computes the rate from the permits granted between two samples, also for a limiter that was dropped',
  (t) => {
    const samples = [[limiter(4)], [limiter(24)], [limiter(24)], [], [limiter(6)], [limiter(2)]]
    const [only] = historyOf(samples).list()
    t.same(only?.rates, [2, 10, 0, 0, 3, 1])
    t.equal(only?.state.granted, 2)
    t.end()
  },
)

t.test('shows a dropped limiter as idle until its samples are old', (t) => {
  const [only] = historyOf([[limiter(4)], []]).list()
  t.match(only, { rates: [2, 0], state: { running: 0, waiting: 0 } })
  const gone: LimiterState[][] = [[limiter(4)], ...Array.from({ length: SAMPLES }, () => [])]
  t.same(historyOf(gone).list(), [])
  t.end()
})

t.test('bounds the samples of each limiter and the number of limiters', (t) => {
  const long = Array.from({ length: SAMPLES + 20 }, (_, index) => [limiter(index)])
  t.equal(historyOf(long).list()[0]?.rates.length, SAMPLES)
  const many = Array.from({ length: 1000 }, (_, index) => limiter(1, `region-${index}`))
  t.equal(historyOf([many]).list().length, 24)
  t.end()
})

t.test('draws every plot inside its view box', (t) => {
  for (const rates of [[], [0], [10], [0, 5, 100], Array.from({ length: SAMPLES }, () => 0.1)]) {
    const points = /polyline class="line" points="([^"]*)"/.exec(
      plot(rates, 10, 'use', 0).text,
    )?.[1]
    const numbers = (points ?? '').split(/[ ,]/).filter(Boolean).map(Number)
    t.equal(numbers.length, rates.length * 2)
    numbers.forEach((value, index) => {
      t.ok(value >= 0 && value <= (index % 2 === 0 ? 300 : 80), `${value} is in the box`)
    })
  }
  t.end()
})
