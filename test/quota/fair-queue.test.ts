import fc from 'fast-check'
import t from 'tap'
import { FairQueue, type QueueKey } from '../../src/quota/fair-queue.js'

interface Item {
  key: QueueKey
  id: number
}

/** Takes all items, in order. */
function takeAll(queue: FairQueue<Item>): Item[] {
  const served: Item[] = []
  for (let item = queue.next(); item; item = queue.next()) served.push(item)
  return served
}

t.test(
  'serves callers in rotation, then their commands, then first come first served',
  async (t) => {
    const queue = new FairQueue<Item>()
    const items = ['a1', 'a1', 'a1', 'a2', 'b1', 'c1', 'c1'].map((name, id) => ({
      key: { caller: name[0]!, command: name },
      id,
    }))
    for (const item of items) queue.join(item)
    t.equal(queue.size, 7)
    t.same(
      takeAll(queue).map(({ id }) => id),
      [0, 4, 5, 3, 6, 1, 2],
    )
    t.equal(queue.size, 0)
  },
)

const names = fc.constantFrom('a', 'b', 'c', 'd')
const steps = fc.array(
  fc.record({ caller: names, command: names, leaves: fc.boolean(), serves: fc.boolean() }),
  { maxLength: 200 },
)

t.test('serves each item once unless it left', async () => {
  fc.assert(
    fc.property(steps, (list) => {
      const queue = new FairQueue<Item>()
      const expected = new Set<Item>()
      const served = new Set<Item>()
      for (const [id, { caller, command, leaves, serves }] of list.entries()) {
        const item = { key: { caller, command }, id }
        queue.join(item)
        expected.add(item)
        if (leaves && queue.leave(item)) expected.delete(item)
        const next = serves ? queue.next() : undefined
        if (next && (served.has(next) || !expected.has(next))) return false
        if (next) served.add(next)
      }
      for (const item of takeAll(queue)) served.add(item)
      return served.size === expected.size && queue.size === 0 && queue.next() === undefined
    }),
  )
})

t.test(
  'a new item is served after as many others as ahead() returned, if no other joins',
  async () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(names, names), { maxLength: 60 }),
        names,
        names,
        (others, caller, command) => {
          const queue = new FairQueue<Item>()
          for (const [id, [other, its]] of others.entries()) {
            queue.join({ key: { caller: other, command: its }, id })
          }
          const added = { key: { caller, command }, id: -1 }
          const ahead = queue.ahead(added.key)
          queue.join(added)
          return takeAll(queue).indexOf(added) === ahead
        },
      ),
    )
  },
)

t.test('an item that is offered another command waits where it is served sooner', async () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(names, names), { minLength: 1, maxLength: 40 }),
      fc.nat(39),
      names,
      names,
      (others, which, caller, command) => {
        const queue = new FairQueue<Item>()
        const items = others.map(([other, its], id) => ({
          key: { caller: other, command: its },
          id,
        }))
        for (const item of items) queue.join(item)
        const item = items[which % items.length]!
        const stayed = queue.aheadOf(item)
        const before = takeAll(queue).indexOf(item)
        for (const each of items) queue.join(each)
        const there = queue.ahead({ caller, command })
        queue.offer(item, { caller, command })
        const now = queue.aheadOf(item)
        const best = now <= Math.min(stayed, there)
        return best && stayed === before && takeAll(queue).indexOf(item) === now
      },
    ),
  )
})
