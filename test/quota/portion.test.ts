import t from 'tap'
import { Portion } from '../../src/quota/portion.js'

/** Gives so many at the beginning of every second, to somebody who waits all the time. */
function give(portion: Portion, count: number, from: number, until: number): void {
  portion.waits(from)
  for (let now = from; now < until; now += 1_000) {
    for (let index = 0; index < count; index++) portion.gave(now + index)
  }
}

t.test(
  'it is all of the quota until somebody has waited, and while nobody else has any',
  async (t) => {
    const portion = new Portion(10, 1_000)
    t.equal(portion.at(0, 1), 1)
    give(portion, 10, 0, 10_000)
    t.equal(portion.at(9_999, 1), 1)
    t.equal(portion.at(9_999, 0.5), 1)
  },
)

t.test('a third of it is soon known as a third, and all of it again as all', async (t) => {
  const portion = new Portion(9, 1_000)
  give(portion, 3, 0, 5_000)
  const third = portion.at(5_000, 1)
  t.ok(third > 0.33 && third < 0.45, `${third}`)
  give(portion, 9, 5_000, 12_000)
  t.ok(portion.at(12_000, 1) > 0.95, 'the others have gone')
  give(portion, 3, 12_000, 18_000)
  t.ok(portion.at(18_000, 1) < 0.5, 'they are back')
  portion.forget()
  t.equal(portion.at(18_000, 1), 1)
})

t.test('one who gets nothing is told ever less', async (t) => {
  const portion = new Portion(1, 1_000)
  portion.waits(0)
  t.equal(portion.at(1_900, 1), 1, 'the first window tells nothing')
  const soon = portion.at(3_000, 1)
  const late = portion.at(60_000, 1)
  t.ok(soon < 0.5 && late < soon && late > 0, `${soon}, then ${late}`)
})
