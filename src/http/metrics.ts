import type { FastifyInstance } from 'fastify'
import { Counter, Gauge, Histogram, Registry } from 'prom-client'
import type { AttemptOutcome } from '../cloudtrail/attempts.js'
import { apiClassOf } from '../aws/api-class.js'
import type { Operation } from '../aws/operations.js'
import type { LimiterState, QuotaPool } from '../quota/quota-pool.js'
import { partitionOfRegion } from '../aws/partitions.js'

/** What the service counts. Labels hold classes, regions, outcomes and command names: never keys, accounts or inputs. */
export interface Metrics {
  registry: Registry
  /** An attempt at AWS ended. */
  onAttempt(operation: Operation, region: string, outcome: AttemptOutcome): void
  /** An attempt got its permit after this time, in milliseconds. */
  onWait(operation: Operation, region: string, waitedMs: number): void
  /** A read was not made, since another brought its answer. */
  onShared(operation: Operation, region: string): void
}

/** Makes the metrics of one process. */
export function createMetrics(quota: QuotaPool): Metrics {
  const registry = new Registry()
  const registers = [registry]
  const labels = (operation: Operation, region: string) => ({
    class: apiClassOf(operation),
    region: regionLabel(region),
  })
  const attempts = new Counter({
    name: 'cloudtrail_attempts_total',
    help: 'Requests made of AWS, retries and pages included, by how they ended.',
    labelNames: ['class', 'region', 'outcome'],
    registers,
  })
  const throttles = new Counter({
    name: 'cloudtrail_throttles_total',
    help: 'Requests that AWS throttled.',
    labelNames: ['class', 'region'],
    registers,
  })
  const waits = new Histogram({
    name: 'cloudtrail_quota_wait_seconds',
    help: 'Time that requests waited for the quota.',
    labelNames: ['class', 'region'],
    buckets: [0.01, 0.1, 0.5, 1, 2, 5, 10, 30, 60, 120],
    registers,
  })
  const shared = new Counter({
    name: 'cloudtrail_shared_reads_total',
    help: "Reads that were not made, since another caller's identical one brought the answer.",
    labelNames: ['class', 'region'],
    registers,
  })
  for (const state of ['waiting', 'running'] as const) {
    const gauge = new Gauge<'class' | 'region'>({
      name: `cloudtrail_quota_${state}`,
      help: `Permits that are ${state}, over all accounts.`,
      labelNames: ['class', 'region'],
      registers,
      collect() {
        gauge.reset()
        for (const limiter of quota.snapshot()) {
          const region = regionLabel(limiter.region)
          gauge.inc({ class: limiter.apiClass, region }, limiter[state])
        }
      },
    })
  }
  const share = new Gauge<'class' | 'region'>({
    name: 'cloudtrail_quota_share',
    help: 'The share of the quota in use: 1, and below it after AWS throttled; the lowest of all accounts.',
    labelNames: ['class', 'region'],
    registers,
    collect() {
      share.reset()
      const lowest = new Map<string, LimiterState>()
      for (const limiter of quota.snapshot()) {
        const key = `${limiter.apiClass} ${regionLabel(limiter.region)}`
        if (limiter.share < (lowest.get(key)?.share ?? Infinity)) lowest.set(key, limiter)
      }
      for (const limiter of lowest.values()) {
        const region = regionLabel(limiter.region)
        share.set({ class: limiter.apiClass, region }, limiter.share)
      }
    },
  })
  return {
    registry,
    onAttempt(operation, region, outcome) {
      const known = labels(operation, region)
      attempts.inc({ ...known, outcome })
      if (outcome === 'throttled') throttles.inc(known)
    },
    onWait: (operation, region, waitedMs) =>
      waits.observe(labels(operation, region), waitedMs / 1000),
    onShared: (operation, region) => shared.inc(labels(operation, region)),
  }
}

/** Regions that AWS has get a label of their own: a client may make up any number of others. */
function regionLabel(region: string): string {
  return partitionOfRegion(region) === undefined ? 'other' : region
}

/**
 * `GET /metrics`, in Prometheus' text format.
 *
 * @param protectedByKey whether it asks for a key of the scope `admin`
 */
export function registerMetrics(
  app: FastifyInstance,
  { registry }: Metrics,
  protectedByKey: boolean,
): void {
  app.get(
    '/metrics',
    {
      config: protectedByKey ? { scope: 'admin' } : {},
      schema: {
        operationId: 'metrics',
        summary: 'Metrics for Prometheus',
        tags: ['Service'],
        response: {
          200: {
            description: "Prometheus' text format.",
            content: { 'text/plain': { schema: { type: 'string' } } },
          },
        },
      },
    },
    async (_request, reply) =>
      reply
        .type(registry.contentType)
        .serializer((text: string) => text)
        .send(await registry.metrics()),
  )
}
