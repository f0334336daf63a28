import fc from 'fast-check'
import t from 'tap'
import { WaitingRoom, type Turn } from '../../src/quota/waiting-room.js'

interface Guest {
  turn: Turn
  id: number
}

/** Calls everybody, in order. */
function callAll(room: WaitingRoom<Guest>): Guest[] {
  const called: Guest[] = []
  for (let guest = room.next(); guest; guest = room.next()) called.push(guest)
  return called
}

t.test('callers take turns, then their commands, then first come first served', async (t) => {
  const room = new WaitingRoom<Guest>()
  const guests = ['a1', 'a1', 'a1', 'a2', 'b1', 'c1', 'c1'].map((name, id) => ({
    turn: { caller: name[0]!, command: name },
    id,
  }))
  for (const guest of guests) room.join(guest)
  t.equal(room.size, 7)
  t.same(
    callAll(room).map(({ id }) => id),
    [0, 4, 5, 3, 6, 1, 2],
  )
  t.equal(room.size, 0)
})

const names = fc.constantFrom('a', 'b', 'c', 'd')
const steps = fc.array(
  fc.record({ caller: names, command: names, leaves: fc.boolean(), calls: fc.boolean() }),
  { maxLength: 200 },
)

t.test('whoever joined is called once, or left: nobody is lost, nobody called twice', async () => {
  fc.assert(
    fc.property(steps, (list) => {
      const room = new WaitingRoom<Guest>()
      const expected = new Set<Guest>()
      const called = new Set<Guest>()
      for (const [id, { caller, command, leaves, calls }] of list.entries()) {
        const guest = { turn: { caller, command }, id }
        room.join(guest)
        expected.add(guest)
        if (leaves && room.leave(guest)) expected.delete(guest)
        const next = calls ? room.next() : undefined
        if (next && (called.has(next) || !expected.has(next))) return false
        if (next) called.add(next)
      }
      for (const guest of callAll(room)) called.add(guest)
      return called.size === expected.size && room.size === 0 && room.next() === undefined
    }),
  )
})

t.test(
  'the place that a newcomer is told is the place that he gets, when nobody else comes',
  async () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(names, names), { maxLength: 60 }),
        names,
        names,
        (others, caller, command) => {
          const room = new WaitingRoom<Guest>()
          for (const [id, [other, its]] of others.entries()) {
            room.join({ turn: { caller: other, command: its }, id })
          }
          const newcomer = { turn: { caller, command }, id: -1 }
          const ahead = room.ahead(newcomer.turn)
          room.join(newcomer)
          return callAll(room).indexOf(newcomer) === ahead
        },
      ),
    )
  },
)

t.test('whoever is offered another line waits where he is called sooner', async () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(names, names), { minLength: 1, maxLength: 40 }),
      fc.nat(39),
      names,
      names,
      (others, which, caller, command) => {
        const room = new WaitingRoom<Guest>()
        const guests = others.map(([other, its], id) => ({
          turn: { caller: other, command: its },
          id,
        }))
        for (const guest of guests) room.join(guest)
        const guest = guests[which % guests.length]!
        const stayed = room.aheadOf(guest)
        const before = callAll(room).indexOf(guest)
        for (const each of guests) room.join(each)
        const there = room.ahead({ caller, command })
        room.offer(guest, { caller, command })
        const now = room.aheadOf(guest)
        const best = now <= Math.min(stayed, there)
        return best && stayed === before && callAll(room).indexOf(guest) === now
      },
    ),
  )
})
