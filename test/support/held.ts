import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import type { Test } from 'tap'
import { json, startEndpoint, type Endpoint } from './endpoint.js'
import { startServiceAt, type TestService } from './service.js'

/** A service in front of an endpoint that keeps every request until the test answers it. */
export interface HeldService {
  service: TestService
  endpoint: Endpoint
  /** Waits until so many requests have arrived in all. */
  arrived(count: number): Promise<void>
  /** Answers all that are held. */
  release(answer?: object, status?: number): void
}

/** Starts both, ended with the test. */
export async function startHeldService(
  t: Test,
  env: Record<string, string> = {},
): Promise<HeldService> {
  const held: ServerResponse[] = []
  const endpoint = await startEndpoint(t, (_arrival, response) => {
    held.push(response)
    endpoint.server.emit('held')
  })
  return {
    service: await startServiceAt(t, endpoint.url, env),
    endpoint,
    async arrived(count) {
      while (endpoint.arrivals.length < count) await once(endpoint.server, 'held')
    },
    release(answer = {}, status = 200) {
      for (const response of held.splice(0)) json(response, answer, status)
    },
  }
}
