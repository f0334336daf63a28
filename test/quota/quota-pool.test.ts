import t from 'tap'
import { QuotaPool } from '../../src/quota/quota-pool.js'
import { permitRequest, usePermit } from '../support/permits.js'
import { simulate, wait } from '../support/simulated-time.js'

const ACCOUNT = '111122223333'

function createPool(read: number): QuotaPool {
  return new QuotaPool({ tps: { read, lookup: 1, write: 1 }, scope: 'class', queueLimit: 10 })
}

t.test('a pool that shuts down refuses the requests that wait, and keeps no limiter', (t) =>
  simulate(async () => {
    const pool = createPool(1)
    ;(await pool.take(permitRequest())).sent()
    const refused = t.rejects(pool.take(permitRequest()), { message: /shutting down/ })
    pool.close()
    await refused
    t.same(pool.snapshot(), [])
  }),
)

t.test('an unused limiter is removed after a minute, one in use is not', (t) =>
  simulate(async () => {
    const pool = createPool(1)
    usePermit(await pool.take(permitRequest()))
    const held = await pool.take(permitRequest({ account: '444455556666' }))
    await wait(90_000)
    t.match(pool.snapshot(), [{ account: '444455556666', running: 1 }])
    usePermit(held)
    pool.close()
  }),
)

t.test('requests that wait under a connection go on under its account, and sent ones count', (t) =>
  simulate(async () => {
    const pool = createPool(2)
    const take = (account: string) => pool.take(permitRequest({ account }))
    const times = [
      usePermit(await take(ACCOUNT)),
      usePermit(await take('connection')),
      usePermit(await take('connection')),
    ]
    const waiting = take('connection').then(usePermit)
    pool.merge('connection', ACCOUNT)
    times.push(await waiting, usePermit(await take(ACCOUNT)))
    t.same(
      pool.snapshot().map(({ account }) => account),
      [ACCOUNT],
    )
    t.ok(times[3]! - times[2]! >= 1_000, 'nothing starts until the requests in flight have arrived')
    pool.merge('unknown', '444455556666')
    t.equal(pool.snapshot().length, 1)
    pool.close()
  }),
)

t.test("a connection's unused permits count for its account until they are sent", (t) =>
  simulate(async () => {
    const pool = createPool(2)
    const take = (account: string) => pool.take(permitRequest({ account }))
    usePermit(await take(ACCOUNT), 'unsent')
    const late = [await take('connection'), await take('connection')]
    pool.merge('connection', ACCOUNT)
    const waiting = take(ACCOUNT).then(usePermit)
    t.match(pool.snapshot(), [{ waiting: 1, estimatedWaitMs: 1_000 }])
    // longer than a window after the merge they are sent, and one of them is throttled
    await wait(1_200)
    const sentAt = usePermit(late[0]!)
    usePermit(late[1]!, 'throttled')
    t.match(pool.snapshot(), [{ account: ACCOUNT, throttled: 1, waiting: 1 }])
    t.ok(pool.snapshot()[0]!.share < 1, 'the throttle slows the account down')
    t.ok((await waiting) - sentAt >= 1_000, 'the account starts nothing until they have arrived')
    pool.close()
  }),
)
