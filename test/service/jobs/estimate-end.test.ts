import t from 'tap'
import { estimateEnd } from '../../../src/service/jobs/estimate-end.js'

t.test('estimates the end from the pace so far, and never sooner than the quota allows', (t) => {
  const at = { now: 10_000, createdAt: 0, total: 100, tps: 10 }
  t.equal(estimateEnd({ ...at, done: 0 }), 20_000, 'nothing is known: the quota')
  t.equal(estimateEnd({ ...at, done: 90, now: 1_000 }), 2_000, 'the first burst promises too much')
  t.equal(estimateEnd({ ...at, done: 10 }), 100_000, 'slower than the quota: others are there too')
  t.equal(estimateEnd({ ...at, done: 100 }), 10_000)
  t.equal(estimateEnd({ ...at, done: 0, total: 0 }), 10_000, 'no inputs at all')
  t.end()
})
