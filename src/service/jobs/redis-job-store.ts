import { createHash } from 'node:crypto'
import type { FastifyBaseLogger } from 'fastify'
import type { CommandResponse } from '../../envelope/envelope.js'
import type { RedisConnection } from '../../redis/redis-connection.js'
import type { JobBounds, JobStore } from './job-store.js'
import type { Job, JobProgress } from './job.js'

/** How long a job counts as running of which nothing is heard, in milliseconds. */
export const JOB_LEASE_MS = 30_000

/** How often Redis is told that a job runs, and asked whether it was cancelled, in milliseconds. */
const TICK_MS = 500

/** A job of this process, until Redis has its answer. */
interface Own {
  job: Job
  cancel: (() => void) | undefined
}

/** A job as Redis keeps it; its answer has a key of its own. */
type JobRecord = Omit<Job, 'answer' | 'lost'> & {
  /** Size of its answer as JSON; 0 while it runs. */
  bytes: number
}

/**
 * Jobs in Redis, where every replica finds them. For each owner there is a hash of records by id; beside it, for each job,
 * a key that runs out when its replica is gone, one that asks that replica to cancel it, and its answer.
 *
 * Replicas that start jobs for one owner in the same instant may pass its bound by one job each.
 */
export class RedisJobStore implements JobStore {
  readonly #own = new Map<string, Own>()
  readonly #timer: NodeJS.Timeout
  readonly #onUp = () => void this.#tell(true)

  constructor(
    private readonly redis: RedisConnection,
    private readonly bounds: JobBounds,
    private readonly logger: Pick<FastifyBaseLogger, 'warn'>,
    private readonly leaseMs = JOB_LEASE_MS,
  ) {
    this.#timer = setInterval(() => void this.#tell(false), TICK_MS)
    this.#timer.unref()
    redis.on('up', this.#onUp)
  }

  async add(job: Job): Promise<boolean> {
    if ((await this.#makeRoom(job.owner, this.bounds.perOwner - 1)) >= this.bounds.perOwner) {
      return false
    }
    // first, so that nobody takes it for lost
    await this.#renew(job)
    await this.#write(job)
    this.#own.set(job.id, { job, cancel: undefined })
    return true
  }

  async find(owner: string, id: string): Promise<Job | undefined> {
    const own = this.#own.get(id)
    if (own) return own.job.owner === owner ? own.job : undefined
    if (!(await this.#read(owner, id))) return undefined
    const keys = keysOf(owner, id)
    const { client } = this.redis
    const [leased, cancelled] = await Promise.all([
      client.exists(keys.running),
      client.exists(keys.cancel),
    ])
    // read again: it may have been finished meanwhile
    const record = await this.#read(owner, id)
    if (!record) return undefined
    if (record.finishedAt !== undefined) {
      const answer = await client.get(keys.answer)
      return answer === null
        ? undefined
        : { ...record, answer: JSON.parse(answer) as CommandResponse }
    }
    const progress = { ...record.progress, cancelled: cancelled === 1 || record.progress.cancelled }
    return { ...record, progress, ...(leased === 0 && { lost: true }) }
  }

  async progress(job: Job, progress: JobProgress): Promise<void> {
    job.progress = progress
    await this.#write(job)
  }

  async finish(job: Job, answer: CommandResponse): Promise<void> {
    job.finishedAt = Date.now()
    job.answer = answer
    await this.#writeAnswer(job, answer)
    await this.#makeRoom(job.owner, this.bounds.perOwner, job.id)
  }

  async cancel(job: Job): Promise<void> {
    const own = this.#own.get(job.id)
    job.progress = { ...job.progress, cancelled: true }
    if (own) own.cancel?.()
    else {
      const { cancel } = keysOf(job.owner, job.id)
      await this.redis.client.set(cancel, '1', 'PX', this.bounds.keepMs)
    }
  }

  onCancel(job: Job, cancel: () => void): void {
    const own = this.#own.get(job.id)
    if (own) own.cancel = cancel
  }

  async close(): Promise<void> {
    clearInterval(this.#timer)
    this.redis.off('up', this.#onUp)
    await this.#tell(false)
  }

  /**
   * Tells Redis of every job of this process, and asks it which are to be cancelled.
   *
   * @param all also what it has been told before: it may have forgotten
   */
  async #tell(all: boolean): Promise<void> {
    if (!this.redis.isUp) return
    try {
      await Promise.all([...this.#own.values()].map((own) => this.#tellOf(own, all)))
    } catch (err) {
      this.logger.warn({ err }, 'Redis was not told of running jobs: tried again soon')
    }
  }

  async #tellOf({ job, cancel }: Own, all: boolean): Promise<void> {
    if (job.answer) {
      await this.#writeAnswer(job, job.answer)
      return
    }
    await this.#renew(job)
    if (all) await this.#write(job)
    const asked = await this.redis.client.exists(keysOf(job.owner, job.id).cancel)
    if (asked === 0 || job.progress.cancelled) return
    job.progress = { ...job.progress, cancelled: true }
    cancel?.()
  }

  async #writeAnswer(job: Job, answer: CommandResponse): Promise<void> {
    const keys = keysOf(job.owner, job.id)
    const text = JSON.stringify(answer)
    const { client } = this.redis
    await client.set(keys.answer, text, 'PX', this.bounds.keepMs)
    await this.#write(job, Buffer.byteLength(text))
    this.#own.delete(job.id)
    await client.del(keys.running, keys.cancel)
  }

  async #renew({ owner, id }: Job): Promise<void> {
    await this.redis.client.set(keysOf(owner, id).running, '1', 'PX', this.leaseMs)
  }

  async #write({ answer: _answer, ...job }: Job, bytes = 0): Promise<void> {
    const { jobs } = keysOf(job.owner, job.id)
    const record: JobRecord = { ...job, bytes }
    await this.redis.client.hset(jobs, job.id, JSON.stringify(record))
    // beyond the last of them: a job's own time is an hour at most
    await this.redis.client.pexpire(jobs, this.bounds.keepMs * 2)
  }

  async #read(owner: string, id: string): Promise<JobRecord | undefined> {
    const text = await this.redis.client.hget(keysOf(owner, id).jobs, id)
    return text === null ? undefined : (JSON.parse(text) as JobRecord)
  }

  /**
   * Forgets an owner's jobs that are over: those past their time, and the oldest until the rest is within the bounds.
   *
   * @returns how many are left
   */
  async #makeRoom(owner: string, most: number, newest?: string): Promise<number> {
    const { client } = this.redis
    const kept = await client.hgetall(keysOf(owner, '').jobs)
    const records = Object.values(kept)
      .map((text) => JSON.parse(text) as JobRecord)
      .sort((a, b) => a.createdAt - b.createdAt)
    const isOver = await Promise.all(
      records.map(
        async ({ id, finishedAt }) =>
          finishedAt !== undefined || (await client.exists(keysOf(owner, id).running)) === 0,
      ),
    )
    let left = records.length
    let bytes = records.reduce((sum, record) => sum + record.bytes, 0)
    const before = Date.now() - this.bounds.keepMs
    for (const [index, record] of records.entries()) {
      if (!isOver[index] || record.id === newest) continue
      const isOld = (record.finishedAt ?? record.createdAt) <= before
      if (!isOld && left <= most && bytes <= this.bounds.bytesPerOwner) continue
      await client.hdel(keysOf(owner, '').jobs, record.id)
      await client.del(keysOf(owner, record.id).answer)
      left -= 1
      bytes -= record.bytes
    }
    return left
  }
}

/** The names in Redis of an owner's jobs and of one of them: all in the same slot of a cluster. */
function keysOf(owner: string, id: string) {
  const name = createHash('sha256').update(owner).digest('hex').slice(0, 32)
  const job = `cloudtrail-job:{${name}}:${id}`
  return {
    jobs: `cloudtrail-jobs:{${name}}`,
    running: `${job}:running`,
    cancel: `${job}:cancel`,
    answer: `${job}:answer`,
  }
}
