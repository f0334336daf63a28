import type { Test } from 'tap'
import type { Range } from '../../src/commands/events/page.js'
import { json, startEndpoint, type Arrival } from './endpoint.js'
import { History } from './history.js'

/** An endpoint that serves an event history, with a latency that a test sets. */
export interface HistoryEndpoint {
  url: string
  arrivals: Arrival[]
  /** The time at which each request arrived, by `performance.now()`. */
  times: number[]
}

/** Starts an endpoint, which is closed with the test. */
export async function startHistoryEndpoint(
  t: Test,
  history: History,
  options: {
    latencyMs?: number
    /** Responds instead of the history where it returns true. */
    instead?: (
      arrival: Arrival,
      count: number,
      fail: (code: string, status?: number) => void,
    ) => boolean
  } = {},
): Promise<HistoryEndpoint> {
  const times: number[] = []
  const { url, arrivals } = await startEndpoint(t, (arrival, response, count) => {
    times.push(performance.now())
    const fail = (code: string, status = 400) =>
      json(response, { __type: code, message: `This is ${code}.` }, status)
    if (options.instead?.(arrival, count, fail) === true) return
    const range: Range = {
      from: Number(arrival.input.StartTime),
      to: Number(arrival.input.EndTime),
    }
    const attribute = arrival.input.LookupAttributes?.[0]
    const matching = attribute
      ? history.only((event) => (event as any)[attribute.AttributeKey] === attribute.AttributeValue)
      : history
    const respond = () => {
      try {
        const { events, nextToken } = matching.page(
          range,
          arrival.input.NextToken as string | undefined,
        )
        json(response, { Events: events, ...(nextToken !== undefined && { NextToken: nextToken }) })
      } catch {
        fail('InvalidNextTokenException')
      }
    }
    setTimeout(respond, options.latencyMs ?? 0)
  })
  return { url, arrivals, times }
}
