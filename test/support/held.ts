import type { ServerResponse } from 'node:http'
import type { Test } from 'tap'
import { json, startEndpoint, type Endpoint } from './endpoint.js'
import { startServiceAt, type TestService } from './service.js'
import { waitFor } from './wait-for.js'

/** A service in front of an endpoint that holds every request until the test responds. */
export interface HeldService {
  service: TestService
  endpoint: Endpoint
  /** Waits until the endpoint has received this number of requests in total. */
  arrived(count: number): Promise<void>
  /** Responds to every held request. */
  release(body?: object, status?: number): void
}

/** Starts both; they are closed with the test. */
export async function startHeldService(
  t: Test,
  env: Record<string, string> = {},
): Promise<HeldService> {
  const held: ServerResponse[] = []
  const endpoint = await startEndpoint(t, (_arrival, response) => {
    held.push(response)
  })
  return {
    service: await startServiceAt(t, endpoint.url, env),
    endpoint,
    async arrived(count) {
      await waitFor(`${count} requests arrive`, () => endpoint.arrivals.length >= count)
    },
    release(body = {}, status = 200) {
      for (const response of held.splice(0)) json(response, body, status)
    },
  }
}
