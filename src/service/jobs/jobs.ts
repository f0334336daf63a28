import { setMaxListeners } from 'node:events'
import type { FastifyBaseLogger } from 'fastify'
import type { Follower } from '../../cloudtrail/call-context.js'
import type { CommandResponse } from '../../envelope/envelope.js'
import type { ApiClass } from '../../aws/api-class.js'
import { estimateEnd } from './estimate-end.js'
import type { JobStore } from './job-store.js'
import type { Job } from './job.js'

/** What a job is started with. */
export interface JobStart extends Pick<Job, 'id' | 'owner' | 'command' | 'meta'> {
  /** The quota class of its command. */
  apiClass: ApiClass
  /** Runs the command, to its answer. */
  run: (follower: Follower) => Promise<CommandResponse>
}

/** Runs commands that nobody waits for, and keeps what they bring in a store. */
export class Jobs {
  readonly #running = new Set<Promise<void>>()

  constructor(
    readonly store: JobStore,
    /** Requests a second of each class, for the estimated end. */
    private readonly tps: Record<ApiClass, number>,
    private readonly logger: FastifyBaseLogger,
  ) {}

  /** Starts a job; nothing is started when its owner has as many running as it may have. */
  async start({ id, owner, command, meta, apiClass, run }: JobStart): Promise<Job | undefined> {
    const createdAt = Date.now()
    const tps = this.tps[apiClass]
    const job: Job = {
      id,
      owner,
      command,
      createdAt,
      meta,
      progress: {
        done: 0,
        total: 1,
        estimatedEnd: createdAt + Math.ceil(1000 / tps),
        cancelled: false,
      },
    }
    if (!(await this.store.add(job))) return undefined
    const controller = new AbortController()
    // every input listens, and a command has up to a hundred
    setMaxListeners(0, controller.signal)
    this.store.onCancel(job, () => controller.abort())
    const follower: Follower = {
      cancelled: controller.signal,
      onProgress: (done, total) => {
        const now = Date.now()
        const estimatedEnd = estimateEnd({ now, createdAt, done, total, tps })
        const { cancelled } = job.progress
        void this.#keep(job, this.store.progress(job, { done, total, estimatedEnd, cancelled }))
      },
    }
    const finished = run(follower).then((answer) => this.store.finish(job, answer))
    const running = this.#keep(job, finished).finally(() => this.#running.delete(running))
    this.#running.add(running)
    return job
  }

  /** Waits for every job that runs in this process. */
  async finished(): Promise<void> {
    await Promise.all(this.#running)
  }

  /** A store that fails loses a job's news, and nothing else: the command itself goes on. */
  async #keep(job: Job, work: Promise<void>): Promise<void> {
    try {
      await work
    } catch (err) {
      /* c8 ignore start -- the store in memory does not fail */
      this.logger.error({ err, job: job.id, command: job.command }, 'a job could not be kept')
      /* c8 ignore stop */
    }
  }
}
