import type { TestService } from './service.js'
import { waitFor } from './wait-for.js'

/** Polls a job until it is finished, and returns its result. */
export async function followJob(service: TestService, path: string): Promise<Record<string, any>> {
  return waitFor(`the job ${path} is finished`, async () => {
    const response = await service.fetch(path)
    const body = (await response.json()) as Record<string, any>
    return response.status !== 202 && body
  })
}
