import t from 'tap'
import { Lease, type LeaseTerms } from '../../src/quota/lease.js'
import { simulate, wait } from '../support/simulated-time.js'

const TERMS: LeaseTerms = { windowMs: 1_000, marginMs: 25, sendBy: Infinity }

/** A lease, and when its slot became free, from the start of the lease. */
function startLease(terms: Partial<LeaseTerms> = {}) {
  const startedAt = performance.now()
  let freeAt: number | undefined
  const lease = new Lease(
    0,
    { ...TERMS, ...terms },
    {
      onDone: () => undefined,
      onFree: () => {
        freeAt = performance.now() - startedAt
      },
    },
  )
  return { lease, freeAt: () => freeAt }
}

t.test('the slot is free a window after the response', (t) =>
  simulate(async () => {
    const { lease, freeAt } = startLease()
    await wait(100)
    lease.sent()
    await wait(10)
    lease.done('responded')
    await wait(999)
    t.equal(freeAt(), undefined)
    await wait(1)
    t.equal(freeAt(), 1_110)
  }),
)

t.test('a late response holds the slot no longer than the margin', (t) =>
  simulate(async () => {
    const { lease, freeAt } = startLease()
    lease.sent()
    await wait(1_024)
    t.equal(freeAt(), undefined)
    await wait(2_000)
    t.equal(freeAt(), 1_025)
    lease.done('responded')
    t.equal(lease.roundTripMs, 3_024)
  }),
)

t.test('an unsent request frees the slot at once, a failed one after a window', (t) =>
  simulate(async () => {
    const unsent = startLease()
    unsent.lease.done('unsent')
    t.equal(unsent.freeAt(), 0)
    const failed = startLease()
    failed.lease.sent()
    failed.lease.done('failed')
    // the bytes had left
    const late = startLease()
    late.lease.sent()
    late.lease.done('unsent')
    await wait(2_000)
    t.same([failed.freeAt(), late.freeAt()], [1_000, 1_000])
  }),
)

t.test('only the first call of sent and of done counts', (t) =>
  simulate(async () => {
    const { lease, freeAt } = startLease()
    lease.sent()
    lease.done('responded')
    await wait(500)
    lease.sent()
    lease.done('unsent')
    t.equal(freeAt(), undefined)
    await wait(500)
    t.equal(freeAt(), 1_000)
  }),
)

t.test(
  'a permit is void at its last moment to be sent, and its slot stays in use until it is done',
  (t) =>
    simulate(async () => {
      const { lease, freeAt } = startLease({ sendBy: performance.now() + 3_000 })
      await wait(2_999)
      t.equal(lease.voided?.aborted, false)
      await wait(1)
      t.match(lease.voided, { aborted: true, reason: { name: 'PermitVoidError' } })
      t.equal(freeAt(), undefined)
      lease.done('unsent')
      t.equal(freeAt(), 3_000)
    }),
)

t.test('a permit expires by the time, also before the timer of a process that stood still', (t) => {
  const { lease } = startLease({ sendBy: performance.now() + 5 })
  lease.expire()
  t.equal(lease.voided?.aborted, false)
  while (performance.now() < lease.grantedAt + 5) {
    // no timer fires meanwhile
  }
  t.equal(lease.voided?.aborted, false)
  lease.expire()
  t.match(lease.voided, { aborted: true, reason: { name: 'PermitVoidError' } })
  lease.done('unsent')
  t.end()
})

t.test('a permit that was used in time is never void', (t) =>
  simulate(async () => {
    const { lease } = startLease({ sendBy: performance.now() + 3_000 })
    await wait(2_999)
    lease.sent()
    await wait(5_000)
    lease.void()
    t.equal(lease.voided?.aborted, false)
    t.equal(startLease().lease.voided, undefined, 'nor is one without a limit')
  }),
)
