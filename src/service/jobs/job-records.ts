import type { Logger } from '../../log.js'
import type { RedisConnection } from '../../redis/redis-connection.js'
import { MemoryRecords } from '../records/memory-records.js'
import type { RecordOptions, RecordStore } from '../records/record-store.js'
import { RedisRecords } from '../records/redis-records.js'
import type { Job } from './job.js'

/** A job as its record keeps it: its response stands beside it. */
export type JobData = Omit<Job, 'response' | 'lost'>

/** 100 running and 100 finished jobs for each owner, and 16 MiB of their responses, for an hour after their end. */
export const JOB_RECORDS: RecordOptions = {
  kind: 'jobs',
  bounds: { running: 100, finished: 100, bytes: 16 * 1024 * 1024 },
  keepMs: 3_600_000,
  quietMs: 0,
}

/** Opens the job records: in Redis, where there is one, else in this process. */
export function openJobRecords(
  redis: RedisConnection | undefined,
  logger: Pick<Logger, 'warn'>,
): RecordStore<JobData> {
  return redis
    ? new RedisRecords(redis, JOB_RECORDS, logger)
    : new MemoryRecords(JOB_RECORDS, logger)
}
