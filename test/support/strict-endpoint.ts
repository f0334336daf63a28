/**
 * An endpoint in place of CloudTrail, in its own process. It enforces a token bucket of N requests, refilled at N per
 * second, for each API class, and records when each request arrived. It can simulate other tools of the account that use
 * a share of the quota.
 */
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { apiClassOf, type ApiClass } from '../../src/aws/api-class.js'
import { isOperation } from '../../src/aws/operations.js'

/** Its behaviour, set by startStrictEndpoint(). */
export interface StrictOptions {
  /** The quota of each API class, in requests per second. */
  tps: Record<ApiClass, number>
  /** The latency of each response, in milliseconds. */
  latencyMs?: number
  /** The share of each quota that other tools use, evenly. */
  foreignShare?: number
  /** Never responds. */
  silent?: boolean
}

/** The requests that it received. */
export interface StrictReport {
  arrivals: {
    operation: string
    apiClass: ApiClass
    at: number
    throttled: boolean
    /** The trail that it names, where it names one. */
    name: string | undefined
  }[]
  /**
   * The longest time for which its event loop stood still, in milliseconds: requests that arrived meanwhile were recorded
   * too late by as much.
   */
  stoodStillMs: number
}

/** How often it looks at its own clock, in milliseconds. */
const TURN_MS = 10

const ANSWERS: Record<string, unknown> = {
  DescribeTrails: { trailList: [] },
  ListTrails: { Trails: [] },
  LookupEvents: { Events: [] },
  GetTrail: { Trail: { Name: 'audit' } },
  GetTrailStatus: { IsLogging: true },
}

class Bucket {
  #tokens: number
  #at = performance.now()
  constructor(private readonly tps: number) {
    this.#tokens = tps
  }
  take(): boolean {
    const now = performance.now()
    this.#tokens = Math.min(this.tps, this.#tokens + ((now - this.#at) * this.tps) / 1000)
    this.#at = now
    if (this.#tokens < 1) return false
    this.#tokens -= 1
    return true
  }
}

function answer(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, {
    'content-type': 'application/x-amz-json-1.1',
    'x-amzn-requestid': '00000000-0000-4000-8000-000000000001',
  })
  response.end(body === undefined ? '' : JSON.stringify(body))
}

function serve({ tps, latencyMs = 0, foreignShare = 0, silent = false }: StrictOptions): void {
  const buckets = {
    read: new Bucket(tps.read),
    lookup: new Bucket(tps.lookup),
    write: new Bucket(tps.write),
  }
  const report: StrictReport = { arrivals: [], stoodStillMs: 0 }
  let turnAt = performance.now()
  setInterval(() => {
    const now = performance.now()
    report.stoodStillMs = Math.max(report.stoodStillMs, now - turnAt)
    turnAt = now
  }, TURN_MS).unref()
  for (const apiClass of ['read', 'lookup', 'write'] as const) {
    if (foreignShare === 0) break
    setInterval(() => buckets[apiClass].take(), 1000 / (tps[apiClass] * foreignShare)).unref()
  }
  const server = createServer((request, response) => {
    const at = performance.now()
    const target = String(request.headers['x-amz-target'])
    const operation = target.slice(target.lastIndexOf('.') + 1)
    if (!isOperation(operation))
      throw new TypeError(`${target} is not an operation of the commands`)
    const apiClass = apiClassOf(operation)
    const throttled = !buckets[apiClass].take()
    const arrival: StrictReport['arrivals'][number] = {
      operation,
      apiClass,
      at,
      throttled,
      name: undefined,
    }
    report.arrivals.push(arrival)
    let body = ''
    request.setEncoding('utf8').on('data', (text: string) => {
      body += text
    })
    request.on('end', () => {
      arrival.name = (JSON.parse(body || '{}') as { Name?: string }).Name
    })
    if (silent) return
    setTimeout(() => {
      if (throttled)
        answer(response, 400, { __type: 'ThrottlingException', message: 'Rate exceeded' })
      else answer(response, 200, ANSWERS[operation])
    }, latencyMs)
  })
  server.keepAliveTimeout = 60_000
  server.listen(0, '127.0.0.1', () =>
    process.send?.({ port: (server.address() as AddressInfo).port }),
  )
  process.on('message', () => process.send?.(report))
}

process.once('message', (options: StrictOptions) => serve(options))
process.once('disconnect', () => process.exit(0))
