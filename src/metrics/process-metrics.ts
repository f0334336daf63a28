import { collectDefaultMetrics, Gauge, type Registry } from 'prom-client'
import { VERSION } from '../version.js'

/** Creates the metrics of the process: Node.js, memory, CPU, and which version runs. */
export function createProcessMetrics(registry: Registry): void {
  collectDefaultMetrics({ register: registry })
  new Gauge({
    name: 'cloudtrail_build_info',
    help: 'Always 1; the labels are the version of the service and of Node.js.',
    labelNames: ['version', 'node_version'],
    registers: [registry],
  }).set({ version: VERSION, node_version: process.version }, 1)
}
