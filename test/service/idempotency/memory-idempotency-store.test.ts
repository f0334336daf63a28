import t from 'tap'
import type { CommandResponse } from '../../../src/envelope/envelope.js'
import { KEPT_MS, type KeyedRun } from '../../../src/service/idempotency/idempotency-store.js'
import { MemoryIdempotencyStore } from '../../../src/service/idempotency/memory-idempotency-store.js'

const run = (key: string, fingerprint = 'same', owner = 'somebody'): KeyedRun => ({
  key,
  owner,
  fingerprint,
  id: `id of ${key}`,
  isJob: key.startsWith('job'),
})

const answer = (size = 1) =>
  ({ status: 200, retryAfter: undefined, envelope: { error: 'x'.repeat(size) } }) as CommandResponse

const claim = (store: MemoryIdempotencyStore, asked: KeyedRun) => store.claim(asked)

/** A store with a clock of the test's own, in milliseconds. */
function makeStore(bounds = { entries: 3, bytes: 1_000 }) {
  const clock = { now: 0 }
  const warnings: unknown[] = []
  const warn = (bounds: unknown) => warnings.push(bounds)
  const store = new MemoryIdempotencyStore({ warn }, bounds, () => clock.now)
  const state = async (key: string) => {
    const { state } = await claim(store, run(key))
    if (state === 'claimed') await store.release(run(key))
    return state
  }
  return { store, clock, state, warnings }
}

t.test('a key stands for its run, then for its answer, and for nothing else', async (t) => {
  const { store } = makeStore()
  t.same(await claim(store, run('a')), { state: 'claimed', isRepeat: false })
  t.same(await claim(store, run('a')), { state: 'running', jobId: undefined })
  t.same(await claim(store, run('a', 'other')), { state: 'other' })
  await store.keep(run('a'), answer())
  t.match(await claim(store, run('a')), { state: 'answered', answer: { status: 200 } })
  t.same(await claim(store, run('a', 'other')), { state: 'other' })
  await claim(store, run('job'))
  t.same(await claim(store, run('job')), { state: 'running', jobId: 'id of job' })
  await store.release(run('job'))
  t.same(await claim(store, run('job')), { state: 'claimed', isRepeat: false })
  await store.close()
})

t.test('an answer is kept for 24 hours', async (t) => {
  const { store, clock, state } = makeStore()
  await store.keep(run('a'), answer())
  clock.now = KEPT_MS - 1
  t.equal(await state('a'), 'answered')
  clock.now = KEPT_MS
  t.equal(await state('a'), 'claimed')
})

t.test('over the bounds the oldest answers go first, and runs stay', async (t) => {
  const { store, state } = makeStore()
  await claim(store, run('running'))
  for (const key of ['a', 'b', 'c']) {
    await claim(store, run(key))
    await store.keep(run(key), answer())
  }
  t.equal(await state('running'), 'running')
  t.same([await state('b'), await state('c')], ['answered', 'answered'])
  t.equal(await state('a'), 'claimed')
  await store.keep(run('large'), answer(950))
  t.equal(await state('b'), 'claimed')
  t.equal(await state('c'), 'claimed', 'both of the bounds hold')
  t.equal(await state('large'), 'answered')
})

t.test('what is forgotten gives its bytes back', async (t) => {
  const { store, clock, state } = makeStore()
  for (let day = 0; day < 50; day += 1) {
    clock.now = day * KEPT_MS
    await store.keep(run(`of day ${day}`), answer(800))
    t.equal(await state(`of day ${day}`), 'answered')
  }
})

t.test('who has most is forgotten first, and the operator is told', async (t) => {
  const { store, state, warnings } = makeStore()
  await store.keep(run('of another', 'same', 'another'), answer())
  for (const key of ['a', 'b']) await store.keep(run(key), answer())
  t.same(warnings, [])
  for (const key of ['c', 'd']) await store.keep(run(key), answer())
  t.match(await claim(store, run('of another', 'same', 'another')), { state: 'answered' })
  t.same([await state('c'), await state('d')], ['answered', 'answered'])
  t.same([await state('a'), await state('b')], ['claimed', 'claimed'])
  t.same(warnings, [{ entries: 3, bytes: 1_000 }], 'once a minute')
})
