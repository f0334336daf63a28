import type { CommandResponse } from '../../envelope/envelope.js'
import type { JobBounds, JobStore } from './job-store.js'
import type { Job, JobProgress } from './job.js'

interface Kept {
  job: Job
  /** Size of its answer as JSON; 0 while it runs. */
  bytes: number
  cancel: (() => void) | undefined
}

/** Jobs in this process: another replica knows nothing of them, and they end with it. */
export class MemoryJobStore implements JobStore {
  /** By owner, and then by id in the order in which they were made. */
  readonly #owners = new Map<string, Map<string, Kept>>()
  readonly #sweep: NodeJS.Timeout

  constructor(private readonly bounds: JobBounds) {
    this.#sweep = setInterval(() => this.#forgetOld(), Math.max(10, bounds.keepMs / 60))
    this.#sweep.unref()
  }

  async add(job: Job): Promise<boolean> {
    const kept = this.#owners.get(job.owner) ?? new Map<string, Kept>()
    this.#makeRoom(kept, this.bounds.perOwner - 1)
    if (kept.size >= this.bounds.perOwner) return false
    this.#owners.set(job.owner, kept)
    kept.set(job.id, { job, bytes: 0, cancel: undefined })
    return true
  }

  async find(owner: string, id: string): Promise<Job | undefined> {
    return this.#owners.get(owner)?.get(id)?.job
  }

  async progress(job: Job, progress: JobProgress): Promise<void> {
    job.progress = progress
  }

  async finish(job: Job, answer: CommandResponse): Promise<void> {
    const owned = this.#owners.get(job.owner)
    const kept = owned?.get(job.id)
    /* c8 ignore next -- a running job is never forgotten */
    if (!owned || !kept) return
    job.finishedAt = Date.now()
    job.answer = answer
    kept.bytes = Buffer.byteLength(JSON.stringify(answer.envelope))
    kept.cancel = undefined
    this.#makeRoom(owned, this.bounds.perOwner, job.id)
  }

  async cancel(job: Job): Promise<void> {
    job.progress = { ...job.progress, cancelled: true }
    this.#owners.get(job.owner)?.get(job.id)?.cancel?.()
  }

  onCancel(job: Job, cancel: () => void): void {
    const kept = this.#owners.get(job.owner)?.get(job.id)
    if (kept) kept.cancel = cancel
  }

  async close(): Promise<void> {
    clearInterval(this.#sweep)
  }

  /** Forgets finished jobs, the oldest first, until the rest is within the bounds. */
  #makeRoom(owned: Map<string, Kept>, most: number, newest?: string): void {
    let bytes = [...owned.values()].reduce((sum, kept) => sum + kept.bytes, 0)
    for (const [id, kept] of owned) {
      if (owned.size <= most && bytes <= this.bounds.bytesPerOwner) return
      if (kept.job.answer === undefined || id === newest) continue
      owned.delete(id)
      bytes -= kept.bytes
    }
  }

  #forgetOld(): void {
    const before = Date.now() - this.bounds.keepMs
    for (const [owner, owned] of this.#owners) {
      for (const [id, { job }] of owned) {
        if (job.finishedAt !== undefined && job.finishedAt <= before) owned.delete(id)
      }
      if (owned.size === 0) this.#owners.delete(owner)
    }
  }
}
