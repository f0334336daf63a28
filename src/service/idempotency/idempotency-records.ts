import type { Logger } from '../../log.js'
import { randomUUID } from 'node:crypto'
import type { RedisConnection } from '../../redis/redis-connection.js'
import { MemoryRecords } from '../records/memory-records.js'
import type { Claim, LeasedRecord, RecordOptions, RecordStore } from '../records/record-store.js'
import { RedisRecords } from '../records/redis-records.js'
import { digest } from './fingerprint.js'

/** Data of a record: the id of its job, where the command runs as one. */
export interface IdempotencyData {
  jobId?: string
}

/** The record of an idempotency key. */
export type IdempotencyRecord = LeasedRecord<IdempotencyData>

/** What claiming an idempotency key results in. */
export type IdempotencyClaim = Exclude<Claim<IdempotencyData>, { state: 'full' }>

/** In this process: 10,000 keys and 16 MiB of responses for each owner, for 24 hours after the response. */
export const IDEMPOTENCY_RECORDS: RecordOptions = {
  kind: 'idempotency',
  bounds: { running: 10_000, finished: 10_000, bytes: 16 * 1024 * 1024 },
  keepMs: 86_400_000,
  // a heartbeat, or the longest pause between two attempts to reconnect, and the time that its writes take
  quietMs: 2_500,
}

/** Opens the records of idempotency keys: in Redis, where there is one, else in this process. */
export function openIdempotencyRecords(
  redis: RedisConnection | undefined,
  logger: Pick<Logger, 'warn'>,
): RecordStore<IdempotencyData> {
  if (!redis) return new MemoryRecords(IDEMPOTENCY_RECORDS, logger)
  // in Redis nothing is evicted before it expires
  const bounds = { ...IDEMPOTENCY_RECORDS.bounds, finished: Infinity }
  return new RedisRecords(redis, { ...IDEMPOTENCY_RECORDS, bounds }, logger)
}

/**
 * The record of a request with an idempotency key.
 *
 * @param owner the name of the API key: the same key of another owner is another record
 * @param asJob whether it runs as a job, whose id is the record's `holder`
 */
export function idempotencyRecord(
  owner: string,
  idempotencyKey: string,
  fingerprint: string,
  asJob: boolean,
): IdempotencyRecord {
  const holder = randomUUID()
  const data = asJob ? { jobId: holder } : {}
  return { owner, key: digest(idempotencyKey), holder, fingerprint, data }
}
