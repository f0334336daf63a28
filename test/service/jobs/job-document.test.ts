import t from 'tap'
import { retryAfter, jobDocument } from '../../../src/service/jobs/job-document.js'
import type { Job } from '../../../src/service/jobs/job.js'

/** A job that was asked for at 0, of one call that was expected to end after a second. */
const JOB = {
  id: 'a',
  command: 'lookup-events',
  createdAt: 0,
  meta: {},
  progress: { done: 0, total: 1, estimatedEnd: 1_000, cancelled: false },
} as unknown as Job

t.test('reports the estimated end of a running job, with a Retry-After at that time', async (t) => {
  t.match(jobDocument(JOB, 400).job, { estimatedEnd: '1970-01-01T00:00:01.000Z' })
  t.equal(retryAfter(JOB, 400), 1)
  const long = { ...JOB, progress: { ...JOB.progress, estimatedEnd: 20_000 } }
  t.equal(retryAfter(long, 400), 20)
})

t.test('reports no estimated end once it has passed, with a growing Retry-After', async (t) => {
  t.notOk('estimatedEnd' in jobDocument(JOB, 1_000).job)
  t.equal(retryAfter(JOB, 1_000), 1)
  t.equal(retryAfter(JOB, 20_000), 10)
  t.equal(retryAfter(JOB, 600_000), 30)
})

t.test('reports the inputs of a lost job that were done at its last update', async (t) => {
  const progress = { ...JOB.progress, done: 2, total: 8 }
  const { job, errors } = jobDocument({ ...JOB, progress, lost: true }, 400)
  t.match(job, { status: 'finished', inputs: { done: 2, total: 8 } })
  t.match(errors, [{ code: 'JobLost' }])
})
