import { fork } from 'node:child_process'
import { once } from 'node:events'
import { extname } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Test } from 'tap'
import type { ApiClass } from '../../src/aws/api-class.js'
import type { StrictOptions, StrictReport } from './strict-endpoint.js'

/** AWS's quotas, in requests per second. */
export const AWS_TPS: Record<ApiClass, number> = { read: 10, lookup: 2, write: 1 }

/** A running strict endpoint. */
export interface StrictEndpoint {
  url: string
  /** Reports the requests received so far. */
  report(): Promise<StrictReport>
}

/** Starts a strict endpoint, which is closed with the test. */
export async function startStrictEndpoint(
  t: Test,
  options: Partial<StrictOptions> = {},
): Promise<StrictEndpoint> {
  const child = fork(
    fileURLToPath(new URL(`strict-endpoint${extname(import.meta.url)}`, import.meta.url)),
  )
  t.teardown(() => child.disconnect())
  child.send({ tps: AWS_TPS, ...options })
  const [{ port }] = (await once(child, 'message')) as [{ port: number }]
  return {
    url: `http://127.0.0.1:${port}`,
    async report() {
      child.send('report')
      const [report] = (await once(child, 'message')) as [StrictReport]
      return report
    },
  }
}

/** The shortest time that holds `count + 1` of these moments; Infinity when there are fewer. */
export function shortestSpan(moments: number[], count: number): number {
  const sorted = [...moments].sort((a, b) => a - b)
  let shortest = Infinity
  for (let index = count; index < sorted.length; index++) {
    shortest = Math.min(shortest, sorted[index]! - sorted[index - count]!)
  }
  return shortest
}
