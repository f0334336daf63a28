import { Counter, Gauge, type Registry } from 'prom-client'

/** The results of claims, which are all shown from the start: a rate needs the zero before the first. */
const RESULTS = ['granted', 'repeated', 'replayed', 'job', 'reused', 'in_use', 'unavailable']

/** What is counted of jobs. */
export interface CountedJobs {
  /** Jobs of this process that run now. */
  running: number
  /** Jobs of this process that ended since it started, by state. */
  ended: Record<string, number>
}

/**
 * Creates the metrics of jobs and idempotency keys.
 *
 * @returns counts the claims of keys
 */
export function createJobMetrics(
  registry: Registry,
  jobs: () => CountedJobs,
): (result: string) => void {
  const registers = [registry]
  new Gauge({
    name: 'cloudtrail_jobs_running',
    help: 'Jobs of this process that run.',
    registers,
    collect() {
      this.set(jobs().running)
    },
  })
  new Counter({
    name: 'cloudtrail_jobs_total',
    help: 'Jobs of this process that ended, by state: finished (whatever the result), cancelled, or failed by a defect.',
    labelNames: ['state'],
    registers,
    collect() {
      this.reset()
      for (const [state, count] of Object.entries(jobs().ended)) this.inc({ state }, count)
    },
  })
  const claims = new Counter({
    name: 'cloudtrail_idempotency_claims_total',
    help: 'Requests with an idempotency key, by result.',
    labelNames: ['result'],
    registers,
  })
  for (const result of RESULTS) claims.inc({ result }, 0)
  return (result) => {
    claims.inc({ result })
  }
}
