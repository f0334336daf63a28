import type { CommandResponse } from '../../src/envelope/envelope.js'
import type { LeasedRecord, RecordOptions } from '../../src/service/records/record-store.js'

/** Data of the records of these tests. */
export type TestData = { step: number }

/** Options with small bounds. */
export const RECORD_OPTIONS: RecordOptions = {
  kind: 'test',
  bounds: { running: 3, finished: 3, bytes: 2_000 },
  keepMs: 60_000,
  quietMs: 0,
}

let runs = 0

/** A record of a new run. */
export function newRecord(
  key: string,
  more: Partial<LeasedRecord<TestData>> = {},
): LeasedRecord<TestData> {
  const holder = `run-${runs++}`
  return { owner: 'ours', key, holder, fingerprint: 'same', data: { step: 0 }, ...more }
}

/** A response whose JSON has about `bytes` bytes. */
export function newResponse(bytes = 1, status = 200): CommandResponse {
  return {
    status,
    retryAfter: undefined,
    envelope: { error: 'x'.repeat(bytes) },
  } as CommandResponse
}
