import { fork } from 'node:child_process'
import { once } from 'node:events'
import { benchLookup } from './lookup.js'
import { benchOverhead } from './overhead.js'
import { benchQuota } from './quota.js'
import { benchReplicas } from './replicas.js'
import { benchSharedReads } from './shared-reads.js'
import { benchStart } from './start.js'
import { benchTail } from './tail.js'

/** `npm run bench [name]`: every benchmark, or the one that is named. */
const BENCHMARKS: Record<string, () => Promise<void>> = {
  quota: benchQuota,
  'shared-reads': benchSharedReads,
  overhead: benchOverhead,
  lookup: benchLookup,
  replicas: benchReplicas,
  start: benchStart,
  tail: benchTail,
}

const wanted = process.argv.slice(2)
const names = Object.keys(BENCHMARKS).filter((name) => wanted.length === 0 || wanted.includes(name))
for (const name of names) {
  if (names.length === 1) await BENCHMARKS[name]?.()
  // each in a process of its own: what one leaves behind is no other's burden
  else await once(fork(process.argv[1] ?? '', [name]), 'exit')
}
