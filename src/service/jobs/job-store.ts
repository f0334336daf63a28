import type { CommandResponse } from '../../envelope/envelope.js'
import type { Job, JobProgress } from './job.js'

/** Bounds of what is kept, so that no caller can fill the memory, nor push out what is another's. */
export interface JobBounds {
  /** Jobs of one owner, running and finished. */
  perOwner: number
  /** Answers of one owner, in bytes of JSON. The newest answer is kept whatever its size. */
  bytesPerOwner: number
  /** How long a finished job is kept, in milliseconds. */
  keepMs: number
}

/** What the service keeps: 100 jobs and 16 MiB of answers for each owner, for an hour after their end. */
export const JOB_BOUNDS: JobBounds = {
  perOwner: 100,
  bytesPerOwner: 16 * 1024 * 1024,
  keepMs: 3_600_000,
}

/** Where jobs are kept: those of one owner are never shown to another. */
export interface JobStore {
  /** Adds a running job, in place of the owner's oldest finished ones; `false` when all of its jobs still run. */
  add(job: Job): Promise<boolean>
  /** The job as it is now, or nothing when there is none or it is another's. */
  find(owner: string, id: string): Promise<Job | undefined>
  /** Keeps how far a running job has come. */
  progress(job: Job, progress: JobProgress): Promise<void>
  /** Keeps the answer, for as long as the bounds say. */
  finish(job: Job, answer: CommandResponse): Promise<void>
  /** Asks whoever runs the job to cancel it. */
  cancel(job: Job): Promise<void>
  /** Calls back when the job is to be cancelled, until it is finished. */
  onCancel(job: Job, cancel: () => void): void
  /** Ends, and leaves nothing running. */
  close(): Promise<void>
}
