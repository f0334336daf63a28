import { benchLookup } from './lookup.js'
import { benchOverhead } from './overhead.js'
import { benchQuota } from './quota.js'
import { benchReplicas } from './replicas.js'
import { benchSharedReads } from './shared-reads.js'
import { benchStart } from './start.js'

/** `npm run bench [name]`: every benchmark, or the one that is named. */
const BENCHMARKS: Record<string, () => Promise<void>> = {
  quota: benchQuota,
  'shared-reads': benchSharedReads,
  overhead: benchOverhead,
  lookup: benchLookup,
  replicas: benchReplicas,
  start: benchStart,
}

const wanted = process.argv.slice(2)
for (const [name, bench] of Object.entries(BENCHMARKS)) {
  if (wanted.length === 0 || wanted.includes(name)) await bench()
}
