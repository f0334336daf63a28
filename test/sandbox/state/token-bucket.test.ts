import t from 'tap'

import { Quotas, TokenBucket } from '../../../src/sandbox/state/token-bucket.js'

t.test('a bucket gives one second of quota at once, and then its rate', async (t) => {
  const bucket = new TokenBucket(10, 0)
  const take = (count: number, now: number) =>
    Array.from({ length: count }, () => bucket.take(now)).filter(Boolean).length
  t.equal(take(20, 0), 10)
  t.equal(take(20, 500), 5)
  t.equal(take(20, 60_000), 10, 'a long rest fills no more than one second of quota')
})

t.test(
  'a caller that is early by half a request is forgiven, a whole request is not',
  async (t) => {
    const steady = new TokenBucket(1, 0)
    t.same(
      [0, 1000, 1980, 3010, 3900, 5000].map((now) => steady.take(now)),
      [true, true, true, true, true, true],
    )
    const hasty = new TokenBucket(1, 0)
    t.same(
      [0, 300, 1300].map((now) => hasty.take(now)),
      [true, false, true],
    )
  },
)

t.test('a clock that stands or runs backwards gives nothing', async (t) => {
  const bucket = new TokenBucket(1, 1000)
  t.equal(bucket.take(1000), true)
  t.equal(bucket.take(1000), false)
  t.equal(bucket.take(0), false)
})

t.test('accounts, regions and classes have buckets of their own', async (t) => {
  const quotas = new Quotas()
  const write = (account: string, region: string) => quotas.allows(account, region, 'write', 0)
  t.equal(write('1', 'us-east-1'), true)
  t.equal(write('1', 'us-east-1'), false)
  t.equal(write('2', 'us-east-1'), true)
  t.equal(write('1', 'eu-west-1'), true)
  t.equal(quotas.allows('1', 'us-east-1', 'lookup', 0), true)
  quotas.reset()
  t.equal(write('1', 'us-east-1'), true)
})
