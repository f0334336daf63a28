import { startEndpoint, startService } from './service.js'
import { printTable } from './table.js'

/** 500 identical reads at once, at an endpoint that responds in 500 ms. */
export async function benchSharedReads(): Promise<void> {
  const endpoint = await startEndpoint({ latencyMs: 500 })
  const { url, child } = await startService(endpoint.url)
  const started = performance.now()
  const statuses = await Promise.all(
    Array.from({ length: 500 }, async () => {
      const response = await fetch(`${url}/commands/get-trail-status`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: '{"trailNames":["audit"]}',
      })
      await response.arrayBuffer()
      return response.status
    }),
  )
  const seconds = (performance.now() - started) / 1000
  const { arrivals } = await endpoint.report()
  printTable('500 identical Get Trail Status at once, at an endpoint that responds in 500 ms', [
    ['seconds', 'upstream calls', '200'],
    [seconds.toFixed(2), arrivals.length, statuses.filter((status) => status === 200).length],
  ])
  child.kill()
  endpoint.close()
}
