import fc from 'fast-check'
import t from 'tap'
import { SEND_IN_TURN_MS, Turns } from '../../src/quota/turns.js'

/** A day, a count of seats, and a window: of one request a second, or of one in some. */
const settings = {
  now: fc.integer({ min: 0, max: 86_400_000 }),
  seats: fc.integer({ min: 1, max: 10 }),
  windowMs: fc.integer({ min: 1000, max: 10_000 }),
}

t.test('turns of different seats are further apart than a window', (t) => {
  const property = fc.property(
    settings.now,
    settings.seats,
    settings.windowMs,
    fc.nat(9),
    fc.nat(9),
    (now, seats, windowMs, a, b) => {
      const turns = new Turns(seats, windowMs)
      const [one, other] = [a % seats, b % seats]
      if (one === other || turns.untilTurn(one, now) > 0) return true
      // whenever the first may start and send, the other neither sends then nor starts within the window after
      const latest = now + SEND_IN_TURN_MS
      return latest + windowMs < now + turns.untilTurn(other, now)
    },
  )
  fc.assert(property, { numRuns: 2000 })
  t.end()
})

t.test('every seat has its turn once a round, and never twice in a window', (t) => {
  const turns = new Turns(4, 1000)
  for (const seat of [0, 1, 2, 3]) {
    let starts = 0
    for (let now = 0; now < turns.roundMs; now++) {
      if (turns.untilTurn(seat, now) === 0 && turns.untilTurn(seat, now - 1) > 0) starts += 1
    }
    t.equal(starts, 1)
  }
  t.ok(turns.roundMs >= 4000, 'what one uses is at most a quarter of the quota')
  t.end()
})

t.test('who stays clear of a seat never sends within a window of its turn', (t) => {
  const property = fc.property(
    settings.now,
    settings.seats,
    settings.windowMs,
    fc.nat(9),
    (now, seats, windowMs, a) => {
      const turns = new Turns(seats, windowMs)
      const seat = a % seats
      if (turns.untilClearOf(seat, now) > 0) return true
      // nobody of that seat is at it now, nor starts before what is sent now has been there for a window
      const sinceTurn = turns.roundMs - turns.untilTurn(seat, now)
      return turns.untilTurn(seat, now) > windowMs && sinceTurn > windowMs + SEND_IN_TURN_MS
    },
  )
  fc.assert(property, { numRuns: 2000 })
  t.end()
})

t.test('the wait ends: after it, it is the turn, or the way is clear', (t) => {
  const property = fc.property(
    settings.now,
    settings.seats,
    settings.windowMs,
    (now, seats, windowMs) => {
      const turns = new Turns(seats, windowMs)
      const clear = turns.untilClearOf(0, now)
      return (
        turns.untilTurn(0, now + turns.untilTurn(0, now)) === 0 &&
        (clear === 0 || seats === 1 || turns.untilClearOf(0, now + clear) === 0)
      )
    },
  )
  fc.assert(property, { numRuns: 2000 })
  t.end()
})

t.test('all time is kept for those that are missing when they are many', (t) => {
  const turns = new Turns(4, 1000)
  t.ok(turns.isEverClearOf([]))
  t.ok(turns.isEverClearOf([0]))
  t.ok(turns.isEverClearOf([0, 1, 2]))
  t.notOk(turns.isEverClearOf([0, 1, 2, 3]))
  t.end()
})
