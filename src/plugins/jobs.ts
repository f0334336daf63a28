import fp from 'fastify-plugin'
import type { Config } from '../config.js'
import { JobSchema } from '../service/jobs/job-document.js'
import { openJobRecords } from '../service/jobs/job-records.js'
import { Jobs } from '../service/jobs/jobs.js'
import { tpsOf } from './quota.js'

declare module 'fastify' {
  interface FastifyInstance {
    /** Commands that run while no client waits for them. */
    jobs: Jobs
  }
}

/** Owns the jobs: in Redis where it is configured, else in memory. */
export const jobsPlugin = fp<{ config: Config }>(
  async (app, { config }) => {
    const jobs = new Jobs(openJobRecords(app.redis, app.log), tpsOf(config), app.log)
    app.addSchema(JobSchema)
    app.decorate('jobs', jobs)
    app.addHook('preClose', (done) => {
      jobs.stopWaiting()
      done()
    })
    app.addHook('onClose', () => jobs.close())
  },
  { name: 'jobs', dependencies: ['redis', 'openapi'] },
)
