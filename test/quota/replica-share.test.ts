import t from 'tap'
import { ReplicaShare } from '../../src/quota/replica-share.js'

/** Grants so many permits at the beginning of every second, while requests wait. */
function grant(share: ReplicaShare, count: number, from: number, until: number): void {
  share.waiting(from)
  for (let now = from; now < until; now += 1_000) {
    for (let index = 0; index < count; index++) share.granted(now + index)
  }
}

t.test(
  'is the whole quota until a request has waited, and while no other replica has permits',
  async (t) => {
    const share = new ReplicaShare({ size: 10, windowMs: 1_000 })
    t.equal(share.at(0, 1), 1)
    grant(share, 10, 0, 10_000)
    t.equal(share.at(9_999, 1), 1)
    t.equal(share.at(9_999, 0.5), 1)
  },
)

t.test(
  'is known within seconds when it becomes a third, and when it is the whole again',
  async (t) => {
    const share = new ReplicaShare({ size: 9, windowMs: 1_000 })
    grant(share, 3, 0, 5_000)
    const third = share.at(5_000, 1)
    t.ok(third > 0.33 && third < 0.45, `${third}`)
    grant(share, 9, 5_000, 12_000)
    t.ok(share.at(12_000, 1) > 0.95, 'the other replicas have stopped')
    grant(share, 3, 12_000, 18_000)
    t.ok(share.at(18_000, 1) < 0.5, 'they are back')
    share.reset()
    t.equal(share.at(18_000, 1), 1)
  },
)

t.test('falls while nothing is granted', async (t) => {
  const share = new ReplicaShare({ size: 1, windowMs: 1_000 })
  share.waiting(0)
  t.equal(share.at(1_900, 1), 1, 'the first window does not count')
  const soon = share.at(3_000, 1)
  const late = share.at(60_000, 1)
  t.ok(soon < 0.5 && late < soon && late > 0, `${soon}, then ${late}`)
})
