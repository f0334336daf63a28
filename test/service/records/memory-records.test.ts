import t, { type Test } from 'tap'
import { MemoryRecords } from '../../../src/service/records/memory-records.js'
import { useFakeClock } from '../../support/fake-clock.js'
import { newRecord, newResponse, RECORD_OPTIONS, type TestData } from '../../support/records.js'
import { testRecordContract } from './record-contract.js'

const DAY_MS = 86_400_000

/** A store on a simulated clock. */
function open(t: Test, options = RECORD_OPTIONS) {
  const clock = useFakeClock(t)
  const warnings: unknown[] = []
  const store = new MemoryRecords<TestData>(options, {
    warn: (what: unknown) => void warnings.push(what),
  })
  t.teardown(() => store.close())
  return { store, warnings, clock, elapse: async (ms: number) => void clock.tick(ms) }
}

t.test('records in memory keep the contract', async (t) => {
  testRecordContract(t, async (t, options) => open(t, options))
})

t.test('a response is kept for its 24 hours, then its memory is freed', async (t) => {
  const { store, clock } = open(t, { ...RECORD_OPTIONS, keepMs: DAY_MS })
  const record = newRecord('a')
  await store.claim(record)
  await store.finish(record, newResponse())
  clock.tick(DAY_MS - 1)
  t.ok(await store.find('ours', 'a'))
  clock.tick(3)
  t.equal(await store.find('ours', 'a'), undefined)
  clock.tick(1)
  t.equal(clock.countTimers(), 0, 'no timer is left')
})

t.test('evictions are reported once per minute', async (t) => {
  const { store, clock, warnings } = open(t)
  for (let index = 0; index < 20; index += 1) {
    const record = newRecord(String(index))
    await store.claim(record)
    await store.finish(record, newResponse())
    clock.tick(5_000)
  }
  t.equal(warnings.length, 2, 'in 85 seconds of evictions')
})
