import { setMaxListeners } from 'node:events'
import { setTimeout as delay } from 'node:timers/promises'
import type { Logger } from '../../log.js'
import type { Follower } from '../../cloudtrail/call-context.js'
import type { CommandResponse } from '../../envelope/envelope.js'
import type { ApiClass } from '../../aws/api-class.js'
import type { LeasedRecord, RecordStore } from '../records/record-store.js'
import { doneInputs } from './done-inputs.js'
import { estimateEnd } from './estimate-end.js'
import type { JobData } from './job-records.js'
import type { Job } from './job.js'

/** What a job is started with. */
export interface JobStart extends Pick<Job, 'id' | 'owner' | 'command' | 'meta'> {
  /** The quota class of its command. */
  apiClass: ApiClass
  /** Runs the command and returns its response. */
  run: (follower: Follower) => Promise<CommandResponse>
}

/** How often a job that another replica runs is looked up while a client waits for it, in milliseconds. */
const POLL_MS = 500

/** How a job ends: with a response, cancelled, or by a defect of the service. */
export type JobEnd = 'finished' | 'cancelled' | 'failed'

/** Runs commands that no client waits for. Their records are visible to their owner only. */
export class Jobs {
  /** By id. */
  readonly #running = new Map<string, Promise<void>>()
  readonly #ended: Record<JobEnd, number> = { finished: 0, cancelled: 0, failed: 0 }
  readonly #waits = new Set<AbortController>()
  #isDraining = false
  /** Jobs that finished while the service drains, and whose owner does not have the response yet. */
  readonly #unfetched = new Set<string>()

  constructor(
    private readonly records: RecordStore<JobData>,
    /** Requests per second of each class, for the estimated end. */
    private readonly tps: Record<ApiClass, number>,
    private readonly logger: Pick<Logger, 'error'>,
  ) {}

  /** The jobs of this process, for metrics. */
  get counted() {
    return { running: this.#running.size, ended: this.#ended }
  }

  /**
   * Starts a job.
   *
   * @returns nothing when its owner has as many running jobs as it may have
   * @throws when the records are unavailable
   */
  async start({ id, owner, command, meta, apiClass, run }: JobStart): Promise<Job | undefined> {
    const createdAt = Date.now()
    const tps = this.tps[apiClass]
    const controller = new AbortController()
    // every input listens, and a command has up to a hundred
    setMaxListeners(0, controller.signal)
    const estimatedEnd = createdAt + Math.ceil(1000 / tps)
    const progress = { done: 0, total: 1, estimatedEnd, cancelled: false }
    const job: JobData = { id, owner, command, createdAt, meta, progress }
    const onCancel = () => {
      job.progress = { ...job.progress, cancelled: true }
      controller.abort()
    }
    const record = { owner, key: id, holder: id, fingerprint: '', data: job, onCancel }
    const { state } = await this.records.claim(record)
    if (state !== 'claimed') return undefined
    const onProgress = (done: number, total: number) => {
      const { cancelled } = job.progress
      // cancelled inputs end at once: the response says which inputs were done
      const counted = cancelled ? job.progress.done : done
      const now = Date.now()
      const estimatedEnd = estimateEnd({ now, createdAt, done: counted, total, tps })
      job.progress = { done: counted, total, estimatedEnd, cancelled }
      void this.#save(job, this.records.update(record))
    }
    const running = this.#run(record, () => run({ cancelled: controller.signal, onProgress }))
    this.#running.set(id, running)
    void running.finally(() => this.#running.delete(id))
    return job
  }

  /**
   * Finds a job of an owner, as it is now.
   *
   * @throws when the records are unavailable
   */
  async find(owner: string, id: string): Promise<Job | undefined> {
    const found = await this.records.find(owner, id)
    if (!found) return undefined
    const { data, response, lost } = found
    if (response ?? lost) this.#unfetched.delete(id)
    const cancelled = found.cancelled || data.progress.cancelled
    return {
      ...data,
      progress: { ...data.progress, cancelled },
      ...(response && { response }),
      ...(lost && { lost }),
    }
  }

  /**
   * Cancels a job at whatever replica runs it, within a second.
   *
   * @throws when the records are unavailable
   */
  async cancel(job: Job): Promise<void> {
    await this.records.cancel(job.owner, job.id)
    job.progress = { ...job.progress, cancelled: true }
  }

  /**
   * Waits until a job is finished, at whatever replica: until the time is over, the signal aborts or the service drains.
   *
   * @returns the job as it is then
   * @throws when the records are unavailable
   */
  async waitFor(
    { owner, id }: Pick<Job, 'owner' | 'id'>,
    waitMs: number,
    disconnected: AbortSignal,
  ): Promise<Job | undefined> {
    const wait = new AbortController()
    const { signal } = wait
    const end = () => wait.abort()
    const timer = setTimeout(end, waitMs)
    disconnected.addEventListener('abort', end)
    this.#waits.add(wait)
    try {
      for (;;) {
        const job = await this.find(owner, id)
        const isOver = signal.aborted || disconnected.aborted || this.#isDraining
        if (!job || job.response || job.lost || isOver) return job
        const running = this.#running.get(id)
        const elsewhere = delay(running ? waitMs : POLL_MS, undefined, { signal })
        await Promise.race(running ? [running, elsewhere] : [elsewhere]).catch(() => undefined)
      }
    } finally {
      clearTimeout(timer)
      disconnected.removeEventListener('abort', end)
      this.#waits.delete(wait)
      end()
    }
  }

  /** Ends every wait, and those that come later at once: their clients get the job as it is. */
  stopWaiting(): void {
    this.#isDraining = true
    for (const wait of this.#waits) wait.abort()
  }

  /** Waits for every job of this process. */
  async finished(): Promise<void> {
    await Promise.all(this.#running.values())
  }

  /** Waits until the responses of the jobs that finished during the drain were fetched, at most that long. */
  async fetched(maxMs: number): Promise<void> {
    const end = performance.now() + maxMs
    while (this.#unfetched.size > 0 && performance.now() < end) await delay(50)
  }

  close(): Promise<void> {
    return this.records.close()
  }

  async #run(record: LeasedRecord<JobData>, run: () => Promise<CommandResponse>): Promise<void> {
    const { data: job } = record
    try {
      const response = await run()
      job.finishedAt = Date.now()
      this.#ended[job.progress.cancelled ? 'cancelled' : 'finished'] += 1
      job.progress = { ...job.progress, done: doneInputs(job.progress, response) }
      await this.#save(job, this.records.finish(record, response))
    } catch (err) {
      this.#ended.failed += 1
      this.logger.error({ err, job: job.id, command: job.command }, 'a job failed in the service')
      await this.#save(job, this.records.release(record, true))
    }
    if (this.#isDraining) this.#unfetched.add(job.id)
  }

  /** When the records are unavailable, the job's news are lost, and nothing else: the command itself continues. */
  async #save(job: JobData, work: Promise<void>): Promise<void> {
    try {
      await work
    } catch (err) {
      this.logger.error({ err, job: job.id, command: job.command }, 'a job could not be saved')
    }
  }
}
