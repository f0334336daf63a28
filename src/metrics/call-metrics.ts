import { Counter, Gauge, Histogram, type Registry } from 'prom-client'
import { apiClassOf, type ApiClass } from '../aws/api-class.js'
import type { Operation } from '../aws/operations.js'
import { partitionOfRegion } from '../aws/partitions.js'
import type { CallObserver } from '../cloudtrail/call-parts.js'
import type { LimiterState, QuotaPool } from '../quota/quota-pool.js'

/**
 * Creates the metrics of attempts at AWS and of the quota. Labels hold classes, regions and outcomes: never keys, accounts
 * or inputs.
 *
 * @param tps the quota of each class, in requests per second
 */
export function createCallMetrics(
  registry: Registry,
  quota: QuotaPool,
  tps: Record<ApiClass, number>,
): CallObserver {
  const registers = [registry]
  const labels = (operation: Operation, region: string) => ({
    class: apiClassOf(operation),
    region: regionLabel(region),
  })
  const attempts = new Counter({
    name: 'cloudtrail_attempts_total',
    help: 'Requests to AWS, retries and pages included, by outcome.',
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
  const limit = new Gauge({
    name: 'cloudtrail_quota_limit',
    help: 'Requests per second that the quota of a class allows in each account and region, as configured.',
    labelNames: ['class'],
    registers,
  })
  for (const [apiClass, value] of Object.entries(tps)) limit.set({ class: apiClass }, value)
  const shared = new Counter({
    name: 'cloudtrail_shared_reads_total',
    help: "Reads that were not sent, because another caller's identical one brought the response.",
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

/** A region that AWS has is its own label: clients may invent any number of others. */
function regionLabel(region: string): string {
  return partitionOfRegion(region) === undefined ? 'other' : region
}
