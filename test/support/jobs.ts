import type { TestService } from './service.js'

/** Asks for a job until it is finished; its document. */
export async function followJob(service: TestService, path: string): Promise<Record<string, any>> {
  for (;;) {
    const response = await service.fetch(path)
    const body = (await response.json()) as Record<string, any>
    if (response.status !== 202) return body
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}
