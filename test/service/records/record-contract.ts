import type { Test } from 'tap'
import type { RecordOptions, RecordStore } from '../../../src/service/records/record-store.js'
import { newRecord, newResponse, RECORD_OPTIONS, type TestData } from '../../support/records.js'

/** A store under test. */
export interface StoreUnderTest {
  store: RecordStore<TestData>
  /** Lets time pass, simulated or real. */
  elapse: (ms: number) => Promise<void>
  /** What the store logged as warnings. */
  warnings: unknown[]
}

/** How long records are kept where a test lets them expire, in milliseconds. */
const SHORT_KEEP_MS = 1_500

/** The guarantees of every implementation of the record store. */
export function testRecordContract(
  t: Test,
  open: (t: Test, options: RecordOptions) => Promise<StoreUnderTest>,
): void {
  const bounded = (t: Test, bounds: Partial<RecordOptions['bounds']> = {}) =>
    open(t, { ...RECORD_OPTIONS, bounds: { ...RECORD_OPTIONS.bounds, ...bounds } })

  t.test('a key is claimed once, and returns the response when it is finished', async (t) => {
    const { store } = await bounded(t)
    const record = newRecord('a', { data: { step: 7 } })
    t.same(await store.claim(record), { state: 'claimed', isRepeat: false })
    t.same(await store.claim(newRecord('a')), { state: 'running', data: { step: 7 } })
    t.same(await store.claim(newRecord('a', { fingerprint: 'other' })), { state: 'mismatch' })
    await store.finish(record, newResponse(1, 207))
    t.match(await store.claim(newRecord('a')), {
      state: 'finished',
      data: { step: 7 },
      response: { status: 207 },
    })
    t.same(await store.claim(newRecord('a', { fingerprint: 'other' })), { state: 'mismatch' })
  })

  t.test('one of a hundred simultaneous claims is granted', async (t) => {
    const { store } = await bounded(t)
    const claims = await Promise.all(Array.from({ length: 100 }, () => store.claim(newRecord('a'))))
    t.equal(claims.filter(({ state }) => state === 'claimed').length, 1)
    t.equal(claims.filter(({ state }) => state === 'running').length, 99)
  })

  t.test('a released key can be claimed again, and is no repeat', async (t) => {
    const { store } = await bounded(t)
    const record = newRecord('a')
    await store.claim(record)
    await store.release(record, false)
    t.equal(await store.find('ours', 'a'), undefined)
    t.same(await store.claim(newRecord('a', { fingerprint: 'other' })), {
      state: 'claimed',
      isRepeat: false,
    })
  })

  t.test('a record is found by its owner alone, with its latest data', async (t) => {
    const { store } = await bounded(t)
    const record = newRecord('a')
    await store.claim(record)
    record.data = { step: 1 }
    await store.update(record)
    const running = { data: { step: 1 }, response: undefined, cancelled: false, lost: false }
    t.same(await store.find('ours', 'a'), running)
    record.data = { step: 2 }
    await store.finish(record, newResponse())
    t.match(await store.find('ours', 'a'), { data: { step: 2 }, response: { status: 200 } })
    for (const [owner, key] of [
      ['theirs', 'a'],
      ['', 'a'],
      ['ours', 'b'],
      ['ours', '__proto__'],
      ['__proto__', 'constructor'],
    ] as const) {
      t.equal(await store.find(owner, key), undefined, `${owner} ${key}`)
    }
    t.same(await store.claim(newRecord('a', { owner: 'theirs' })), {
      state: 'claimed',
      isRepeat: false,
    })
  })

  t.test('a finished record expires after its time, a running one does not', async (t) => {
    const { store, elapse } = await open(t, { ...RECORD_OPTIONS, keepMs: SHORT_KEEP_MS })
    const [running, finished] = [newRecord('running'), newRecord('finished')]
    await store.claim(running)
    await store.claim(finished)
    await store.finish(finished, newResponse())
    await elapse(SHORT_KEEP_MS * 0.6)
    t.ok(await store.find('ours', 'finished'))
    await elapse(SHORT_KEEP_MS * 0.6)
    t.equal(await store.find('ours', 'finished'), undefined)
    t.ok(await store.find('ours', 'running'))
    t.same(await store.claim(newRecord('finished')), { state: 'claimed', isRepeat: false })
  })

  t.test('a claim beyond the bound of running records is refused, for its owner', async (t) => {
    const { store } = await bounded(t, { running: 2 })
    const [first, second] = [newRecord('a'), newRecord('b')]
    await store.claim(first)
    await store.claim(second)
    t.same(await store.claim(newRecord('c')), { state: 'full' })
    t.match(await store.claim(newRecord('a')), { state: 'running' }, 'known keys are answered')
    t.match(await store.claim(newRecord('c', { owner: 'theirs' })), { state: 'claimed' })
    await store.finish(first, newResponse())
    t.match(await store.claim(newRecord('c')), { state: 'claimed' })
    t.same(await store.claim(newRecord('d')), { state: 'full' })
    await store.release(second, false)
    t.match(await store.claim(newRecord('d')), { state: 'claimed' })
  })

  t.test('the oldest finished records of the same owner are evicted, with a warning', async (t) => {
    const { store, elapse, warnings } = await bounded(t)
    const isKept = async (key: string, owner = 'ours') =>
      (await store.find(owner, key)) !== undefined
    const finish = async (key: string, bytes = 1, owner = 'ours') => {
      const record = newRecord(key, { owner })
      await store.claim(record)
      await store.finish(record, newResponse(bytes))
      await elapse(5)
    }
    await store.claim(newRecord('running'))
    await finish('another', 1, 'theirs')
    for (const key of ['a', 'b', 'c']) await finish(key)
    t.same(warnings, [])
    await finish('d')
    t.notOk(await isKept('a'), 'the bound of records')
    t.ok(await isKept('b'))
    await finish('large', 1_900)
    t.notOk(await isKept('b'), 'the bound of bytes')
    await finish('too-large', 5_000)
    t.notOk(await isKept('large'))
    t.ok(await isKept('too-large'), 'the newest is kept whatever its size')
    t.ok(await isKept('running'))
    t.ok(await isKept('another', 'theirs'))
    t.match(warnings, [{ kind: 'test', bounds: { finished: 3 } }], 'at most once per minute')
    t.equal(warnings.length, 1)
  })

  t.test('an evicted or expired record no longer counts', async (t) => {
    const { store, elapse } = await open(t, { ...RECORD_OPTIONS, keepMs: SHORT_KEEP_MS })
    for (const round of [1, 2]) {
      const keys = ['a', 'b'].map((key) => `${key}${round}`)
      for (const key of keys) {
        const record = newRecord(key)
        await store.claim(record)
        await store.finish(record, newResponse(800))
      }
      for (const key of keys) t.ok(await store.find('ours', key), key)
      await elapse(SHORT_KEEP_MS * 1.1)
    }
  })

  t.test('a cancellation reaches the run once, until it is finished', async (t) => {
    const { store } = await bounded(t)
    let cancels = 0
    const record = newRecord('a', { onCancel: () => (cancels += 1) })
    await store.claim(record)
    await store.cancel('theirs', 'a')
    t.equal(cancels, 0)
    await store.cancel('ours', 'a')
    await store.cancel('ours', 'a')
    t.equal(cancels, 1)
    t.match(await store.find('ours', 'a'), { cancelled: true })
    const finished = newRecord('b', { onCancel: () => (cancels += 1) })
    await store.claim(finished)
    await store.finish(finished, newResponse())
    await store.cancel('ours', 'b')
    t.equal(cancels, 1)
  })

  t.test('a run holds its key from the claim to its end', async (t) => {
    const { store } = await bounded(t)
    const [first, second] = [newRecord('a'), newRecord('a')]
    t.notOk(store.holds(first))
    await store.claim(first)
    await store.claim(second)
    t.ok(store.holds(first))
    t.notOk(store.holds(second), 'another run of the same key does not')
    await store.finish(first, newResponse())
    t.notOk(store.holds(first))
  })
}
