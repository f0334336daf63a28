import type { FastifyInstance } from 'fastify'
import type { ShownPart } from './page.js'

/** The parts that commands depend on beside AWS: Redis, the audit log and the jobs of this process. */
export function partsOf({ components, audit, jobs }: FastifyInstance): ShownPart[] {
  const redis = components.redis?.()
  const log = audit.state()
  const { running } = jobs.counted
  return [
    redis
      ? { name: 'Redis', works: redis.up ?? redis.ready, detail: redis.detail }
      : { name: 'Redis', detail: 'not configured: this process holds the quota by itself' },
    {
      name: 'Audit log',
      works: log.ready,
      detail: `${log.detail}; ${log.waiting} entries wait, ${log.dropped} were dropped`,
    },
    { name: 'Jobs', detail: `${running} running in this process` },
  ]
}
